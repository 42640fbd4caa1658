/** The part of a document that only one service has, from the places of its values in the line. */
import { createPart } from "./access";
import type { Readers } from "./values";

/**
 * `name:place` for each value, with a letter behind the place for what is no text: `n` a count, `s` seconds, `m`
 * milliseconds that become seconds, `t` a time. The result is an object as JSON, `{}` where no field has a value.
 */
export function createOwnPart({ text, count, seconds, isoTime }: Readers, places: string) {
  const part = createPart();
  const names: string[] = [];
  const at: number[] = [];
  const kinds: string[] = [];
  for (const place of places.split(" ")) {
    const [, name, index, kind] = /^(\w+):(\d+)(\w?)$/.exec(place)!;
    names.push(name!);
    at.push(+index!);
    kinds.push(kind!);
  }
  return (fields: readonly (string | undefined)[]): string => {
    const values: (string | number)[] = [];
    for (let i = 0; i < names.length; i++) {
      const field = fields[at[i]!];
      const kind = kinds[i]!;
      if (kind === "") values.push(text(field));
      else if (kind === "n") values.push(count(field));
      else if (kind === "s") values.push(seconds(field));
      else if (kind === "t") values.push(isoTime(field));
      else values.push(count(field) < 0 ? -1 : count(field) / 1000);
    }
    return part(names, values) || "{}";
  };
}

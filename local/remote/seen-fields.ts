/** The fields of a sample of documents, with their most frequent values. */
import { ExactNumber, parseJson } from "../exact-json";
import type { Hit, SeenField } from "../rooms";

const topValues = 5;

export function seenFields(hits: readonly Hit[]): SeenField[] {
  const seen = new Map<string, { type: string; values: Map<string, number> }>();
  for (const { source } of hits) {
    for (const [name, value] of leavesOf(parseJson(source))) {
      const text = value instanceof ExactNumber ? value.text : String(value);
      const field = seen.get(name) ?? {
        type: value instanceof ExactNumber ? "number" : typeof value,
        values: new Map(),
      };
      field.values.set(text, (field.values.get(text) ?? 0) + 1);
      seen.set(name, field);
    }
  }
  return [...seen].map(([name, { type, values }]) => {
    const top = [...values].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
    return { name, type, top: top.slice(0, topValues) };
  });
}

/** Every value below an object with its dotted name; lists give each of their values. */
function* leavesOf(value: unknown, name = ""): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (const one of value) yield* leavesOf(one, name);
  } else if (value instanceof ExactNumber) {
    yield [name, value];
  } else if (typeof value === "object" && value !== null) {
    for (const [key, one] of Object.entries(value))
      yield* leavesOf(one, name === "" ? key : `${name}.${key}`);
  } else if (value !== null) {
    yield [name, value];
  }
}

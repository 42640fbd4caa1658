/** Secrets in rows whose names stand before them: `INSERT INTO users (name, password) VALUES ('jane', '…')`. */
import type { FieldNames } from "./field-names";

export function createMaskInserted({ isSecret }: FieldNames) {
  const head =
    /\b(?:insert|replace)\s[^()]{0,200}\(([\w\s.,"`[\]]{1,2000})\)\s*(?:output\s[^()]{0,200})?values\s*(?=\()/gi;
  // Two literals in a row are one with a quote in it. Bounds, as nothing says that a row ends.
  const literal = String.raw`'(?:[^'\\]|\\.){0,4000}'|"[^"]{0,4000}"|\([^()]{0,4000}\)`;
  const row = new RegExp(String.raw`\s{0,3},?\s{0,3}\(((?:${literal}|[^'"()]){0,8000})\)`, "y");
  const value = new RegExp(String.raw`\s{0,3}((?:${literal}|[^'",()]){0,8000})(?:,|$)`, "g");
  const spelling = /[\s"`[\]]+/g;
  const placeholder = /^(?:\?|\$\d+|:\w+|@\w+|null|default|%s)$/i;
  const maskRow = (values: string, isHidden: readonly boolean[]): string => {
    let at = -1;
    return values.replace(value, (all: string, one: string) => {
      at++;
      const said = one.trim();
      if (isHidden[at] !== true || said === "" || placeholder.test(said)) return all;
      return all.replace(said, "'[redacted]'");
    });
  };
  return (text: string): string => {
    let masked = "";
    let from = 0;
    head.lastIndex = 0;
    for (let found = head.exec(text); found !== null; found = head.exec(text)) {
      const isHidden = found[1]!.split(",").map((name) => isSecret(name.replace(spelling, "")));
      if (!isHidden.includes(true)) continue;
      row.lastIndex = head.lastIndex;
      for (let one = row.exec(text); one !== null; one = row.exec(text)) {
        const start = row.lastIndex - one[1]!.length - 1;
        masked += text.slice(from, start) + maskRow(one[1]!, isHidden);
        from = row.lastIndex - 1;
      }
    }
    return masked + text.slice(from);
  };
}

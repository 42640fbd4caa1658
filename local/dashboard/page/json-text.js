/**
 * JSON as text. The page never turns a document into JavaScript values: that would change the digits of large
 * numbers, and what is shown must be what is stored.
 */

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/gy;
const blank = /[\s]*/y;

/** `{kind, text, isKey}` of each token; kinds: string, number, word, mark. */
export function* tokens(text) {
  let at = 0;
  while (true) {
    blank.lastIndex = at;
    blank.test(text);
    token.lastIndex = blank.lastIndex;
    const match = token.exec(text);
    if (match === null) return;
    at = token.lastIndex;
    yield { kind: kindOf(match[0]), text: match[0] };
  }
}

function kindOf(text) {
  if (text[0] === '"') return "string";
  if (/[-\d]/.test(text[0])) return "number";
  return /[a-z]/.test(text[0]) ? "word" : "mark";
}

/** Indented, as a list of `{kind, text}` with kinds key, string, number, word and mark. */
export function pretty(text) {
  const parts = [];
  const all = [...tokens(text)];
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  all.forEach((one, place) => {
    const next = all[place + 1]?.text;
    if (one.text === "{" || one.text === "[") {
      const closes = next === "}" || next === "]";
      depth += 1;
      parts.push({ kind: "mark", text: closes ? one.text : one.text + line() });
    } else if (one.text === "}" || one.text === "]") {
      depth -= 1;
      const opened = /^[{[]$/.test(all[place - 1]?.text ?? "");
      parts.push({ kind: "mark", text: opened ? one.text : line() + one.text });
    } else if (one.text === ",") parts.push({ kind: "mark", text: `,${line()}` });
    else if (one.text === ":") parts.push({ kind: "mark", text: ": " });
    else parts.push({ kind: next === ":" ? "key" : one.kind, text: one.text });
  });
  return parts;
}

/** `{name, text, kind}` of the first `limit` values, names joined by dots; strings without their quotes. */
export function leaves(text, limit = 40) {
  const found = [];
  const path = [];
  let key;
  const all = [...tokens(text)];
  for (let place = 0; place < all.length && found.length < limit; place += 1) {
    const { kind, text: word } = all[place];
    if (word === "{" || word === "[") path.push(key);
    else if (word === "}" || word === "]") key = path.pop();
    else if (kind === "mark") continue;
    else if (all[place + 1]?.text === ":")
      key = [path.at(-1), unquote(word)].filter((part) => part !== undefined).join(".");
    else found.push({ name: key ?? "", kind, text: kind === "string" ? unquote(word) : word });
  }
  return found;
}

function unquote(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

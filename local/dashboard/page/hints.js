/** Habits of other query languages that this one takes for something else, without an error: what was meant. */
import { closingProblem } from "./closing.js";

/** Fields that every document has. */
const always = ["_id", "_index", "_ignored", "_exists_", "@timestamp"];

/**
 * `{words, query}` where the query says something else than was likely meant; undefined where all is well.
 * @param fields names of the fields that were seen, of all documents
 */
export function hintFor(query, fields) {
  if (closingProblem(query)) return undefined;
  return lowerCase(query) ?? comparison(query) ?? unknownField(query, fields);
}

/** Calls `change` for what is outside quotes alone. */
const outside = (query, change) =>
  query
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((part, place) => (place % 2 === 1 ? part : change(part)))
    .join("");

function lowerCase(query) {
  const words = new Set();
  const meant = outside(query, (part) =>
    part.replace(/(^|[\s(])(and|or|not)(?=\s+\S|\s*$)/g, (_whole, before, word) => {
      words.add(word);
      return before + word.toUpperCase();
    }),
  );
  // At the start of a query "or" and "and" are words; so is each where nothing follows.
  if (words.size === 0 || /^\s*(AND|OR)\b|\b(AND|OR|NOT)\s*$/.test(meant)) return undefined;
  const list = [...words].map((word) => `“${word}”`).join(" and ");
  return { words: `${list} in lower case is a word that is looked for.`, query: meant };
}

function comparison(query) {
  const operator = /([\w.@-]+)\s*(==|!=|=|(?<=\s)(?:>=|<=|>|<)(?=\s*\S))\s*("(?:[^"\\]|\\.)*"|[^\s()"]+)/g;
  const meant = query.replace(operator, (whole, field, sign, value, at) => {
    if (inQuotes(query, at)) return whole;
    if (sign === "!=") return `NOT ${field}:${value}`;
    return sign.startsWith("=") ? `${field}:${value}` : `${field}:${sign}${value}`;
  });
  if (meant === query) return undefined;
  return { words: "A field and its value are joined by a colon.", query: meant };
}

const inQuotes = (query, at) => (query.slice(0, at).match(/(?<!\\)"/g) ?? []).length % 2 === 1;

function unknownField(query, fields) {
  if (fields.length === 0) return undefined;
  const known = new Set([...always, ...fields]);
  for (const match of query.matchAll(
    /(^|[\s(+!-])((?:[^\s:()"\\+!*?-]|\\.)(?:[^\s:()"\\*?]|\\.)*):(?!\s|$)/g,
  )) {
    const at = match.index + match[1].length;
    const name = match[2].replace(/\\(.)/g, "$1");
    const isObject = fields.some((field) => field.startsWith(`${name}.`));
    if (inQuotes(query, at) || known.has(name) || known.has(name.replace(/\.keyword$/, "")) || isObject)
      continue;
    const like = nearest(name, fields);
    const words = `No document that was looked at has a field “${name}”.`;
    if (like === undefined) return { words, query: undefined };
    return { words, query: query.slice(0, at) + like + query.slice(at + match[2].length) };
  }
  return undefined;
}

/**
 * The field of the same name but for its case or its place, else one that has it as a part of its name, else the one that
 * takes the fewest changes.
 */
function nearest(name, fields) {
  const lower = name.toLowerCase();
  const same = fields.find(
    (field) => field.toLowerCase() === lower || field.toLowerCase().endsWith(`.${lower}`),
  );
  if (same !== undefined) return same;
  const within = fields.find((field) => field.toLowerCase().split(/[._-]/).includes(lower));
  if (within !== undefined) return within;
  const [best] = fields
    .map((field) => [field, distance(lower, field.toLowerCase())])
    .sort((a, b) => a[1] - b[1]);
  return best !== undefined && best[1] <= Math.max(1, Math.floor(name.length / 3)) ? best[0] : undefined;
}

/** Letters to change, add or leave out (Levenshtein). */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_none, k) => k);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}

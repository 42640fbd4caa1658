/**
 * Filters beside the query: each is a clause of the query language that can be turned off and inverted. They are joined
 * to the query here, so that the server, an export and a shared address all ask the same.
 */
import { closingProblem } from "./closing.js";

/** Letters of a text that the index compares as a whole at most (`ignore_above` of the template); longer ones by words. */
const maxWholeLetters = 1_024;
/** Of a longer text this much is asked for, in whole words. */
const maxPhraseLetters = 200;

const states = ["is", "not", "off", "off-not"];

/** `{clause, not, off}` of an address's `not:status:500`; undefined where it is none. */
export function readFilter(text) {
  const [, state, clause] = /^([a-z-]+):(.*)$/s.exec(text) ?? [];
  if (!states.includes(state) || clause.trim() === "") return undefined;
  return { clause: clause.trim(), not: state.endsWith("not"), off: state.startsWith("off") };
}

/** The inverse of {@link readFilter}. */
export function writeFilter({ clause, not, off }) {
  return `${states[(off ? 2 : 0) + (not ? 1 : 0)]}:${clause}`;
}

/** The list with a clause more; where it is there already, it is turned on and made the asked one. */
export function withFilter(filters, clause, not = false) {
  const filter = { clause, not, off: false };
  const place = filters.findIndex((one) => one.clause === clause);
  return place < 0 ? [...filters, filter] : filters.with(place, filter);
}

/**
 * The clause "this field has exactly this value". A text is compared as a whole by its `.keyword` copy; where the index
 * makes none (`fields` names all there are) or the text is too long for one, its words in this order do.
 */
export function clauseOf({ name, type }, value, fields = undefined) {
  const text = String(value);
  const copy = `${name}.keyword`;
  const hasCopy = fields === undefined || fields.some((field) => field.name === copy);
  const isWhole = type === "text" && hasCopy && text.length <= maxWholeLetters;
  const asked = text.length <= maxWholeLetters ? text : text.slice(0, maxPhraseLetters).replace(/\s\S*$/, "");
  return `${escapeName(isWhole ? copy : name)}:"${asked.replace(/["\\]/g, "\\$&")}"`;
}

/** `message.keyword` is another view of `message`, as `took.text` is of the number `took`: neither is in a document. */
export const isCopy = (name, names) =>
  /\.(keyword|text)$/.test(name) && names.has(name.slice(0, name.lastIndexOf(".")));

/** The clause "this field is there". */
export const existsClause = (name) => `_exists_:${escapeName(name)}`;

const escapeName = (name) => name.replace(/[\s+\-=&|><!(){}[\]^"~*?:\\/]/g, "\\$&");

/** What a clause says, for people: `status is 500`; the clause itself where it is of another kind. */
export function wordsOf({ clause, not }) {
  const exists = /^_exists_:((?:[^\s:()"\\]|\\.)+)$/.exec(clause);
  if (exists) return `${plainName(exists[1])} ${not ? "is not there" : "is there"}`;
  const value = /^((?:[^\s:()"\\]|\\.)+):(?:"((?:[^"\\]|\\.)*)"|((?:[\w.@-]|\\.)+))$/.exec(clause);
  if (!value) return not ? `not ${clause}` : clause;
  return `${plainName(value[1])} ${not ? "is not" : "is"} ${(value[2] ?? value[3]).replace(/\\(.)/g, "$1") || "(empty)"}`;
}

const plainName = (name) => name.replace(/\\(.)/g, "$1").replace(/\.keyword$/, "");

/**
 * The query and all filters that are on as one text, `{text, parts}`; a part is `{start, end, from}` with `from` the
 * filter's place or -1 for the query. A bracket or quote that is left open would swallow what follows: that is a
 * `problem` `{message, position, from}` in the place of the text.
 */
export function joined(query, filters) {
  const asked = [
    { source: query, not: false, from: -1 },
    ...filters.map(({ clause, not, off }, from) => ({ source: off ? "" : clause, not, from })),
  ].filter(({ source }) => source.trim() !== "");
  const parts = [];
  let text = "";
  for (const { source, not, from } of asked) {
    const problem = asked.length > 1 ? closingProblem(source) : undefined;
    if (problem) return { text: source, parts: [], problem: { ...problem, from } };
    const isAlone = asked.length === 1 && !not;
    const isBare = isAlone || (not ? isClause(source) : isConjunction(source));
    text += `${text === "" ? "" : " AND "}${not ? "NOT " : ""}${isBare ? "" : "("}`;
    parts.push({ start: text.length, end: text.length + source.length, from });
    text += `${source}${isBare ? "" : ")"}`;
  }
  return { text, parts };
}

/** Where a position of the joined text is: `{from, position}` in the query (-1) or in a filter's clause. */
export function placeIn(parts, position) {
  const part = parts.findLast(({ start }) => start <= position) ?? parts[0];
  if (part === undefined) return { from: -1, position };
  return { from: part.from, position: Math.min(position - part.start, part.end - part.start) };
}

const word = '(?:[^\\s:()"\\\\/]|\\\\.)+';
const clause = `(?:${word}:)?(?:"(?:[^"\\\\]|\\\\.)*"|${word})`;
const isOperator = /(?:^|\s)(?:AND|OR|NOT|&&|\|\||!)(?=\s|$)/;

const isClause = (text) => new RegExp(`^(?![-+!])${clause}$`, "s").test(text) && !isOperator.test(text);

/** Conditions joined by AND alone need no bracket; anything else would change its meaning beside another AND. */
function isConjunction(query) {
  const parts = query.trim().split(/ AND (?:NOT )?/);
  return parts.length > 0 && parts.every((part) => isClause(part.replace(/^NOT /, "")));
}

/** What a query may go on with: names of fields, values of a field, and the last queries. */

import { isCopy } from "./filters.js";

const maxOffered = 12;
const kept = 20;

/** Whole texts for the input, as the list of a browser wants them. */
export function completionsOf(text, fields, recent) {
  if (text.trim() === "") return recent.slice(0, maxOffered);
  const [, before, word] = /^(.*?)([^\s()]*)$/s.exec(text);
  const colon = word.search(/(?<!\\):/);
  const found =
    colon < 0 ? namesFor(word, fields) : valuesFor(word.slice(0, colon), word.slice(colon + 1), fields);
  const last = recent.filter((query) => query !== text && query.toLowerCase().startsWith(text.toLowerCase()));
  return [...new Set([...found.map((one) => before + one), ...last])].slice(0, maxOffered);
}

function namesFor(word, fields) {
  const bare = word.replace(/^[+!-]/, "");
  const sign = word.slice(0, word.length - bare.length);
  if (bare === "") return [];
  const lower = bare.toLowerCase();
  const names = new Set(fields.map(({ name }) => name));
  return fields
    .filter(({ name }) => name.toLowerCase().startsWith(lower) && !isCopy(name, names))
    .map(({ name }) => `${sign}${escapeName(name)}:`);
}

function valuesFor(name, typed, fields) {
  const field = fields.find((one) => escapeName(one.name) === name.replace(/^[+!-]/, ""));
  const lower = typed.replace(/^"/, "").toLowerCase();
  return (field?.top ?? [])
    .filter(({ value }) => value.toLowerCase().startsWith(lower) && value !== "")
    .map(
      ({ value }) => `${name}:${/^[\w.@]+$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`,
    );
}

const escapeName = (name) => name.replace(/[\s+\-=&|><!(){}[\]^"~*?:\\/]/g, "\\$&");

/** The last queries, the newest first; a browser that keeps nothing has none. */
export function recentQueries() {
  try {
    const list = JSON.parse(localStorage.getItem("queries") ?? "[]");
    return Array.isArray(list) ? list.filter((query) => typeof query === "string") : [];
  } catch {
    return [];
  }
}

export function rememberQuery(query) {
  if (query.trim() === "") return;
  try {
    const others = recentQueries().filter((one) => one !== query);
    localStorage.setItem("queries", JSON.stringify([query, ...others].slice(0, kept)));
  } catch {
    // The query is answered all the same.
  }
}

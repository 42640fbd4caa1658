/** What the page itself must know of a query: words to highlight, and how to add a filter to it. */

const piece = /([()])|((?:[^\s:()"\\]|\\.)+:)?("(?:[^"\\]|\\.)*"|(?:[^\s()"\\]|\\.)+)/g;

/** Words that a match holds, `{field, word, prefix}`: no negated ones, no ranges, no patterns but prefixes. */
export function highlightTerms(query) {
  const terms = [];
  let negated = false;
  let field;
  const fields = [];
  for (const [, bracket, fieldPart, text] of query.matchAll(piece)) {
    if (bracket === "(") fields.push(field);
    else if (bracket === ")") field = fields.pop();
    else if (fieldPart === undefined && /^(AND|OR|&&|\|\||TO)$/.test(text)) continue;
    else if (fieldPart === undefined && /^(NOT|!)$/.test(text)) negated = true;
    else {
      if (!negated && !/^[-!]/.test(fieldPart ?? text)) terms.push(...termsOf(fieldPart?.slice(0, -1), text));
      negated = false;
    }
  }
  return terms;
}

function termsOf(field, text) {
  if (/^[[{<>/]/.test(text) || field === "_exists_") return [];
  const quoted = text.startsWith('"');
  const plain = quoted ? text.slice(1, -1) : text.replace(/^\+/, "").replace(/[~^][\d.]*$/, "");
  const prefix = !quoted && plain.endsWith("*");
  const word = (prefix ? plain.slice(0, -1) : plain).replace(/\\(.)/g, "$1");
  if (word === "" || (!quoted && /[*?]/.test(word))) return [];
  const name = field
    ?.replace(/^[+]/, "")
    .replace(/\\(.)/g, "$1")
    .replace(/\.keyword$/, "");
  return [{ field: name, word, prefix }];
}

/** Parts of a text, `{text, hit}`, split at the words of `terms` that range over `field`. */
export function highlight(text, terms, field) {
  const own = terms.filter((term) => term.field === undefined || field === undefined || term.field === field);
  if (own.length === 0) return [{ text, hit: false }];
  const words = own.map(
    ({ word, prefix }) => `${escapeRegExp(word)}${prefix ? "[\\p{L}\\p{N}_]*" : "(?![\\p{L}\\p{N}_])"}`,
  );
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})`, "giu");
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index), hit: false });
    parts.push({ text: match[0], hit: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), hit: false });
  return parts;
}

function escapeRegExp(text) {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

/**
 * The query with one more condition: this field has (or, negated, has not) exactly this value. A text is compared as a
 * whole by its `.keyword` copy; where the index makes none (`fields` names all there are), its words in this order do.
 */
export function addFilter(query, { name, type }, value, negated = false, fields = undefined) {
  const copy = `${name}.keyword`;
  const hasCopy = fields === undefined || fields.some((field) => field.name === copy);
  const exact = type === "text" && hasCopy ? copy : name;
  const field = exact.replace(/[\s+\-=&|><!(){}[\]^"~*?:\\/]/g, "\\$&");
  const filter = `${negated ? "NOT " : ""}${field}:"${String(value).replace(/["\\]/g, "\\$&")}"`;
  const asked = query.trim();
  if (asked === "") return filter;
  return `${isConjunction(asked) ? asked : `(${asked})`} AND ${filter}`;
}

/** Conditions joined by AND alone need no bracket; anything else would change its meaning beside another AND. */
function isConjunction(query) {
  const condition =
    '(?:NOT )?(?:[^\\s:()"\\\\]|\\\\.)+(?::(?:"(?:[^"\\\\]|\\\\.)*"|(?:[^\\s:()"\\\\]|\\\\.)+))?';
  return new RegExp(`^${condition}(?: AND ${condition})*$`).test(query);
}

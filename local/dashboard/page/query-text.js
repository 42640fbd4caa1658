/** What the page itself must know of a query: the words to highlight. */

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

/** Marks of one text: a book that is full of the word would stand still under tens of thousands of them. */
const maxMarks = 500;

/** Parts of a text, `{text, hit}`, split at the words of `terms` that range over `field`, the first of them. */
export function highlight(text, terms, field) {
  const own = terms.filter((term) => term.field === undefined || field === undefined || term.field === field);
  if (own.length === 0) return [{ text, hit: false }];
  const words = own.map(
    ({ word, prefix }) => `${escapeRegExp(word)}${prefix ? "[\\p{L}\\p{N}_]*" : "(?![\\p{L}\\p{N}_])"}`,
  );
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})`, "giu");
  const parts = [];
  let at = 0;
  let marks = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === "") continue;
    if (marks === maxMarks) break;
    marks += 1;
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

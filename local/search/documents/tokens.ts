/**
 * Tokens as Lucene's standard analyzer makes them: words by the rules of UAX #29, one token per Han or Hiragana
 * character, one per run of scripts that write without blanks, emoji sequences whole; then lower case, one code
 * point at a time. `Intl.Segmenter` is the same rule for most scripts, yet it cuts Thai, Han and Katakana by
 * dictionary, which Lucene does not; hence the classes of UAX #29 as one regular expression.
 */

/** Longer tokens are cut into pieces of this many UTF-16 units. */
const maxTokenUnits = 255;

const complex =
  "[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Khmer}\\p{Script=Tai_Le}\\p{Script=New_Tai_Lue}\\p{Script=Tai_Tham}\\p{Script=Tai_Viet}\\p{Script=Ahom}]";
/** Signs and digits of those scripts that have a class of their own. */
const complexLetter = `[${complex}&&[\\p{Alphabetic}\\p{M}\\u109E\\u109F\\u0E2F\\u0EAF\\u0E46\\u0EC6]]`;
const katakanaClass = "[\\p{Script=Katakana}\\u3031-\\u3035\\u309B\\u309C\\u30A0\\u30FC\\uFF70]";
const hiraganaClass = "[\\p{Script=Hiragana}]";
const hanClass = "[[\\p{Script=Han}&&\\p{Ideographic}]\\u3007]";
const joined = "[\\p{Grapheme_Extend}\\p{Mc}\\p{Emoji_Modifier}\\u200D\\u200C[\\p{Cf}--[\\u200B\\u070F]]]*";
const hebrew = `[\\p{Script=Hebrew}&&\\p{Lo}]${joined}`;
const letterClass = `[[\\p{Alphabetic}\\u02C2-\\u02C5\\u02D2-\\u02D7\\u02DE\\u02DF\\u02ED\\u02EF-\\u02FF\\u055B\\u055C\\u055E\\u05F3\\u070F\\uA720\\uA721\\uA789\\uA78A\\uAB5B]--[\\p{Ideographic}\\p{Grapheme_Extend}\\p{Mc}\\uA7C0\\uA7C1\\uA7C7-\\uA7F6${katakanaClass}${hiraganaClass}${hanClass}${complex}]]`;
const letter = `${letterClass}${joined}`;
const numeric = `[[\\p{Nd}\\u066B\\uFF10-\\uFF19]--[\\p{Ideographic}]]${joined}`;
const connect = `[\\p{Pc}\\u202F]${joined}`;
const midLetter = `[\\:\\u00B7\\u0387\\u055F\\u05F4\\u2027\\uFE13\\uFE55\\uFF1A.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']${joined}`;
const midNumber = `[,;\\u037E\\u0589\\u060C\\u060D\\u066C\\u07F8\\u2044\\uFE10\\uFE14\\uFE50\\uFE54\\uFF0C\\uFF1B.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']${joined}`;
const katakana = `${katakanaClass}${joined}`;

/** Extended_Pictographic as of Unicode 12.1, which Lucene's grammar was made from; later versions took signs out. */
const picture =
  "[\\xA9\\xAE\\u203C\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21A9\\u21AA\\u231A\\u231B\\u2328\\u2388\\u23CF\\u23E9-\\u23F3\\u23F8-\\u23FA" +
  "\\u24C2\\u25AA\\u25AB\\u25B6\\u25C0\\u25FB-\\u25FE\\u2600-\\u2605\\u2607-\\u2612\\u2614-\\u2685\\u2690-\\u2705\\u2708-\\u2712\\u2714" +
  "\\u2716\\u271D\\u2721\\u2728\\u2733\\u2734\\u2744\\u2747\\u274C\\u274E\\u2753-\\u2755\\u2757\\u2763-\\u2767\\u2795-\\u2797\\u27A1" +
  "\\u27B0\\u27BF\\u2934\\u2935\\u2B05-\\u2B07\\u2B1B\\u2B1C\\u2B50\\u2B55\\u3030\\u303D\\u3297\\u3299\\u{1F000}-\\u{1F0FF}" +
  "\\u{1F10D}-\\u{1F10F}\\u{1F12F}\\u{1F16C}-\\u{1F171}\\u{1F17E}\\u{1F17F}\\u{1F18E}\\u{1F191}-\\u{1F19A}\\u{1F1AD}-\\u{1F1E5}" +
  "\\u{1F201}-\\u{1F20F}\\u{1F21A}\\u{1F22F}\\u{1F232}-\\u{1F23A}\\u{1F23C}-\\u{1F23F}\\u{1F249}-\\u{1F3FA}\\u{1F400}-\\u{1F53D}" +
  "\\u{1F546}-\\u{1F64F}\\u{1F680}-\\u{1F6FF}\\u{1F774}-\\u{1F77F}\\u{1F7D5}-\\u{1F7FF}\\u{1F80C}-\\u{1F80F}\\u{1F848}-\\u{1F84F}" +
  "\\u{1F85A}-\\u{1F85F}\\u{1F888}-\\u{1F88F}\\u{1F8AE}-\\u{1F8FF}\\u{1F90C}-\\u{1F93A}\\u{1F93C}-\\u{1F945}\\u{1F947}-\\u{1FFFD}]";
const pictureSequence = `${picture}(?:\\uFE0F\\u20E3?|\\p{Emoji_Modifier}|[\\u{E0020}-\\u{E007F}]+)?`;
const emoji =
  `(?:\\p{Regional_Indicator}{2}${joined}|[#*]\\uFE0F?\\u20E3${joined}` +
  `|\\u200D?${pictureSequence}(?:\\u200D${pictureSequence})*(?:(?<!\\uFE0F)${joined})?)`;
/** A Hebrew letter holds a double quote to the next one, and a single quote to itself. */
const hebrewQuotes = `(?<=${hebrew})(?:"${joined}${hebrew}|'${joined})`;
const wordPart =
  `(?:${katakana}(?:(?:${connect})*${katakana})*` +
  `|(?:${numeric}(?:(?:(?:${connect})*|${midNumber})${numeric})*` +
  `|${letter}(?:(?:(?:${connect})*|${midLetter})${letter})*(?:${hebrewQuotes})?)+)`;
const wordPattern = `(?:${connect})*${wordPart}(?:(?:${connect})+${wordPart})*(?:${connect})*`;
const tokenPattern = new RegExp(
  `${wordPattern}|${emoji}|${complexLetter}(?:${complexLetter}|${joined.slice(0, -1)})*|${hanClass}${joined}|${hiraganaClass}${joined}`,
  "gv",
);

/** Class of each ASCII character: 0 separates, 1 letter, 2 digit, 3 underscore, 4 joins both (. '), 5 joins letters (:), 6 joins digits (, ;). */
const asciiClass = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z]/.test(char)) asciiClass[code] = 1;
  else if (/[0-9]/.test(char)) asciiClass[code] = 2;
  else if (char === "_") asciiClass[code] = 3;
  else if (char === "." || char === "'") asciiClass[code] = 4;
  else if (char === ":") asciiClass[code] = 5;
  else if (char === "," || char === ";") asciiClass[code] = 6;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins at NUL
const onlyAscii = /^[\u0000-\u007F]*$/;

/** Appends the tokens of an ASCII text to `out`; the text is in lower case. */
function asciiTokens(text: string, out: string[]): void {
  const length = text.length;
  let at = 0;
  while (at < length) {
    let kind = asciiClass[text.charCodeAt(at)] as number;
    if (kind === 0 || kind > 3) {
      at++;
      continue;
    }
    const start = at;
    let solid = kind !== 3;
    for (at++; at < length; at++) {
      const next = asciiClass[text.charCodeAt(at)] as number;
      if (next === 0) break;
      if (next <= 3) {
        if (next !== 3) solid = true;
        kind = next;
        continue;
      }
      const after = at + 1 < length ? (asciiClass[text.charCodeAt(at + 1)] as number) : 0;
      if (kind === 3 || after !== kind || next === (kind === 1 ? 6 : 5)) break;
    }
    if (solid) pushToken(text.slice(start, at), out);
  }
}

function pushToken(token: string, out: string[]): void {
  if (token.length <= maxTokenUnits) {
    out.push(token);
    return;
  }
  let at = 0;
  while (at < token.length) {
    let end = Math.min(at + maxTokenUnits, token.length);
    const unit = token.charCodeAt(end - 1);
    if (end < token.length && unit >= 0xd800 && unit <= 0xdbff) end--;
    out.push(token.slice(at, end));
    at = end;
  }
}

/** Lower case as Java's `Character.toLowerCase` does it: no final sigma, `İ` to a bare `i`. */
export function lowerCase(text: string): string {
  if (onlyAscii.test(text)) return text.toLowerCase();
  let lower = "";
  for (const char of text) lower += char === "\u0130" ? "i" : char.toLowerCase();
  return lower;
}

/** Appends the tokens of a text to `out`, in their order. */
export function tokenizeInto(text: string, out: string[]): void {
  if (onlyAscii.test(text)) {
    asciiTokens(text.toLowerCase(), out);
    return;
  }
  tokenPattern.lastIndex = 0;
  for (const match of text.matchAll(tokenPattern)) {
    const pieces: string[] = [];
    pushToken(match[0], pieces);
    for (const piece of pieces) out.push(lowerCase(piece));
  }
}

export function tokenize(text: string): string[] {
  const out: string[] = [];
  tokenizeInto(text, out);
  return out;
}

/**
 * Tokens as Lucene's standard analyzer makes them: words by the rules of UAX #29, one token per Han or Hiragana
 * character, one per run of scripts that write without blanks, emoji sequences whole; then lower case, one code
 * point at a time. `Intl.Segmenter` is the same rule for most scripts, yet it cuts Thai, Han and Katakana by
 * dictionary, which Lucene does not; hence the classes of UAX #29 as one regular expression.
 */

/** Longer tokens are cut into pieces of this many UTF-16 units. */
const MAX_TOKEN_UNITS = 255;

const COMPLEX =
  "[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Khmer}\\p{Script=Tai_Le}\\p{Script=New_Tai_Lue}\\p{Script=Tai_Tham}\\p{Script=Tai_Viet}\\p{Script=Ahom}]";
/** Signs and digits of those scripts that have a class of their own. */
const COMPLEX_LETTER = `[${COMPLEX}&&[\\p{Alphabetic}\\p{M}\\u0E2F\\u0EAF\\u0E46\\u0EC6]]`;
const KATAKANA_CLASS = "[\\p{Script=Katakana}\\u3031-\\u3035\\u309B\\u309C\\u30A0\\u30FC\\uFF70]";
const HIRAGANA_CLASS = "[\\p{Script=Hiragana}]";
const HAN_CLASS = "[\\p{Script=Han}\\u3007]";
const JOINED =
  "[\\p{Grapheme_Extend}\\p{Mc}\\p{Emoji_Modifier}\\u200D\\u200C[\\p{Cf}--[\\u200B\\u0600-\\u0605\\u06DD\\u070F\\u08E2]]]*";
const HEBREW = `[\\p{Script=Hebrew}&&\\p{Lo}]${JOINED}`;
const LETTER_CLASS = `[[\\p{Alphabetic}\\u02C2-\\u02C5\\u02D2-\\u02D7\\u02DE\\u02DF\\u02ED\\u02EF-\\u02FF\\u05F3\\u070F\\uA720\\uA721\\uA789\\uA78A\\uAB5B]--[\\p{Ideographic}\\p{Grapheme_Extend}\\p{Mc}${KATAKANA_CLASS}${HIRAGANA_CLASS}${HAN_CLASS}${COMPLEX}]]`;
const LETTER = `${LETTER_CLASS}${JOINED}`;
const NUMERIC = `[[\\p{Nd}\\u066B\\uFF10-\\uFF19\\u0600-\\u0605\\u06DD]--[\\p{Ideographic}]]${JOINED}`;
const CONNECT = `[\\p{Pc}\\u202F]${JOINED}`;
const MID_LETTER = `[\\:\\u00B7\\u0387\\u055F\\u05F4\\u2027\\uFE13\\uFE55\\uFF1A.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']${JOINED}`;
const MID_NUMBER = `[,;\\u037E\\u0589\\u060C\\u060D\\u066C\\u07F8\\u2044\\uFE10\\uFE14\\uFE50\\uFE54\\uFF0C\\uFF1B.\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E']${JOINED}`;
const KATAKANA = `${KATAKANA_CLASS}${JOINED}`;

const EMOJI =
  "(?:\\p{Regional_Indicator}{2}|[0-9#*]\\uFE0F?\\u20E3|(?:\\p{Extended_Pictographic}|\\p{Emoji_Presentation})(?:\\uFE0F\\u20E3?|\\p{Emoji_Modifier}|[\\u{E0020}-\\u{E007F}]+)?(?:\\u200D\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier})?)*)" +
  JOINED;
/** A Hebrew letter holds a double quote to the next one, and a single quote to itself. */
const HEBREW_QUOTES = `(?<=${HEBREW})(?:"${JOINED}${HEBREW}|'${JOINED})`;
const WORD_PART =
  `(?:${KATAKANA}(?:(?:${CONNECT})*${KATAKANA})*` +
  `|(?:${NUMERIC}(?:(?:(?:${CONNECT})*|${MID_NUMBER})${NUMERIC})*` +
  `|${LETTER}(?:(?:(?:${CONNECT})*|${MID_LETTER})${LETTER}|${HEBREW_QUOTES})*)+)`;
const WORD = `(?:${CONNECT})*${WORD_PART}(?:(?:${CONNECT})+${WORD_PART})*(?:${CONNECT})*`;
const TOKEN = new RegExp(
  `${EMOJI}|${WORD}|${COMPLEX_LETTER}(?:${COMPLEX_LETTER}|${JOINED.slice(0, -1)})*|${HAN_CLASS}${JOINED}|${HIRAGANA_CLASS}${JOINED}`,
  "gv",
);

/** Class of each ASCII character: 0 separates, 1 letter, 2 digit, 3 underscore, 4 joins both (. '), 5 joins letters (:), 6 joins digits (, ;). */
const ASCII_CLASS = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code);
  if (/[A-Za-z]/.test(char)) ASCII_CLASS[code] = 1;
  else if (/[0-9]/.test(char)) ASCII_CLASS[code] = 2;
  else if (char === "_") ASCII_CLASS[code] = 3;
  else if (char === "." || char === "'") ASCII_CLASS[code] = 4;
  else if (char === ":") ASCII_CLASS[code] = 5;
  else if (char === "," || char === ";") ASCII_CLASS[code] = 6;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins at NUL
const ONLY_ASCII = /^[\u0000-\u007F]*$/;

/** Appends the tokens of an ASCII text to `out`; the text is in lower case. */
function asciiTokens(text: string, out: string[]): void {
  const length = text.length;
  let at = 0;
  while (at < length) {
    let kind = ASCII_CLASS[text.charCodeAt(at)] as number;
    if (kind === 0 || kind > 3) {
      at++;
      continue;
    }
    const start = at;
    let solid = kind !== 3;
    for (at++; at < length; at++) {
      const next = ASCII_CLASS[text.charCodeAt(at)] as number;
      if (next === 0) break;
      if (next <= 3) {
        if (next !== 3) solid = true;
        kind = next;
        continue;
      }
      const after = at + 1 < length ? (ASCII_CLASS[text.charCodeAt(at + 1)] as number) : 0;
      if (kind === 3 || after !== kind || next === (kind === 1 ? 6 : 5)) break;
    }
    if (solid) pushToken(text.slice(start, at), out);
  }
}

function pushToken(token: string, out: string[]): void {
  if (token.length <= MAX_TOKEN_UNITS) {
    out.push(token);
    return;
  }
  let at = 0;
  while (at < token.length) {
    let end = Math.min(at + MAX_TOKEN_UNITS, token.length);
    const unit = token.charCodeAt(end - 1);
    if (end < token.length && unit >= 0xd800 && unit <= 0xdbff) end--;
    out.push(token.slice(at, end));
    at = end;
  }
}

/** Lower case as Java's `Character.toLowerCase` does it: no final sigma, `İ` to a bare `i`. */
export function lowerCase(text: string): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase();
  let lower = "";
  for (const char of text) lower += char === "\u0130" ? "i" : char.toLowerCase();
  return lower;
}

/** Appends the tokens of a text to `out`, in their order. */
export function tokenizeInto(text: string, out: string[]): void {
  if (ONLY_ASCII.test(text)) {
    asciiTokens(text.toLowerCase(), out);
    return;
  }
  TOKEN.lastIndex = 0;
  for (const match of text.matchAll(TOKEN)) {
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

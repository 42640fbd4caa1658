/**
 * What a character is to the rules of UAX #29, as Lucene's grammar for the standard analyzer has them: Unicode 12.1,
 * with Han, Hiragana, Katakana and the scripts that write without blanks apart. A character may be several things.
 */

export const letter = 1;
export const numeric = 2;
export const katakana = 4;
export const hiragana = 8;
export const han = 16;
/** A letter or sign of Thai, Lao, Khmer, Burmese and their like. */
export const complex = 32;
/** `_` and its like. */
export const connector = 64;
/** Signs that stay with the character before them: accents, joiners, format characters. */
export const joined = 128;
/** Joins two letters, such as `:` and `'`. */
export const midLetter = 256;
/** Joins two digits, such as `,` and `.`. */
export const midNumber = 512;
export const picture = 1024;
export const regionalIndicator = 2048;
export const hebrew = 4096;
export const skinTone = 8192;
const known = 32768;

const complexScripts =
  "[\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Myanmar}\\p{Script=Khmer}\\p{Script=Tai_Le}\\p{Script=New_Tai_Lue}\\p{Script=Tai_Tham}\\p{Script=Tai_Viet}\\p{Script=Ahom}]";
const katakanaClass = "[\\p{Script=Katakana}\\u3031-\\u3035\\u309B\\u309C\\u30A0\\u30FC\\uFF70]";
const hiraganaClass = "[\\p{Script=Hiragana}]";
const hanClass = "[[\\p{Script=Han}&&\\p{Ideographic}]\\u3007]";
const quoteOrStop = ".\\u2018\\u2019\\u2024\\uFE52\\uFF07\\uFF0E'";

/** Extended_Pictographic as of Unicode 12.1, which Lucene's grammar was made from; later versions took signs out. */
const pictures =
  "[\\xA9\\xAE\\u203C\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21A9\\u21AA\\u231A\\u231B\\u2328\\u2388\\u23CF\\u23E9-\\u23F3\\u23F8-\\u23FA" +
  "\\u24C2\\u25AA\\u25AB\\u25B6\\u25C0\\u25FB-\\u25FE\\u2600-\\u2605\\u2607-\\u2612\\u2614-\\u2685\\u2690-\\u2705\\u2708-\\u2712\\u2714" +
  "\\u2716\\u271D\\u2721\\u2728\\u2733\\u2734\\u2744\\u2747\\u274C\\u274E\\u2753-\\u2755\\u2757\\u2763-\\u2767\\u2795-\\u2797\\u27A1" +
  "\\u27B0\\u27BF\\u2934\\u2935\\u2B05-\\u2B07\\u2B1B\\u2B1C\\u2B50\\u2B55\\u3030\\u303D\\u3297\\u3299\\u{1F000}-\\u{1F0FF}" +
  "\\u{1F10D}-\\u{1F10F}\\u{1F12F}\\u{1F16C}-\\u{1F171}\\u{1F17E}\\u{1F17F}\\u{1F18E}\\u{1F191}-\\u{1F19A}\\u{1F1AD}-\\u{1F1E5}" +
  "\\u{1F201}-\\u{1F20F}\\u{1F21A}\\u{1F22F}\\u{1F232}-\\u{1F23A}\\u{1F23C}-\\u{1F23F}\\u{1F249}-\\u{1F3FA}\\u{1F400}-\\u{1F53D}" +
  "\\u{1F546}-\\u{1F64F}\\u{1F680}-\\u{1F6FF}\\u{1F774}-\\u{1F77F}\\u{1F7D5}-\\u{1F7FF}\\u{1F80C}-\\u{1F80F}\\u{1F848}-\\u{1F84F}" +
  "\\u{1F85A}-\\u{1F85F}\\u{1F888}-\\u{1F88F}\\u{1F8AE}-\\u{1F8FF}\\u{1F90C}-\\u{1F93A}\\u{1F93C}-\\u{1F945}\\u{1F947}-\\u{1FFFD}]";

const classes = (
  [
    [
      letter,
      `[[\\p{Alphabetic}\\u02C2-\\u02C5\\u02D2-\\u02D7\\u02DE\\u02DF\\u02ED\\u02EF-\\u02FF\\u055B\\u055C\\u055E\\u05F3\\u070F\\uA720\\uA721\\uA789\\uA78A\\uAB5B]--[\\p{Ideographic}\\p{Grapheme_Extend}\\p{Mc}\\uA7C0\\uA7C1\\uA7C7-\\uA7F6${katakanaClass}${hiraganaClass}${hanClass}${complexScripts}]]`,
    ],
    [numeric, "[[\\p{Nd}\\u066B\\uFF10-\\uFF19]--[\\p{Ideographic}]]"],
    [katakana, katakanaClass],
    [hiragana, hiraganaClass],
    [han, hanClass],
    [complex, `[${complexScripts}&&[\\p{Alphabetic}\\p{M}\\u109E\\u109F\\u0E2F\\u0EAF\\u0E46\\u0EC6]]`],
    [connector, "[\\p{Pc}\\u202F]"],
    [joined, "[\\p{Grapheme_Extend}\\p{Mc}\\p{Emoji_Modifier}\\u200D\\u200C[\\p{Cf}--[\\u200B\\u070F]]]"],
    [midLetter, `[\\:\\u00B7\\u0387\\u055F\\u05F4\\u2027\\uFE13\\uFE55\\uFF1A${quoteOrStop}]`],
    [
      midNumber,
      `[,;\\u037E\\u0589\\u060C\\u060D\\u066C\\u07F8\\u2044\\uFE10\\uFE14\\uFE50\\uFE54\\uFF0C\\uFF1B${quoteOrStop}]`,
    ],
    [picture, pictures],
    [regionalIndicator, "\\p{Regional_Indicator}"],
    [hebrew, "[\\p{Script=Hebrew}&&\\p{Lo}]"],
    [skinTone, "\\p{Emoji_Modifier}"],
  ] as const
).map(([flag, members]) => [flag, new RegExp(`^${members}$`, "v")] as const);

/** Looked up once per character; most of it is never touched. */
const table = new Uint16Array(0x110000);

/** The classes of a code point, as flags. */
export function wordBreakOf(code: number): number {
  const found = table[code] as number;
  if (found !== 0) return found;
  const char = String.fromCodePoint(code);
  let flags = known;
  for (const [flag, pattern] of classes) if (pattern.test(char)) flags |= flag;
  table[code] = flags;
  return flags;
}

/** Texts that came from elsewhere, such as a server's error, made safe for a terminal. */

/** Longest text of others that is worth printing, in UTF-16 units. */
const longest = 500;

/** Control and format characters, with which a text could rewrite the terminal: escapes, C1, directions of writing. */
const controls = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const escaped = (character: string): string =>
  `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;

/** One line, bounded, control characters written as `\u001b`. */
export function plainText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(/[\r\n\t]+/g, " ").replace(controls, escaped);
}

/** As it may be printed: of its control characters the line breaks and tabs alone stay. */
export function printable(text: string): string {
  return text.replace(controls, (character) => (/[\n\t]/.test(character) ? character : escaped(character)));
}

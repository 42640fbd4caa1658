/**
 * Tokens as Lucene's standard analyzer makes them: words by the rules of UAX #29, one token per Han or Hiragana
 * character, one per run of scripts that write without blanks, emoji sequences whole; then lower case, one code
 * point at a time. `Intl.Segmenter` is the same rule for most scripts, yet it cuts Thai, Han and Katakana by
 * dictionary, which Lucene does not.
 */
import { doubled } from "./doubled";
import { WordScanner } from "./word-scanner";

/** Longer tokens are cut into pieces of this many UTF-16 units. */
const maxTokenUnits = 255;

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

/** Where the tokens of a text are. One object for many texts. */
export class Words {
  count = 0;
  starts = new Int32Array(256);
  ends = new Int32Array(256);

  add(start: number, end: number): void {
    if (this.count === this.starts.length) {
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }
}

/** Finds the tokens of a text of which these are the bytes, all of them ASCII. */
export function asciiWords(bytes: Uint8Array, start: number, end: number, words: Words): void {
  words.count = 0;
  let at = start;
  while (at < end) {
    let kind = asciiClass[bytes[at] as number] as number;
    if (kind === 0 || kind > 3) {
      at++;
      continue;
    }
    const first = at;
    let solid = kind !== 3;
    for (at++; at < end; at++) {
      const next = asciiClass[bytes[at] as number] as number;
      if (next === 0) break;
      if (next <= 3) {
        if (next !== 3) solid = true;
        kind = next;
        continue;
      }
      const after = at + 1 < end ? (asciiClass[bytes[at + 1] as number] as number) : 0;
      if (kind === 3 || after !== kind || next === (kind === 1 ? 6 : 5)) break;
    }
    if (!solid) continue;
    let from = first;
    for (; at - from > maxTokenUnits; from += maxTokenUnits) words.add(from, from + maxTokenUnits);
    words.add(from, at);
  }
}

let scratch = Buffer.alloc(1024);
/** With room for one character more, what is written of another text is longer than the text. */
const roomBytes = 4;

/** The bytes of a text, until another one is asked for; undefined where it has more than ASCII. */
export function asciiBytes(text: string): Buffer | undefined {
  if (text.length + roomBytes > scratch.length) scratch = Buffer.alloc(2 * text.length);
  return scratch.write(text) === text.length ? scratch : undefined;
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

const found = new Words();

/** In their order. */
export function tokenize(text: string): string[] {
  const out: string[] = [];
  const bytes = asciiBytes(text);
  if (bytes !== undefined) {
    asciiWords(bytes, 0, text.length, found);
    const lower = text.toLowerCase();
    for (let word = 0; word < found.count; word++)
      out.push(lower.slice(found.starts[word], found.ends[word]));
    return out;
  }
  new WordScanner(text).scan((start, end) => {
    const pieces: string[] = [];
    pushToken(text.slice(start, end), pieces);
    for (const piece of pieces) out.push(lowerCase(piece));
  });
  return out;
}

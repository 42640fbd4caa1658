/** The tokens of one document, as the bytes that the index keeps of them. One object for all documents of an index. */
import { doubled } from "./doubled";
import { asciiBytes, asciiWords, tokenize, Words } from "./tokens";

const asciiEnd = 128;
/** Bytes that a UTF-16 unit takes at the most. */
const bytesPerUnit = 3;

export class DocumentTokens {
  /** One after the other. */
  bytes = Buffer.alloc(4096);
  count = 0;
  /** Where each ends. */
  ends = new Int32Array(256);
  /** Of each run of words that follow each other in one value and may have pairs: its first token, and the one behind its last. */
  runs = new Int32Array(64);
  runsEnd = 0;
  private at = 0;
  private readonly words = new Words();

  clear(): void {
    this.count = 0;
    this.runsEnd = 0;
    this.at = 0;
  }

  /** The tokens from `first` up to `end` are the words of one value. */
  noteRun(first: number, end: number): void {
    if (end - first < 2) return;
    if (this.runsEnd === this.runs.length) this.runs = doubled(this.runs);
    this.runs[this.runsEnd++] = first;
    this.runs[this.runsEnd++] = end;
  }

  /** A prefix is ASCII. */
  add(prefix: string, text: string): void {
    this.make(prefix.length + text.length * bytesPerUnit);
    this.begin(prefix);
    this.at += this.isCopied(text, 0, text.length) ? text.length : this.bytes.write(text, this.at, "utf8");
    this.end();
  }

  /** The same of bytes, which are ASCII. */
  addBytes(prefix: string, from: Uint8Array, start: number, end: number): void {
    this.make(prefix.length + end - start);
    this.begin(prefix);
    const { bytes } = this;
    let to = this.at;
    for (let at = start; at < end; at++) bytes[to++] = from[at] as number;
    this.at = to;
    this.end();
  }

  /** Each word of a text. */
  addWords(prefix: string, text: string): void {
    const bytes = asciiBytes(text);
    if (bytes !== undefined) this.addAsciiWords(prefix, bytes, 0, text.length);
    else for (const word of tokenize(text)) this.add(prefix, word);
  }

  /** Each word of a text of ASCII. */
  addAsciiWords(prefix: string, text: Uint8Array, start: number, end: number): void {
    const { words } = this;
    asciiWords(text, start, end, words);
    this.make(words.count * prefix.length + end - start);
    for (let word = 0; word < words.count; word++) {
      this.begin(prefix);
      this.copyInLowerCase(text, words.starts[word] as number, words.ends[word] as number);
      this.end();
    }
  }

  private make(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const longer = Buffer.alloc(2 * (this.at + bytes));
    this.bytes.copy(longer, 0, 0, this.at);
    this.bytes = longer;
  }

  private begin(prefix: string): void {
    const { bytes } = this;
    for (let at = 0; at < prefix.length; at++) bytes[this.at++] = prefix.charCodeAt(at);
  }

  private end(): void {
    if (this.count === this.ends.length) this.ends = doubled(this.ends);
    this.ends[this.count++] = this.at;
  }

  /** False where a text has more than ASCII. */
  private isCopied(text: string, from: number, to: number): boolean {
    const { bytes } = this;
    let end = this.at;
    for (let at = from; at < to; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= asciiEnd) return false;
      bytes[end++] = unit;
    }
    return true;
  }

  private copyInLowerCase(text: Uint8Array, from: number, to: number): void {
    const { bytes } = this;
    let end = this.at;
    for (let at = from; at < to; at++) {
      const byte = text[at] as number;
      // A to Z.
      bytes[end++] = byte - 65 < 26 && byte >= 65 ? byte + 32 : byte;
    }
    this.at = end;
  }
}

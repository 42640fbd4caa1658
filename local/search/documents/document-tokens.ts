/** The tokens of one document, as the bytes that the index keeps of them. One object for all documents of an index. */
import { finished, hashSeed, withByte } from "./byte-hash";
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
  /** Of each, the hash of its bytes: made as they are copied. */
  hashes = new Int32Array(256);
  /** Of each run of words that follow each other in one value and may have pairs: its first token, and the one behind its last. */
  runs = new Int32Array(64);
  runsEnd = 0;
  private at = 0;
  private start = 0;
  private hash = 0;
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
    const end = this.copyAscii(text) ?? this.copyAny(text);
    this.end(end);
  }

  /** The same of bytes, which are ASCII. */
  addBytes(prefix: string, from: Uint8Array, start: number, end: number): void {
    this.make(prefix.length + end - start);
    this.begin(prefix);
    const { bytes } = this;
    let { at: to, hash } = this;
    for (let at = start; at < end; at++) {
      const byte = from[at] as number;
      bytes[to++] = byte;
      hash = withByte(hash, byte);
    }
    this.hash = hash;
    this.end(to);
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
      this.end(this.copyInLowerCase(text, words.starts[word] as number, words.ends[word] as number));
    }
  }

  /** Whether one of the tokens that begin with `prefix` passes by what stands behind it. */
  some(prefix: string, test: (bytes: Buffer, begin: number, end: number) => boolean): boolean {
    const { bytes, ends, count } = this;
    for (let token = 0, begin = 0; token < count; token++) {
      const end = ends[token] as number;
      if (this.begins(prefix, begin, end) && test(bytes, begin + prefix.length, end)) return true;
      begin = end;
    }
    return false;
  }

  private begins(prefix: string, begin: number, end: number): boolean {
    if (prefix.length > end - begin) return false;
    for (let at = 0; at < prefix.length; at++)
      if (this.bytes[begin + at] !== prefix.charCodeAt(at)) return false;
    return true;
  }

  private make(bytes: number): void {
    if (this.at + bytes <= this.bytes.length) return;
    const longer = Buffer.alloc(2 * (this.at + bytes));
    this.bytes.copy(longer, 0, 0, this.at);
    this.bytes = longer;
  }

  private begin(prefix: string): void {
    const { bytes } = this;
    let { at } = this;
    let hash = hashSeed;
    this.start = at;
    for (let place = 0; place < prefix.length; place++) {
      const byte = prefix.charCodeAt(place);
      bytes[at++] = byte;
      hash = withByte(hash, byte);
    }
    this.at = at;
    this.hash = hash;
  }

  private end(at: number): void {
    if (this.count === this.ends.length) {
      this.ends = doubled(this.ends);
      this.hashes = doubled(this.hashes);
    }
    this.hashes[this.count] = finished(this.hash, at - this.start);
    this.ends[this.count++] = at;
    this.at = at;
  }

  /** Says where the text ends; undefined where it has more than ASCII. */
  private copyAscii(text: string): number | undefined {
    const { bytes } = this;
    let { at: to, hash } = this;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit >= asciiEnd) return undefined;
      bytes[to++] = unit;
      hash = withByte(hash, unit);
    }
    this.hash = hash;
    return to;
  }

  private copyAny(text: string): number {
    const end = this.at + this.bytes.write(text, this.at, "utf8");
    for (let at = this.at; at < end; at++) this.hash = withByte(this.hash, this.bytes[at] as number);
    return end;
  }

  private copyInLowerCase(text: Uint8Array, from: number, end: number): number {
    const { bytes } = this;
    let { at: to, hash } = this;
    for (let at = from; at < end; at++) {
      const byte = text[at] as number;
      // A to Z.
      const lower = byte - 65 < 26 && byte >= 65 ? byte + 32 : byte;
      bytes[to++] = lower;
      hash = withByte(hash, lower);
    }
    this.hash = hash;
    return to;
  }
}

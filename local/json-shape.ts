/**
 * Looks at JSON text while it arrives. Eight MiB of brackets become a hundred times that once they are parsed: how deep
 * and how many the values are is known before.
 */

export interface JsonBounds {
  /** Objects and lists within each other. */
  readonly maxDepth: number;
  /** Values in all, those of objects and lists counted one by one. */
  readonly maxValues: number;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
/** `[` and `{`, `]` and `}` differ by this bit alone. */
const curly = 0x20;
const opening = 0x5b | curly;
const closing = 0x5d | curly;

export class JsonShape {
  private depth = 0;
  private values = 1;
  private inText = false;
  /** Whether the last chunk ended behind a backslash. */
  private escaped = false;

  constructor(private readonly bounds: JsonBounds) {}

  /** Takes the next bytes. Returns what is beyond the bounds, for a sentence; undefined where nothing is. */
  add(chunk: Buffer): string | undefined {
    let at = 0;
    while (at < chunk.length) {
      if (this.inText) {
        at = this.skipText(chunk, at);
        continue;
      }
      const byte = chunk[at++]!;
      if (byte === quote) this.inText = true;
      else if (byte === comma) this.values++;
      else if ((byte | curly) === opening) {
        this.values++;
        if (++this.depth > this.bounds.maxDepth)
          return `deeper than ${this.bounds.maxDepth} objects and lists`;
      } else if ((byte | curly) === closing) this.depth--;
      if (this.values > this.bounds.maxValues) return `of more than ${this.bounds.maxValues} values`;
    }
    return undefined;
  }

  /** Place behind the text's end, or the end of the chunk. */
  private skipText(chunk: Buffer, from: number): number {
    if (this.escaped) {
      this.escaped = false;
      return from + 1;
    }
    const found = chunk.indexOf(quote, from);
    const end = found < 0 ? chunk.length : found;
    let slashes = 0;
    while (end - slashes > from && chunk[end - slashes - 1] === backslash) slashes++;
    const isEscaped = slashes % 2 === 1;
    if (found < 0) this.escaped = isEscaped;
    else this.inText = isEscaped;
    return end + 1;
  }
}

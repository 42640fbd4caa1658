/** The text that is looked for in bytes: large and small letters of ASCII are the same, and JSON may have escaped it. */

/** Looked through at a time, so that others have their turn between. */
const sliceBytes = 1024 * 1024;

export class Needle {
  private readonly pattern: RegExp;
  /** Of the longest form. */
  private readonly bytes: number;

  constructor(text: string) {
    const forms = [...new Set([text, JSON.stringify(text).slice(1, -1)])].map(latin1);
    this.bytes = Math.max(...forms.map(({ length }) => length));
    this.pattern = new RegExp(forms.map(escapeRegExp).join("|"), "gi");
  }

  isIn(bytes: Buffer): boolean {
    this.pattern.lastIndex = 0;
    return this.pattern.test(bytes.toString("latin1"));
  }

  /** Offsets of all places, the first one first; ends of slices are no gaps. Each turn yields what one slice has. */
  *places(bytes: Buffer): Generator<number[]> {
    for (let start = 0; start < bytes.length; start += sliceBytes) {
      const slice = bytes.toString("latin1", start, start + sliceBytes + this.bytes - 1);
      const found: number[] = [];
      for (const { index } of slice.matchAll(this.pattern)) {
        if (index < sliceBytes) found.push(start + index);
      }
      yield found;
    }
  }
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

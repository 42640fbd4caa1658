/** Reads a time that mostly is, byte for byte, the one before: documents that came together have their arrival. */
import { parseDate } from "./dates";

export class RepeatedTime {
  private last = Buffer.alloc(0);
  private lastMs: number | undefined;

  /** Milliseconds since 1970; undefined: no date. The bytes are ASCII. */
  of(bytes: Buffer, start: number, end: number): number | undefined {
    if (!this.isLast(bytes, start, end)) {
      this.last = Buffer.from(bytes.subarray(start, end));
      this.lastMs = parseDate(bytes.toString("latin1", start, end))?.firstMs;
    }
    return this.lastMs;
  }

  private isLast(bytes: Buffer, start: number, end: number): boolean {
    const { last } = this;
    if (last.length !== end - start) return false;
    // From the end, where two times differ first.
    for (let at = last.length - 1; at >= 0; at--) if (last[at] !== bytes[start + at]) return false;
    return true;
  }
}

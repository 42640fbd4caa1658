/**
 * Cuts lines where their places in the file matter, or where several make one record. lines.ts is faster and knows
 * neither. What a line is, is the same in both.
 */
import { maxRecordBytes } from "../../firehose/limits";
import type { RefusedLine } from "./lines";
import type { Continues } from "./stack-traces";

export interface FedRecord {
  /** Lent until the next is asked for. */
  readonly bytes: Buffer;
  /** Place behind the record's last line, from where the feed began. */
  readonly end: number;
}

export interface LineFeedOptions {
  /** Add a newline to each record. */
  readonly newline: boolean;
  /** Called for a line that is too long, with its number from 1. */
  readonly refuse: (line: number) => RefusedLine;
  /** Says which lines go on with the record before them. @default none */
  readonly continues?: Continues | undefined;
  /** Zeros at the begin of a line are the hole that a truncated file had: they are no part of it. @default false */
  readonly skipZeros?: boolean;
}

const LF = 0x0a;
const CR = 0x0d;
const newline = Buffer.from("\n");
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
/** Of a longer line this much tells whether it goes on with the one before. */
const judgedBytes = 1000;

export class LineFeed {
  /** Place of the next byte. */
  private place: number;
  private line = 1;
  /** Begin of a line whose end is to come. */
  private begun: Buffer[] = [];
  private begunBytes = 0;
  private refused: RefusedLine | undefined;
  /** Lines of the record that is open, and where it ends. */
  private open: Buffer[] = [];
  private openBytes = 0;
  private openEnd = 0;
  private readonly limitBytes: number;

  constructor(
    private readonly options: LineFeedOptions,
    place = 0,
  ) {
    this.place = place;
    this.limitBytes = maxRecordBytes - (options.newline ? 1 : 0);
  }

  *push(chunk: Buffer): Generator<FedRecord> {
    for (let start = 0; start < chunk.length; ) {
      if (this.options.skipZeros && this.begunBytes === 0) {
        while (chunk[start] === 0) this.skip(start++);
        if (start >= chunk.length) return;
      }
      const found = chunk.indexOf(LF, start);
      const end = found < 0 ? chunk.length : found;
      this.begin(chunk.subarray(start, end));
      this.place += end - start;
      if (found < 0) return;
      this.place++;
      yield* this.endLine();
      start = end + 1;
    }
  }

  /** The source is quiet: a record that might go on is given as it is; a line without its end is not. */
  *pause(): Generator<FedRecord> {
    const record = this.close();
    if (record) yield record;
  }

  /** The source has ended: so has its last line. */
  *end(): Generator<FedRecord> {
    if (this.begunBytes > 0 || this.refused) yield* this.endLine();
    yield* this.pause();
  }

  private skip(_at: number): void {
    this.place++;
  }

  private begin(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.begunBytes += bytes.length;
    // More than a line may have, whatever is taken off its ends.
    if (!this.refused && this.begunBytes > maxRecordBytes + 4) {
      this.refused = this.options.refuse(this.line);
      for (const part of this.begun) this.refused.write(part);
      this.begun = [];
    }
    if (this.refused) this.refused.write(bytes);
    else this.begun.push(Buffer.from(bytes));
  }

  private *endLine(): Generator<FedRecord> {
    const number = this.line++;
    const { refused, begunBytes } = this;
    let bytes = this.begun.length === 1 ? this.begun[0]! : Buffer.concat(this.begun);
    this.begun = [];
    this.begunBytes = 0;
    this.refused = undefined;
    if (refused) {
      refused.end(begunBytes + maxRecordBytes - this.limitBytes);
      yield* this.pause();
      this.openEnd = this.place;
      return;
    }
    if (number === 1 && bytes.subarray(0, 3).equals(byteOrderMark)) bytes = bytes.subarray(3);
    if (bytes.at(-1) === CR) bytes = bytes.subarray(0, -1);
    yield* this.add(bytes, number);
  }

  private *add(bytes: Buffer, number: number): Generator<FedRecord> {
    const { continues } = this.options;
    const goesOn = continues?.(bytes.toString("utf8", 0, judgedBytes)) && this.open.length > 0;
    if (goesOn && this.openBytes + 1 + bytes.length <= this.limitBytes) {
      this.open.push(newline, bytes);
      this.openBytes += 1 + bytes.length;
      this.openEnd = this.place;
      return;
    }
    const record = this.close();
    if (record) yield record;
    this.openEnd = this.place;
    if (bytes.length === 0) return;
    if (bytes.length > this.limitBytes) {
      const refused = this.options.refuse(number);
      refused.write(bytes);
      refused.end(bytes.length + maxRecordBytes - this.limitBytes);
      return;
    }
    this.open = [bytes];
    this.openBytes = bytes.length;
    if (!continues) yield* this.pause();
  }

  /** Ends the record that is open, without blank lines at its end. */
  private close(): FedRecord | undefined {
    while (this.open.length > 1 && this.open.at(-1)!.length === 0) this.open.splice(-2);
    if (this.open.length === 0) return undefined;
    const bytes = Buffer.concat(this.options.newline ? [...this.open, newline] : this.open);
    this.open = [];
    this.openBytes = 0;
    return { bytes, end: this.openEnd };
  }
}

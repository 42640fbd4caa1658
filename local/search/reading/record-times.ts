/**
 * The times of an index's records in memory, block by block: whoever asks when many records are would look at as many
 * rows, at a hundred times the cost. What is read once holds: a document never changes, and most come at the end.
 */
import type { DatabaseSync } from "node:sqlite";
import { malformed } from "../file/page-numbers";
import { blockOf, blockRecords } from "../file/record-set";
import type { IndexRow } from "../file/tables";

/** Of all indices of one connection: a block has 256 kB. */
const blocksKept = 192;
/** How far a time may be from the first one of its block, to need no more than 32 bits. */
const furthestMs = 2 ** 31 - 1;
/** Digits that are read at once: of as many as a time may have, not all are numbers of JavaScript. */
const digitsAtOnce = 9;
const zero = 48;

/** Times of the records of one block, by their place in it. */
export interface TimesBlock {
  readonly firstMs: number;
  /** Milliseconds from the first one on. */
  readonly offsets: Int32Array | Float64Array;
  /** What stands for a record without a document. */
  readonly absent: number;
}

/** Of one index, as a question's snapshot has it. */
export class IndexTimes {
  private readonly blocks = new Map<number, TimesBlock>();
  private documents = 0;
  private lastSeq = -1;
  private minMs = 0;
  private maxMs = 0;

  constructor(
    private readonly db: DatabaseSync,
    private readonly number: number,
    private readonly makeRoom: () => void,
  ) {}

  get size(): number {
    return this.blocks.size;
  }

  clear(): void {
    this.blocks.clear();
  }

  /** Forgets the blocks into which documents have come since. */
  renew({ documents, lastSeq, minMs, maxMs }: IndexRow): void {
    this.minMs = minMs;
    this.maxMs = maxMs;
    if (documents === this.documents) return;
    if (this.blocks.size > 0) this.forgetChanged(documents);
    this.documents = documents;
    this.lastSeq = lastSeq;
  }

  private forgetChanged(documents: number): void {
    const behind = this.db.prepare(`SELECT count(*) AS n FROM d${this.number} WHERE seq > ?`);
    const { n } = behind.get(this.lastSeq) as { n: number };
    // Where one has come before the last, as those do that had failed, nobody tells where it is.
    if (this.documents + n === documents) this.blocks.delete(blockOf(this.lastSeq));
    else this.blocks.clear();
  }

  block(number: number): TimesBlock {
    const known = this.blocks.get(number);
    if (known !== undefined) return known;
    this.makeRoom();
    const block = this.read(number);
    this.blocks.set(number, block);
    return block;
  }

  private read(number: number): TimesBlock {
    const begin = number * blockRecords;
    const ends = [begin, begin + blockRecords - 1] as const;
    const times = this.times(ends);
    const [low, high] = [this.end("min", ends), this.end("max", ends)];
    const seqs = times.length === high - low + 1 ? undefined : this.seqs(ends);
    if (seqs !== undefined && seqs.length !== times.length) malformed("a time is beyond those of its index");
    return timesBlock(times, (at) => (seqs?.[at] ?? low + at) - begin);
  }

  private end(which: "min" | "max", ends: readonly [number, number]): number {
    const statement = this.db.prepare(
      `SELECT ${which}(seq) AS seq FROM d${this.number} WHERE seq BETWEEN ? AND ?`,
    );
    return ((statement.get(...ends) as { seq: number | null }).seq ?? 0) as number;
  }

  /** As one text, in which each has as many digits: row by row they cost several times that, as JSON half as much again. */
  private times(ends: readonly [number, number]): Float64Array {
    const { minMs, maxMs } = this;
    const digits = String(maxMs - minMs).length;
    // In the order of the numbers, as the table is.
    const statement = this.db.prepare(
      `SELECT CAST(group_concat(ts - ?, '') AS BLOB) AS text FROM d${this.number} NOT INDEXED WHERE seq BETWEEN ? AND ?`,
    );
    const origin = BigInt(minMs) - 10n ** BigInt(digits);
    const { text } = statement.get(origin, ...ends) as { text: Uint8Array | null };
    return text === null ? new Float64Array(0) : timesOf(text, digits, minMs);
  }

  private seqs(ends: readonly [number, number]): number[] {
    const statement = this.db.prepare(
      `SELECT json_group_array(seq) AS list FROM
         (SELECT seq FROM d${this.number} NOT INDEXED WHERE seq BETWEEN ? AND ? ORDER BY seq)`,
    );
    return JSON.parse((statement.get(...ends) as { list: string }).list) as number[];
  }
}

/** Numbers of so many digits, each behind a one that holds its place. */
function timesOf(text: Uint8Array, digits: number, originMs: number): Float64Array {
  const times = new Float64Array(Math.ceil(text.length / (digits + 1)));
  const atOnce = Math.min(digits, digitsAtOnce);
  let at = 0;
  for (let count = 0; count < times.length; count++) {
    const end = at + digits + 1;
    let high = 0;
    for (at++; at < end - atOnce; at++) high = high * 10 + (text[at] as number) - zero;
    let low = 0;
    for (; at < end; at++) low = low * 10 + (text[at] as number) - zero;
    times[count] = originMs + high * 10 ** digitsAtOnce + low;
  }
  return times;
}

function timesBlock(times: Float64Array, placeOf: (at: number) => number): TimesBlock {
  const firstMs = times[0] ?? 0;
  let furthest = 0;
  for (const ms of times) furthest = Math.max(furthest, Math.abs(ms - firstMs));
  const isNear = furthest <= furthestMs;
  const absent = isNear ? -(2 ** 31) : Number.POSITIVE_INFINITY;
  const from = isNear ? firstMs : 0;
  const offsets = (isNear ? new Int32Array(blockRecords) : new Float64Array(blockRecords)).fill(absent);
  for (let at = 0; at < times.length; at++) offsets[placeOf(at)] = (times[at] as number) - from;
  return { firstMs: from, offsets, absent };
}

/** The times of all indices of one connection, within one bound. */
export class RecordTimes {
  private readonly all = new Map<number, IndexTimes>();

  constructor(
    private readonly db: DatabaseSync,
    private readonly mostBlocks = blocksKept,
  ) {}

  /** Blocks in memory. */
  get size(): number {
    return [...this.all.values()].reduce((sum, { size }) => sum + size, 0);
  }

  of(row: IndexRow): IndexTimes {
    const times = this.all.get(row.number) ?? new IndexTimes(this.db, row.number, () => this.makeRoom());
    this.all.set(row.number, times);
    times.renew(row);
    return times;
  }

  private makeRoom(): void {
    if (this.size >= this.mostBlocks) for (const times of this.all.values()) times.clear();
  }
}

/** Goes through the records of a set in the order of their numbers or times, with no look at any other where it can. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { IndexRow } from "../file/tables";
import { hasNoGaps, rangeCounter, type SeqRange } from "./ordered-records";
import type { RangeCounts } from "./range-counts";
import { has, type Records } from "./records";
import type { Order, Ref } from "./selection";
import { fullSet } from "./token-expressions";

/** Rows that are asked for at once. */
const rowsPerLookup = 256;
/** So many can be sorted by time while a walk along all times would not have begun. */
export const sortedRecords = 20_000;

export class RecordWalk {
  private readonly isWhole: boolean;

  constructor(
    private readonly db: DatabaseSync,
    private readonly row: IndexRow,
    /** Numbers beyond it do not count. */
    private readonly range: SeqRange,
    private readonly counts: RangeCounts,
  ) {
    this.isWhole = hasNoGaps(db, row);
  }

  count({ bits, complement }: Records, range = this.range): number {
    const found = bits.count(range.low, range.high);
    if (!complement) return found;
    const { db, row, counts } = this;
    const isAll = range.low <= 0 && range.high >= row.lastSeq;
    return (isAll ? row.documents : rangeCounter(db, row, fullSet, counts)(range)) - found;
  }

  /** Numbers in the order of records. */
  *seqs({ bits, complement }: Records, order: Order, range = this.range): Generator<number> {
    const { low, high } = range;
    if (!complement) {
      yield* order === "ASC" ? bits.ascending(low, high) : bits.descending(low, high);
      return;
    }
    const step = order === "ASC" ? 1 : -1;
    const existing = this.existing(order);
    let at: number | undefined = order === "ASC" ? low : Math.min(high, this.row.lastSeq);
    while (true) {
      const free: number = bits.nearestOther(at, step);
      at = existing(free);
      if (at === undefined || at < low || at > high) return;
      if (at !== free && bits.has(at)) continue;
      yield at;
      at += step;
    }
  }

  /** The nearest record that has a document: the number itself, or the next one. */
  private existing(order: Order): (seq: number) => number | undefined {
    const { number, lastSeq, documents } = this.row;
    const firstSeq = lastSeq - documents + 1;
    if (this.isWhole && order === "ASC")
      return (seq) => (seq > lastSeq ? undefined : Math.max(seq, firstSeq));
    if (this.isWhole) return (seq) => (seq < firstSeq ? undefined : Math.min(seq, lastSeq));
    const nearest = this.db.prepare(
      order === "ASC"
        ? `SELECT min(seq) AS seq FROM d${number} WHERE seq >= ?`
        : `SELECT max(seq) AS seq FROM d${number} WHERE seq <= ?`,
    );
    return (seq) => (nearest.get(seq) as { seq: number | null }).seq ?? undefined;
  }

  /** In the order of time, beginning behind a record. */
  *refs(records: Records, order: Order, behind?: Ref): Generator<Ref> {
    if (this.row.ordered) {
      const { low, high } = this.range;
      const range = behind === undefined ? this.range : { low: Math.max(low, behind.seq + 1), high };
      yield* this.lookedUp(this.seqs(records, order, range));
    } else if (!records.complement && records.bits.count() <= sortedRecords) {
      yield* this.sorted(records, order, behind);
    } else yield* this.alongTimes(records, order, behind);
  }

  private *lookedUp(seqs: Iterable<number>): Generator<Ref> {
    const statement = this.db.prepare(
      `SELECT d.seq, d.ts FROM json_each(?) AS wanted CROSS JOIN d${this.row.number} AS d ON d.seq = wanted.value`,
    );
    for (const batch of batches(seqs, rowsPerLookup))
      yield* statement.all(JSON.stringify(batch)) as unknown as Ref[];
  }

  private *sorted(records: Records, order: Order, behind: Ref | undefined): Generator<Ref> {
    const step = order === "ASC" ? 1 : -1;
    const compare = (a: Ref, b: Ref) => step * (a.ts - b.ts || a.seq - b.seq);
    const refs = [...this.lookedUp(this.seqs(records, "ASC"))].sort(compare);
    for (const ref of refs) if (behind === undefined || compare(ref, behind) > 0) yield ref;
  }

  private *alongTimes(records: Records, order: Order, behind: Ref | undefined): Generator<Ref> {
    const from = behind === undefined ? "" : `WHERE (ts, seq) ${order === "ASC" ? ">" : "<"} (?, ?)`;
    const statement: StatementSync = this.db.prepare(
      `SELECT seq, ts FROM d${this.row.number} ${from} ORDER BY ts ${order}, seq ${order}`,
    );
    statement.setReturnArrays(true);
    const values = behind === undefined ? [] : [behind.ts, behind.seq];
    for (const [seq, ts] of statement.iterate(...values) as Iterable<unknown> as Iterable<[number, number]>)
      if (has(records, seq)) yield { seq, ts };
  }
}

/** So many at a time. */
export function* batches<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

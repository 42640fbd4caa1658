/** Indices whose times never go back: a stretch of time is a stretch of records, and none of them need be read. */
import type { DatabaseSync } from "node:sqlite";
import type { TokenSet } from "./query/token-expressions";
import type { RangeCounts } from "./range-counts";
import type { IndexRow } from "./tables";

/** Numbers of records, both ends included. */
export interface SeqRange {
  readonly low: number;
  readonly high: number;
}

/** Finds the first record at a time or after it, by halving. */
export function seqFinder(db: DatabaseSync, { number, lastSeq }: IndexRow): (ms: number) => number {
  const at = db.prepare(`SELECT seq, ts FROM d${number} WHERE seq >= ? ORDER BY seq LIMIT 1`);
  return (ms) => {
    let low = 0;
    let high = lastSeq + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = at.get(middle) as { seq: number; ts: number } | undefined;
      if (found === undefined || found.ts >= ms) high = middle;
      else low = found.seq + 1;
    }
    return low;
  };
}

/** Counts the records of a set between two of them. */
export function rangeCounter(
  db: DatabaseSync,
  { number, lastSeq, documents }: IndexRow,
  { expression, complement }: TokenSet,
  counts: RangeCounts,
): (range: SeqRange) => number {
  const { first } = db.prepare(`SELECT min(seq) AS first FROM d${number}`).get() as { first: number };
  const hasNoGaps = documents === lastSeq - first + 1;
  return ({ low, high }) => {
    const [from, to] = [Math.max(low, first), Math.min(high, lastSeq)];
    if (from > to || (expression === undefined && !complement)) return 0;
    const count = (asked: typeof expression) => counts.count(number, asked, from, to);
    const all = () => (hasNoGaps ? to - from + 1 : count(undefined));
    if (expression === undefined) return all();
    return complement ? all() - count(expression) : count(expression);
  };
}

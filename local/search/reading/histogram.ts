/** Matches per interval of time: by stretches of records, by the index of times, or by reading them all. */
import { hasTimeIndex } from "../file/tables";
import type { Bars } from "./matches";
import { type SeqRange, seqFinder } from "./ordered-records";
import type { Selection } from "./selection";
import type { WorkLimit } from "./work-limit";

/** More bars than this are found faster by reading every row. */
const maxBarsByRange = 500;

/** What can be drawn. */
export interface Drawn {
  /** Whether every document in the wanted time is a match. */
  readonly isAll: boolean;
  count(): number;
  readonly countIn: ((range: SeqRange) => number) | undefined;
  histogramByReading(intervalMs: number, add: Bars): void;
}

export function histogramOf(
  matches: Drawn,
  selection: Selection,
  intervalMs: number,
  add: Bars,
  limit: WorkLimit,
): void {
  const { row, range, db } = selection;
  const bars = barsOf(selection, intervalMs);
  const drawing = { ...bars, selection, intervalMs, add, limit };
  const startOf = (ms: number) => Math.floor(ms / intervalMs) * intervalMs;
  if (startOf(row.minMs) === startOf(row.maxMs)) {
    const count = matches.count();
    if (count > 0) add(startOf(row.minMs), count);
  } else if (matches.countIn !== undefined && range !== undefined && bars.count <= maxBarsByRange) {
    byRange(drawing, matches.countIn, range);
  } else if (matches.isAll && bars.count <= maxBarsByRange && hasTimeIndex(db, row.number)) {
    byTime(drawing);
  } else matches.histogramByReading(intervalMs, add);
}

interface Drawing {
  readonly selection: Selection;
  readonly intervalMs: number;
  readonly firstMs: number;
  /** Bars from the first to the last document in the wanted time. */
  readonly count: number;
  readonly add: Bars;
  readonly limit: WorkLimit;
}

function barsOf({ window, row }: Selection, intervalMs: number): { firstMs: number; count: number } {
  const first = Math.floor(Math.max(window.lowMs, row.minMs) / intervalMs);
  const last = Math.floor(Math.min(window.highMs, row.maxMs) / intervalMs);
  return { firstMs: first * intervalMs, count: Math.max(0, last - first + 1) };
}

/** All documents bar by bar, from the index of their times. */
function byTime({ selection, intervalMs, firstMs, count, add, limit }: Drawing): void {
  const { lowMs, highMs } = selection.window;
  const statement = selection.db.prepare(
    `SELECT count(*) AS n FROM d${selection.row.number} WHERE ts BETWEEN ? AND ?`,
  );
  for (let bar = 0; bar < count && !limit.isOver; bar++) {
    const startMs = firstMs + bar * intervalMs;
    const ends = [Math.max(lowMs, startMs), Math.min(highMs, startMs + intervalMs - 1)] as const;
    const { n } = statement.get(...ends) as { n: number };
    if (n > 0) add(startMs, n);
  }
}

/** Bar by bar, each a stretch of records: what is counted once is kept for as long as nothing comes into it. */
function byRange(
  { selection, intervalMs, firstMs, count: bars, add, limit }: Drawing,
  countIn: (range: SeqRange) => number,
  range: SeqRange,
): void {
  const firstFrom = seqFinder(selection.db, selection.row);
  let { low } = range;
  for (let bar = 0; bar < bars && !limit.isOver; bar++) {
    const startMs = firstMs + bar * intervalMs;
    const high = Math.min(firstFrom(startMs + intervalMs) - 1, range.high);
    const count = low > high ? 0 : countIn({ low, high });
    if (count > 0) add(startMs, count);
    low = Math.max(low, high + 1);
  }
}

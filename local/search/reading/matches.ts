/** The ways to answer one condition on one index. Which one it is, is chosen once; then it counts, lists and draws. */
import type { Ref } from "./selection";

export interface TopMatches {
  readonly total: number;
  readonly refs: Ref[];
}

export interface Matches {
  count(): number;
  /** The newest ones, and the number of all. */
  newest(limit: number): TopMatches;
  /** In the order of time, behind a record, up to a greatest number of records. */
  after(ref: Ref | undefined, limit: number, lastSeq: number): Ref[];
  /** The number of matches per interval of time. */
  histogram(intervalMs: number, into: Bars): void;
}

/** Adds to the bar that begins at a time. */
export type Bars = (startMs: number, count: number) => void;

/** Where the condition or the wanted time leaves nothing. */
export const noMatches: Matches = {
  count: () => 0,
  newest: () => ({ total: 0, refs: [] }),
  after: () => [],
  histogram: () => {},
};

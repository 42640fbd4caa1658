/** The ways to answer one condition on one index. Which one it is, is chosen once; then it counts, lists and draws. */
import type { DocumentView } from "../documents/view";
import type { SeqRange } from "./ordered-records";
import { noRecords, type Records } from "./records";
import type { Order, Ref } from "./selection";

export interface TopMatches {
  readonly total: number;
  readonly refs: Ref[];
}

/** A match with its text. */
export interface MatchedDocument extends Ref {
  readonly id: string;
  readonly source: string;
  /** Where the document has been taken apart already. */
  readonly view?: DocumentView;
}

/** All matches as a set of records, of which those within the range count. */
export interface MatchedRecords {
  readonly records: Records;
  readonly range: SeqRange;
}

export interface Matches {
  /** Where the time is over, those that are known. */
  matched(): MatchedRecords;
  count(): number;
  /** The newest ones, and the number of all. */
  newest(limit: number): TopMatches;
  /** In the order of time, behind a record, up to a greatest number of records. */
  after(ref: Ref | undefined, limit: number, lastSeq: number): Ref[];
  /** All of them, in the order of time or, without one, as it costs the least. */
  documents(order?: Order): Iterable<MatchedDocument>;
  /** The number of matches per interval of time. */
  histogram(intervalMs: number, into: Bars): void;
}

/** Adds to the bar that begins at a time. */
export type Bars = (startMs: number, count: number) => void;

/** Where the condition or the wanted time leaves nothing. */
export const noMatches: Matches = {
  matched: () => ({ records: noRecords, range: { low: 0, high: -1 } }),
  count: () => 0,
  newest: () => ({ total: 0, refs: [] }),
  after: () => [],
  documents: () => [],
  histogram: () => {},
};

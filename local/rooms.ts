/**
 * What the rooms of local/ hand each other. Rooms import this file and the plan, never each other;
 * local/pipeline.ts joins them.
 */

import type { RecordBatch } from "./record-batch";

/** A stretch of the queue. */
export interface Extent {
  readonly records: number;
  readonly bytes: number;
}

/** An object of the backup that was begun: its records are still in the queue until it is finished. */
export interface BackupIntent {
  readonly key: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** Which records a finished object of the backup holds. */
export interface BackupExtent extends BackupIntent {
  /** Size of each record, four bytes each, the lowest first; undefined where each is a line of the object. */
  readonly lengths?: Uint8Array;
}

/** The durable queue as the rooms behind it see it. */
export interface RecordQueue {
  /** The records after `afterSeq`, as many as fit; at least one where there is any. Ends before a gap in the numbers. */
  read(afterSeq: number, fits: (records: number, bytes: number) => boolean): RecordBatch;
  extentAfter(afterSeq: number): Extent;
  /** The last record that is in a finished object of the backup; 0 where there is none. */
  readonly backedUpThrough: number;
  /** Records in finished objects of the backup. */
  readonly backedUp: number;
  beginBackup(intent: BackupIntent): void;
  /**
   * @param records how many are in the object: those that were lost are not
   * @param lengths as in {@link BackupExtent}
   */
  finishBackup(intent: BackupIntent, records: number, lengths?: Uint8Array): void;
  /** The finished object of this key; undefined where this queue knows of none. */
  backupOf(key: string): BackupExtent | undefined;
  /** The finished object that holds this record. */
  backupWith(seq: number): BackupExtent | undefined;
  unfinishedBackups(): readonly BackupIntent[];
}

/** A document on its way to the index. */
export interface IndexDocument {
  /** Number of the source record since the data folder began, from 1. */
  readonly seq: number;
  /** `_id`, the same at every attempt. */
  readonly id: string;
  readonly index: string;
  /** Arrival of the record in milliseconds since 1970; `@timestamp` where the document has none. */
  readonly arrivalMs: number;
  /** The document as text, not checked yet. */
  readonly source: string;
}

/** Documents of one index, their bytes in one piece of memory: what a busy line hands on instead of objects. */
export interface PackedDocuments {
  readonly index: string;
  /** Stands before the number of each document in its `_id`. */
  readonly idPrefix: string;
  readonly seqs: Float64Array;
  readonly arrivalsMs: Float64Array;
  /** UTF-8. Document `at` is between `starts[at]` and `ends[at]`. */
  readonly body: Uint8Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** A document that the destination refused for good. */
export interface Refusal {
  /** Place in the list of documents that was handed over. */
  readonly position: number;
  /** HTTP status, such as 400. */
  readonly status: number;
  /** Such as `mapper_parsing_exception`. */
  readonly type: string;
  readonly reason: string;
  /** Attempts made, from 1. */
  readonly attempts: number;
}

/** Object of failed records, written to the bucket folder after the ledger entry that names it is durable. */
export interface FailedObject {
  readonly key: string;
  readonly body: string;
  readonly records: number;
  /** Error code and message of its first record. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** An object to be written to the bucket folder; the same key again replaces it. */
export interface BucketObject {
  readonly key: string;
  readonly body: string | Uint8Array;
}

/** Where a document that was refused for good would have gone. */
export interface RefusedDocument {
  readonly seq: number;
  readonly arrivalMs: number;
  readonly index: string;
}

/**
 * Settles all records up to `throughSeq`: each of them is in exactly one of the counts, or was lost to a damaged disk
 * and is in none. So `throughSeq` less the counts is what was lost.
 */
export interface LedgerEntry {
  readonly throughSeq: number;
  /** Records that are delivered: documents in the index, or records in objects of a bucket. */
  readonly indexed: number;
  readonly dropped: number;
  readonly failed: number;
  readonly failedObjects: readonly FailedObject[];
  /** The delivery itself, where the destination is a bucket; written like failed objects. @default none */
  readonly objects?: readonly BucketObject[];
  /** Those of the failed records whose documents the index refused; they alone can be replayed. @default none */
  readonly refused?: readonly RefusedDocument[];
}

/** Sums of all ledger entries since the data folder began. */
export interface LedgerTotals {
  readonly throughSeq: number;
  readonly indexed: number;
  readonly dropped: number;
  readonly failed: number;
}

export interface RecentFailure {
  readonly key: string;
  readonly records: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly atMs: number;
}

/** What became of all records of a stream, and the objects that are durable here but perhaps not yet in their bucket. */
export interface Ledger {
  settle(entry: LedgerEntry): Promise<void>;
  totals(): LedgerTotals;
  outbox(): Promise<readonly BucketObject[]>;
  removeFromOutbox(keys: readonly string[]): Promise<void>;
  recentFailures(limit: number): Promise<RecentFailure[]>;
  close(): Promise<void>;
}

/**
 * Where documents go, and the ledger beside them. `write` then `settle`, never two at a time: documents become
 * visible, and the ledger moves, in one step at `settle`. A crash in between undoes the `write`.
 */
export interface Destination {
  write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]>;
  /** The same for a destination that takes them so; positions count over all parts. */
  writePacked?(parts: readonly PackedDocuments[]): Promise<readonly Refusal[]>;
  settle(entry: LedgerEntry): Promise<void>;
  /** Gives up what is being tried again: `write` rejects, and nothing of it is settled. */
  stop?(): void;
  /** Set by who wants to know what holds delivery; told undefined once it goes on. */
  onTrouble?: (text: string | undefined) => void;
}

/** A query that cannot be answered: the caller's mistake, HTTP 400. */
export interface QueryProblem {
  readonly message: string;
  /** Offset in the query, in UTF-16 units, where it can be told. */
  readonly position?: number;
  /** What OpenSearch calls it. @default query_shard_exception */
  readonly type?: string;
}

export interface SearchRequest {
  /** query_string syntax; empty = all documents. */
  readonly query: string;
  /** Index name or pattern with `*`; empty = all. */
  readonly index?: string;
  /** Only documents whose `@timestamp` is in [fromMs, toMs). */
  readonly fromMs?: number;
  readonly toMs?: number;
}

export interface Hit {
  readonly _index: string;
  readonly _id: string;
  /** The document's JSON text, digit for digit as it was indexed. */
  readonly source: string;
  /** `@timestamp` in milliseconds since 1970; the arrival of the record where the document has no time of its own. */
  readonly timestampMs: number;
  /** Whether `timestampMs` is the document's own `@timestamp`. */
  readonly hasOwnTime: boolean;
  /** Fields whose value did not fit their type and is in `source` only (`_ignored`); absent where there are none. */
  readonly ignored?: readonly string[];
  /** Where several streams are asked at once: the one it came through. */
  readonly stream?: string;
}

/** How long somebody waits for an answer. */
export interface Patience {
  /** Aborted when nobody waits any more: the work stops, and the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Time limit in milliseconds; what is known by then is the answer, and says `timedOut`. @default none */
  readonly timeoutMs?: number;
}

/** What every answer to a query says about itself. */
export interface Timed {
  /** Whether the time limit ended the work: the answer is a part of the whole, its counts are lower bounds. */
  readonly timedOut: boolean;
}

export interface HitPage extends Timed {
  readonly total: number;
  readonly hits: Hit[];
}

export interface MatchCount extends Timed {
  readonly count: number;
}

export interface HistogramBar {
  readonly startMs: number;
  readonly count: number;
}

export interface Histogram extends Timed {
  /** In the order of time, empty ones left out. */
  readonly bars: HistogramBar[];
}

export interface SeenField {
  readonly name: string;
  readonly type: string;
  /** The most frequent values first. */
  readonly top: { readonly value: string; readonly count: number }[];
}

export interface SeenFields extends Timed {
  readonly fields: SeenField[];
}

export interface IndexSize {
  readonly index: string;
  readonly count: number;
  readonly bytes: number;
}

/** Which of the matches are wanted. */
export interface Page {
  /** Matches left out at the start. @default 0 */
  readonly from?: number;
  /** At most 10,000. @default 10 */
  readonly size?: number;
  /** The page ends before the documents have more UTF-16 units than this; the first one is always there. @default any */
  readonly maxBytes?: number;
}

export interface Bars {
  /** Length of a bar in milliseconds, from 1. */
  readonly intervalMs: number;
  /** A histogram of more bars is a QueryError. @default any */
  readonly maxBars?: number;
}

/** What a histogram of too many bars is answered. */
export const tooManyBars = (intervalMs: number, maxBars: number): string =>
  `intervalMs ${intervalMs} makes more than ${maxBars} bars of this time; ask for longer bars or a shorter time`;

/** How the pages and the API ask the index. Every method may throw a {@link QueryProblem} as QueryError. */
export interface Searcher {
  /** The number of matches, and a page of them, newest first. */
  search(request: SearchRequest & Page, patience?: Patience): Promise<HitPage>;
  count(request: SearchRequest, patience?: Patience): Promise<MatchCount>;
  /** Counts of the saved queries of the panels, kept live, in the order given to the index at its start. */
  panelCounts(patience?: Patience): Promise<number[]>;
  /** Matches per interval of `@timestamp`. */
  histogram(request: SearchRequest & Bars, patience?: Patience): Promise<Histogram>;
  /** Fields seen in the newest matches (`sample` of them) with their types and top values. */
  fields(request: SearchRequest & { sample?: number }, patience?: Patience): Promise<SeenFields>;
  indices(patience?: Patience): Promise<IndexSize[]>;
  /** All matches, oldest first, in pages, for an export; it has no time limit, only a signal. */
  scan(request: SearchRequest, patience?: Pick<Patience, "signal">): AsyncIterable<Hit[]>;
}

/** A saved query whose matches are counted. */
export interface SavedQuery {
  readonly title: string;
  /** In query_string syntax; empty = all documents. */
  readonly query: string;
}

/** Keeps the counts of the panels. */
export interface PanelCounter {
  /** Other panels from now on: `panelCounts` answers in their order. @throws QueryError for a query that is wrong */
  setPanels(panels: readonly SavedQuery[]): Promise<void>;
}

export interface TopValues extends Timed {
  /** The most frequent first; addresses and times as people write them. */
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Distinct values that are not among them. */
  readonly others: number;
}

/** Numbers of the documents of an interval. */
export interface NumberBar {
  readonly startMs: number;
  /** Values, not documents. */
  readonly count: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
}

export interface NumbersOverTime extends Timed {
  /** In the order of time, those without a value left out. */
  readonly bars: readonly NumberBar[];
}

/** Charts over one field, by its dotted name; of a text its whole values are meant. */
export interface FieldCharts {
  /** @param size values of the answer */
  topValues(
    request: SearchRequest & { field: string; size: number },
    patience?: Patience,
  ): Promise<TopValues>;
  /** @throws QueryError for a field that has no numbers */
  numbersOverTime(
    request: SearchRequest & Bars & { field: string },
    patience?: Patience,
  ): Promise<NumbersOverTime>;
}

/** Thrown for a query that cannot be answered. */
export class QueryError extends Error {
  constructor(readonly problem: QueryProblem) {
    super(problem.message);
    this.name = "QueryError";
  }
}

/** A document of an object of failed records, decoded. */
export interface FailedDocument {
  readonly id: string;
  readonly index: string;
  /** Milliseconds since 1970. */
  readonly arrivalMs: number;
  /** The document as text, not checked yet. */
  readonly source: string;
}

/** What became of a failed document that was handed in once more. */
export type ReplayOutcome = "indexed" | "already there" | { readonly refused: string };

/** The embedded index: destination and searcher in one, with the ledger in the same file. */
export interface EmbeddedIndex extends Ledger, Destination, Searcher, PanelCounter {
  /**
   * Takes documents in that had failed before; one that is there by now is left as it is. What comes in is counted as
   * indexed and no more as failed, in the same step.
   */
  replay(documents: readonly IndexDocument[]): Promise<readonly ReplayOutcome[]>;
  /** Drops every index whose creation is before this time. */
  dropIndicesCreatedBefore(ms: number): Promise<string[]>;
}

/** How a call of a function ended: with an answer, or the error as Lambda words it. */
export type CallReply =
  | { readonly payload: string }
  | { readonly errorType: string; readonly errorMessage: string };

/** A function that is ready to be called. */
export interface Callable {
  /** @param event JSON text */
  invoke(event: string): Promise<CallReply>;
  /** Ends a call that is under way. */
  close(): Promise<void>;
}

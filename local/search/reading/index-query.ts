/** One condition on one index: how many documents fulfil it, which, and when they happened. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { FieldMap } from "../documents/fields";
import { DocumentView } from "../documents/view";
import { hasTimeIndex, type IndexRow } from "../file/tables";
import type { Condition } from "../query/condition";
import { matches } from "../query/match";
import {
  firstSeq,
  isSeekable,
  rangeCounter,
  rowidsBetween,
  type SeqRange,
  seqFinder,
} from "./ordered-records";
import type { RangeCounts } from "./range-counts";
import { textFilter } from "./text-filter";
import { splitTime, type TimeWindow } from "./time-window";
import { emptySet, type TokenSet } from "./token-expressions";
import { TokenSetBuilder } from "./token-sets";

/** A match, without its text. */
export interface Ref {
  readonly seq: number;
  readonly ts: number;
}

export interface StoredDocument extends Ref {
  readonly added: number;
  readonly id: string;
  readonly source: string;
}

/** More bars than this are found faster by reading every row. */
const maxBarsByRange = 500;

export class IndexQuery {
  private readonly set: TokenSet;
  private readonly condition: Condition | undefined;
  private readonly window: TimeWindow;
  private readonly seqRange: SeqRange | undefined;

  constructor(
    private readonly db: DatabaseSync,
    private readonly row: IndexRow,
    private readonly fields: FieldMap,
    condition: Condition,
    window: TimeWindow,
    private readonly counts: RangeCounts,
    /** All that the condition was made from; undefined where it is another one each time. */
    private readonly question?: string,
  ) {
    const split = row.manyTimes ? { rest: condition, window } : splitTime(condition, window);
    this.window = split.window;
    const sets = new TokenSetBuilder(fields, (...request) => this.vocabulary(...request)).build(split.rest);
    const outside = this.window.lowMs > row.maxMs || this.window.highMs < row.minMs;
    this.set = outside ? emptySet : sets.upper;
    this.condition = sets.exact || outside ? undefined : split.rest;
    this.seqRange = this.wholeTime || !row.ordered || outside ? undefined : this.findSeqRange();
  }

  /** Whether every document is within the wanted time. */
  private get wholeTime(): boolean {
    return this.window.lowMs <= this.row.minMs && this.window.highMs >= this.row.maxMs;
  }

  private vocabulary(
    first: string,
    end: string,
    glob: string | undefined,
    limit: number,
  ): string[] | undefined {
    const also = glob === undefined ? "" : "AND term GLOB ?";
    const statement = this.db.prepare(
      `SELECT term FROM v${this.row.number} WHERE term >= ? AND term < ? ${also} LIMIT ?`,
    );
    const rows = statement.all(...[first, end, ...(glob === undefined ? [] : [glob]), limit + 1]) as {
      term: string;
    }[];
    return rows.length > limit ? undefined : rows.map(({ term }) => term);
  }

  private findSeqRange(): SeqRange {
    const firstFrom = seqFinder(this.db, this.row);
    return { low: firstFrom(this.window.lowMs), high: firstFrom(this.window.highMs + 1) - 1 };
  }

  /** `WHERE` over the documents' table `d`. */
  private where(seqRange = this.seqRange): { sql: string; values: SQLInputValue[] } {
    const { number } = this.row;
    const parts: string[] = [];
    const values: SQLInputValue[] = [];
    const { expression, complement } = this.set;
    if (seqRange !== undefined) {
      parts.push("d.seq BETWEEN ? AND ?");
      values.push(seqRange.low, seqRange.high);
    } else if (!this.wholeTime) {
      parts.push("d.ts BETWEEN ? AND ?");
      values.push(this.window.lowMs, this.window.highMs);
    }
    if (expression === undefined) {
      if (!complement) parts.push("0");
    } else {
      const range = seqRange === undefined ? "" : `AND ${rowidsBetween}`;
      parts.push(
        `d.seq ${complement ? "NOT " : ""}IN (SELECT rowid FROM f${number} WHERE f${number} MATCH ? ${range})`,
      );
      values.push(expression.text);
      if (seqRange !== undefined) values.push(seqRange.low, seqRange.high);
    }
    return { sql: parts.length === 0 ? "1" : parts.join(" AND "), values };
  }

  private countTokens(): number {
    if (this.set.expression === undefined) return 0;
    const { number } = this.row;
    const statement = this.db.prepare(`SELECT count(*) AS n FROM f${number} WHERE f${number} MATCH ?`);
    return (statement.get(this.set.expression.text) as { n: number }).n;
  }

  /** Counts matches between two records without a look at any other; undefined where that cannot be done. */
  private counterInRange(): ((range: SeqRange) => number) | undefined {
    const { number, ordered, lastSeq } = this.row;
    const { expression } = this.set;
    if (!ordered || (expression !== undefined && !isSeekable(expression))) return undefined;
    if (this.condition === undefined) return rangeCounter(this.db, this.row, this.set, this.counts);
    if (this.question === undefined) return undefined;
    const key = `${number} of ${this.question}`;
    const first = firstSeq(this.db, number);
    return ({ low, high }) =>
      this.counts.count(key, Math.max(low, first), Math.min(high, lastSeq), (from, to) =>
        this.countVerified({ low: from, high: to }),
      );
  }

  /** The records that the wanted time leaves, in an ordered index. */
  private get range(): SeqRange {
    return this.seqRange ?? { low: 0, high: this.row.lastSeq };
  }

  private countVerified(range: SeqRange | undefined): number {
    let count = 0;
    for (const _ of this.verified("seq", range)) count++;
    return count;
  }

  count(): number {
    const isExact = this.condition === undefined;
    if (this.isAll && this.wholeTime) return this.row.documents;
    const countIn = this.counterInRange();
    if (countIn !== undefined) return countIn(this.range);
    if (!isExact) return this.countVerified(this.seqRange);
    if (this.wholeTime)
      return this.set.complement ? this.row.documents - this.countTokens() : this.countTokens();
    const { sql, values } = this.where();
    const counted = this.db.prepare(`SELECT count(*) AS n FROM d${this.row.number} AS d WHERE ${sql}`);
    return (counted.get(...values) as { n: number }).n;
  }

  /** The first `limit` matches in the given order, and the number of all. */
  top(limit: number, order: "ASC" | "DESC"): { total: number; refs: Ref[] } {
    const refs: Ref[] = [];
    if (this.condition === undefined) {
      const total = this.count();
      if (total === 0 || limit === 0) return { total, refs };
      const { sql, values } = this.where();
      const by = this.row.ordered ? `d.seq ${order}` : `d.ts ${order}, d.seq ${order}`;
      const fast = this.row.ordered && this.set.expression !== undefined && !this.set.complement;
      const { number } = this.row;
      const statement = fast
        ? `SELECT d.seq, d.ts FROM (SELECT rowid AS r FROM f${number} WHERE f${number} MATCH ?3 AND rowid BETWEEN CAST(?1 AS INTEGER) AND CAST(?2 AS INTEGER)
             ORDER BY rowid ${order} LIMIT ?4) JOIN d${number} AS d ON d.seq = r ORDER BY d.seq ${order}`
        : `SELECT d.seq, d.ts FROM d${number} AS d WHERE ${sql} ORDER BY ${by} LIMIT ?`;
      const all = fast
        ? [this.range.low, this.range.high, this.set.expression?.text as string, limit]
        : [...values, limit];
      return { total, refs: this.db.prepare(statement).all(...all) as unknown as Ref[] };
    }
    const found = this.verified(
      this.row.ordered ? `seq ${order}` : `ts ${order}, d.seq ${order}`,
      this.seqRange,
    );
    // Where the total is known but for what is new, reading ends with the last one that is wanted.
    const known = this.counterInRange()?.(this.range);
    const wanted = Math.min(limit, known ?? Number.POSITIVE_INFINITY);
    if (known !== undefined && wanted === 0) return { total: known, refs };
    let total = 0;
    for (const ref of found) {
      if (total++ < limit) refs.push(ref);
      if (known !== undefined && refs.length === wanted) break;
    }
    return { total: known ?? total, refs };
  }

  /** Matches of a condition that the token index cannot answer alone. */
  private *verified(order: string, range: SeqRange | undefined): Generator<Ref> {
    const condition = this.condition as Condition;
    const { sql, values } = this.where(range);
    const filter = textFilter(condition, "d.source");
    const statement = this.db.prepare(
      `SELECT d.seq, d.ts, d.source FROM d${this.row.number} AS d WHERE ${sql}
       ${filter === undefined ? "" : `AND ${filter.sql}`} ORDER BY d.${order}`,
    );
    // A third faster than objects, and every candidate passes here.
    statement.setReturnArrays(true);
    const rows = statement.iterate(...values, ...(filter?.values ?? [])) as Iterable<unknown>;
    for (const [seq, ts, source] of rows as Iterable<[number, number, string]>) {
      if (matches(condition, new DocumentView(source, this.fields, ts))) yield { seq, ts };
    }
  }

  histogram(intervalMs: number, into: Map<number, number>): void {
    const add = (startMs: number, count: number) => into.set(startMs, (into.get(startMs) ?? 0) + count);
    const start = (ts: number) => Math.floor(ts / intervalMs) * intervalMs;
    const countIn = this.counterInRange();
    if (this.condition === undefined && start(this.row.minMs) === start(this.row.maxMs)) {
      const count = this.count();
      if (count > 0) add(start(this.row.minMs), count);
    } else if (countIn !== undefined && this.bars(intervalMs) <= maxBarsByRange) {
      this.histogramByRange(intervalMs, countIn, add);
    } else if (this.isAll && this.countsByTime(intervalMs)) {
      this.histogramByTime(intervalMs, add);
    } else if (this.condition === undefined) {
      const { sql, values } = this.where();
      const rows = this.db
        .prepare(
          `SELECT d.ts - ((d.ts % ?1) + ?1) % ?1 AS start, count(*) AS n FROM d${this.row.number} AS d WHERE ${sql} GROUP BY 1`,
        )
        .iterate(intervalMs, ...values) as Iterable<unknown> as Iterable<{ start: number; n: number }>;
      for (const row of rows) add(row.start, row.n);
    } else {
      for (const { ts } of this.verified("seq", this.seqRange)) add(start(ts), 1);
    }
  }

  /** Whether nothing but the time is asked for. */
  private get isAll(): boolean {
    return this.condition === undefined && this.set.expression === undefined && this.set.complement;
  }

  private countsByTime(intervalMs: number): boolean {
    return this.bars(intervalMs) <= maxBarsByRange && hasTimeIndex(this.db, this.row.number);
  }

  /** All documents bar by bar, from the index of their times. */
  private histogramByTime(intervalMs: number, add: (startMs: number, count: number) => void): void {
    const statement = this.db.prepare(
      `SELECT count(*) AS n FROM d${this.row.number} WHERE ts BETWEEN ? AND ?`,
    );
    const { lowMs, highMs } = this.window;
    const firstMs = Math.floor(Math.max(lowMs, this.row.minMs) / intervalMs) * intervalMs;
    for (let bar = 0; bar < this.bars(intervalMs); bar++) {
      const startMs = firstMs + bar * intervalMs;
      const ends = [Math.max(lowMs, startMs), Math.min(highMs, startMs + intervalMs - 1)] as const;
      const { n } = statement.get(...ends) as { n: number };
      if (n > 0) add(startMs, n);
    }
  }

  /** Bars from the first to the last document in the wanted time. */
  private bars(intervalMs: number): number {
    const fromMs = Math.max(this.window.lowMs, this.row.minMs);
    const toMs = Math.min(this.window.highMs, this.row.maxMs);
    return Math.max(0, Math.floor(toMs / intervalMs) - Math.floor(fromMs / intervalMs) + 1);
  }

  /** Bar by bar, each a stretch of records: what is counted once is kept for as long as nothing comes into it. */
  private histogramByRange(
    intervalMs: number,
    countIn: (range: SeqRange) => number,
    add: (startMs: number, count: number) => void,
  ): void {
    const firstFrom = seqFinder(this.db, this.row);
    const { range } = this;
    const firstMs = Math.floor(Math.max(this.window.lowMs, this.row.minMs) / intervalMs) * intervalMs;
    let low = range.low;
    for (let bar = 0; bar < this.bars(intervalMs); bar++) {
      const startMs = firstMs + bar * intervalMs;
      const high = Math.min(firstFrom(startMs + intervalMs) - 1, range.high);
      const count = low > high ? 0 : countIn({ low, high });
      if (count > 0) add(startMs, count);
      low = Math.max(low, high + 1);
    }
  }

  documents(seqs: readonly number[]): StoredDocument[] {
    const statement = this.db.prepare(
      `SELECT seq, ts, added, id, source FROM d${this.row.number} WHERE seq = ?`,
    );
    return seqs.map((seq) => statement.get(seq) as unknown as StoredDocument);
  }
}

/** Matches that only a look into the documents can tell: those that the token index leaves are read one by one. */

import type { FieldMap } from "../documents/fields";
import { DocumentView } from "../documents/view";
import type { Condition } from "../query/condition";
import { matches } from "../query/match";
import { histogramOf } from "./histogram";
import type { Bars, Matches, TopMatches } from "./matches";
import { firstSeq, isSeekable, type SeqRange } from "./ordered-records";
import type { RangeCounts } from "./range-counts";
import type { Ref, Selection } from "./selection";
import { textFilter } from "./text-filter";
import { TimeOver, type WorkLimit } from "./work-limit";

/** Called for the first of so many records, so that a long run without a match can be stopped as well. */
export const goOn = "go_on";
const recordsPerLook = 256;

export interface Verification {
  readonly condition: Condition;
  readonly fields: FieldMap;
  readonly counts: RangeCounts;
  readonly limit: WorkLimit;
  /** All that the condition was made from; undefined where it is another one each time. */
  readonly question: string | undefined;
  /** Whether the connection has the function {@link goOn}. */
  readonly canStop: boolean;
}

export class VerifiedMatches implements Matches {
  readonly isAll = false;
  readonly countIn: ((range: SeqRange) => number) | undefined;

  constructor(
    private readonly selection: Selection,
    private readonly by: Verification,
  ) {
    const { db, row, set } = selection;
    const seekable = set.expression === undefined || isSeekable(set.expression);
    if (!row.ordered || !seekable || by.question === undefined) return;
    const key = `${row.number} of ${by.question}`;
    const first = firstSeq(db, row.number);
    this.countIn = ({ low, high }) =>
      by.counts.count(
        key,
        Math.max(low, first),
        Math.min(high, row.lastSeq),
        (from, to) => this.countRead({ low: from, high: to }),
        () => !by.limit.timedOut,
      );
  }

  private countRead(range: SeqRange | undefined): number {
    let count = 0;
    for (const _ of this.read({ order: "ORDER BY d.seq", range })) count++;
    return count;
  }

  count(): number {
    const { range } = this.selection;
    return this.countIn === undefined || range === undefined ? this.countRead(range) : this.countIn(range);
  }

  newest(limit: number): TopMatches {
    const { range } = this.selection;
    // Where the total is known but for what is new, reading ends with the last one that is wanted.
    const known = range && this.countIn?.(range);
    const wanted = Math.min(limit, known ?? Number.POSITIVE_INFINITY);
    const refs: Ref[] = [];
    if (known !== undefined && wanted === 0) return { total: known, refs };
    let total = 0;
    for (const ref of this.read({ order: this.selection.orderBy("DESC") })) {
      if (total++ < limit) refs.push(ref);
      if (known !== undefined && refs.length === wanted) break;
    }
    return { total: known ?? total, refs };
  }

  after(ref: Ref | undefined, limit: number, lastSeq: number): Ref[] {
    const refs: Ref[] = [];
    for (const found of this.read({ order: this.selection.orderBy("ASC"), after: ref })) {
      if (found.seq > lastSeq) continue;
      refs.push(found);
      if (refs.length === limit) break;
    }
    return refs;
  }

  private *read(what: {
    readonly order: string;
    readonly range?: SeqRange | undefined;
    readonly after?: Ref | undefined;
  }): Generator<Ref> {
    const { condition, fields, limit, canStop } = this.by;
    if (limit.isOver) return;
    const { sql, values } = this.selection.from(what.range);
    const behind = this.selection.after(what.after);
    const filter = textFilter(condition);
    const stop = canStop && filter !== undefined ? `AND (d.seq % ${recordsPerLook} OR ${goOn}())` : "";
    const statement = this.selection.db.prepare(
      `SELECT d.seq, d.ts, d.id, d.source ${sql} ${behind.sql} ${stop}
       ${filter === undefined ? "" : `AND ${filter.sql}`} ${what.order}`,
    );
    // A third faster than objects, and every candidate passes here.
    statement.setReturnArrays(true);
    const rows = statement.iterate(
      ...values,
      ...behind.values,
      ...(filter?.values ?? []),
    ) as Iterable<unknown>;
    try {
      for (const [seq, ts, id, source] of rows as Iterable<[number, number, string, string]>) {
        if (limit.isOver) return;
        if (matches(condition, new DocumentView(source, fields, { id, timestampMs: ts }))) yield { seq, ts };
      }
    } catch (error) {
      if (!(error instanceof TimeOver)) throw error;
    }
  }

  histogram(intervalMs: number, add: Bars): void {
    histogramOf(this, this.selection, intervalMs, add, this.by.limit);
  }

  histogramByReading(intervalMs: number, add: Bars): void {
    for (const { ts } of this.read({ order: "ORDER BY d.seq" }))
      add(Math.floor(ts / intervalMs) * intervalMs, 1);
  }
}

/** Matches that the token index tells alone: no document need be read. */
import { documentTexts, type StoredText } from "../file/document-texts";
import { histogramOf } from "./histogram";
import type { Bars, MatchedDocument, MatchedRecords, Matches, TopMatches } from "./matches";
import { isSeekable, rangeCounter, type SeqRange } from "./ordered-records";
import { noRecords, type Records } from "./records";
import type { Order, Ref, Selection } from "./selection";
import type { Means } from "./set-matches";
import { SetReader } from "./set-reader";
import { withLeaf } from "./token-expressions";
import { TimeOver, type WorkLimit } from "./work-limit";

/** Records that are looked at first where those without a token are wanted. */
const firstStretch = 1024;

export class ExactMatches implements Matches {
  /** Counts between two records without a look at any other; undefined where that cannot be done. */
  readonly countIn: ((range: SeqRange) => number) | undefined;

  get isAll(): boolean {
    return this.selection.isAll;
  }

  private readonly limit: WorkLimit;

  constructor(
    private readonly selection: Selection,
    private readonly means: Means,
  ) {
    const { db, row, set } = selection;
    const { counts, limit } = means;
    this.limit = limit;
    const seekable = set.expression === undefined || isSeekable(set.expression);
    this.countIn = row.ordered && seekable ? rangeCounter(db, row, set, counts) : undefined;
  }

  matched(): MatchedRecords {
    const { row, range = { low: 0, high: row.lastSeq } } = this.selection;
    return { records: this.records(), range };
  }

  /** Where times go back and forth, the wanted time is a set of its own. */
  private records(): Records {
    const { db, row, set, wholeTime, window } = this.selection;
    const { expression, complement } = row.ordered || wholeTime ? set : withLeaf({ kind: "time", ...window });
    try {
      const bits = new SetReader(db, row, this.limit, this.means.tokens).read(expression);
      return { bits, complement };
    } catch (error) {
      if (!(error instanceof TimeOver)) throw error;
      return noRecords;
    }
  }

  count(): number {
    const { selection, countIn } = this;
    const { db, row, range, wholeTime, isAll } = selection;
    if (isAll && wholeTime) return row.documents;
    if (countIn !== undefined && range !== undefined) return countIn(range);
    const { sql, values } = selection.from();
    return (db.prepare(`SELECT count(*) AS n ${sql}`).get(...values) as { n: number }).n;
  }

  newest(limit: number): TopMatches {
    const total = this.count();
    if (total === 0 || limit === 0 || this.limit.isOver) return { total, refs: [] };
    const { range, row } = this.selection;
    const refs = range && this.byToken(range, limit, "DESC");
    if (refs !== undefined) return { total, refs };
    const { sql, values } = this.selection.from();
    const statement = this.selection.db.prepare(
      `SELECT d.seq, d.ts ${sql} ${this.selection.orderBy("DESC")} LIMIT ?`,
    );
    return { total, refs: statement.all(...values, Math.min(limit, row.documents)) as unknown as Ref[] };
  }

  /** In the order of records; undefined where the tokens do not hand them out so. */
  private byToken(range: SeqRange, limit: number, order: Order): Ref[] | undefined {
    const { expression, complement } = this.selection.set;
    if (expression === undefined) return undefined;
    if (!complement) return this.withToken(expression.text, range, limit, order);
    return this.countIn && this.withoutToken(range, limit, order);
  }

  /** The token index hands its records out in their order: no more of them are read than are wanted. */
  private withToken(expression: string, { low, high }: SeqRange, limit: number, order: Order): Ref[] {
    const { db, row } = this.selection;
    const { number } = row;
    const statement = db.prepare(
      `SELECT d.seq, d.ts FROM (SELECT rowid AS r FROM f${number} WHERE f${number} MATCH ?3 AND rowid BETWEEN CAST(?1 AS INTEGER) AND CAST(?2 AS INTEGER)
         ORDER BY rowid ${order} LIMIT ?4) JOIN d${number} AS d ON d.seq = r ORDER BY d.seq ${order}`,
    );
    return statement.all(low, high, expression, limit) as unknown as Ref[];
  }

  /** Stretch by stretch: the records that have the token must be known as far as the others are looked for. */
  private withoutToken({ low, high }: SeqRange, limit: number, order: Order): Ref[] {
    const { db, row } = this.selection;
    const refs: Ref[] = [];
    let [from, to] = [low, Math.min(high, row.lastSeq)];
    for (let length = firstStretch; from <= to && refs.length < limit; length *= 4) {
      const part =
        order === "ASC"
          ? { low: from, high: Math.min(to, from + length - 1) }
          : { low: Math.max(from, to - length + 1), high: to };
      const { sql, values } = this.selection.from(part);
      const statement = db.prepare(`SELECT d.seq, d.ts ${sql} ${this.selection.orderBy(order)} LIMIT ?`);
      refs.push(...(statement.all(...values, limit - refs.length) as unknown as Ref[]));
      if (order === "ASC") from = part.high + 1;
      else to = part.low - 1;
      if (this.limit.isOver) break;
    }
    return refs;
  }

  after(ref: Ref | undefined, limit: number, lastSeq: number): Ref[] {
    const { range, db } = this.selection;
    const part = range && {
      low: Math.max(range.low, (ref?.seq ?? -1) + 1),
      high: Math.min(range.high, lastSeq),
    };
    const refs = part && this.byToken(part, limit, "ASC");
    if (refs !== undefined) return refs;
    const { sql, values } = this.selection.from();
    const behind = this.selection.after(ref);
    const statement = db.prepare(
      `SELECT d.seq, d.ts ${sql} ${behind.sql} AND d.seq <= ? ${this.selection.orderBy("ASC")} LIMIT ?`,
    );
    return statement.all(...values, ...behind.values, lastSeq, limit) as unknown as Ref[];
  }

  *documents(order?: Order): Generator<MatchedDocument> {
    const { sql, values } = this.selection.from();
    const by = order === undefined ? "ORDER BY d.seq" : this.selection.orderBy(order);
    const { db, row } = this.selection;
    const statement = db.prepare(`SELECT d.seq, d.ts, d.id, d.source ${sql} ${by}`);
    statement.setReturnArrays(true);
    const texts = documentTexts(db);
    const rows = statement.iterate(...values) as Iterable<unknown>;
    for (const [seq, ts, ...text] of rows as Iterable<[number, number, ...StoredText]>) {
      if (this.limit.isOver) return;
      const { id, source } = texts.of(row.number, seq, text);
      yield { seq, ts, id, source };
    }
  }

  histogram(intervalMs: number, add: Bars): void {
    histogramOf(this, this.selection, intervalMs, add, this.limit);
  }

  /** Bar by bar would take too many looks: all of it in one pass. */
  histogramByReading(intervalMs: number, add: Bars): void {
    const { sql, values } = this.selection.from();
    const rows = this.selection.db
      .prepare(`SELECT d.ts - ((d.ts % ?1) + ?1) % ?1 AS start, count(*) AS n ${sql} GROUP BY 1`)
      .iterate(intervalMs, ...values) as Iterable<unknown>;
    for (const { start, n } of rows as Iterable<{ start: number; n: number }>) {
      add(start, n);
      if (this.limit.isOver) return;
    }
  }
}

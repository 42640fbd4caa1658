/** The documents of one index that come into question, as SQL knows them: a set of tokens and a stretch of time. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { IndexRow } from "../file/tables";
import { rowidsBetween, type SeqRange, seqFinder } from "./ordered-records";
import type { TimeWindow } from "./time-window";
import type { TokenSet } from "./token-expressions";

/** A match, without its text. */
export interface Ref {
  readonly seq: number;
  readonly ts: number;
}

export type Order = "ASC" | "DESC";

export class Selection {
  /** The records that the wanted time leaves, where the times of the index never go back. */
  readonly range: SeqRange | undefined;

  constructor(
    readonly db: DatabaseSync,
    readonly row: IndexRow,
    readonly set: TokenSet,
    readonly window: TimeWindow,
  ) {
    if (!row.ordered) return;
    if (this.wholeTime) this.range = { low: 0, high: row.lastSeq };
    else {
      const firstFrom = seqFinder(db, row);
      this.range = { low: firstFrom(window.lowMs), high: firstFrom(window.highMs + 1) - 1 };
    }
  }

  /** Whether every document is within the wanted time. */
  get wholeTime(): boolean {
    return this.window.lowMs <= this.row.minMs && this.window.highMs >= this.row.maxMs;
  }

  /** Whether nothing but the time is asked for. */
  get isAll(): boolean {
    return this.set.expression === undefined && this.set.complement;
  }

  /** `FROM` and `WHERE` over the documents' table `d`. */
  from(range = this.range): { sql: string; values: SQLInputValue[] } {
    const { number } = this.row;
    const { expression, complement } = this.set;
    const parts: string[] = [];
    const values: SQLInputValue[] = [];
    const isPart = range !== undefined && !(range === this.range && this.wholeTime);
    if (isPart) {
      parts.push("d.seq BETWEEN ? AND ?");
      values.push(range.low, range.high);
    } else if (!this.wholeTime) {
      parts.push("d.ts BETWEEN ? AND ?");
      values.push(this.window.lowMs, this.window.highMs);
    }
    if (expression !== undefined) {
      const within = isPart ? `AND ${rowidsBetween}` : "";
      parts.push(
        `d.seq ${complement ? "NOT " : ""}IN (SELECT rowid FROM f${number} WHERE f${number} MATCH ? ${within})`,
      );
      values.push(expression.text);
      if (isPart) values.push(range.low, range.high);
    } else if (!complement) parts.push("0");
    return { sql: `FROM d${number} AS d WHERE ${parts.length === 0 ? "1" : parts.join(" AND ")}`, values };
  }

  /** In an index whose times never go back the order of records is that of their times. */
  orderBy(order: Order): string {
    return this.row.ordered ? `ORDER BY d.seq ${order}` : `ORDER BY d.ts ${order}, d.seq ${order}`;
  }

  /** What comes after a record in the order of time, as a condition. */
  after(ref: Ref | undefined): { sql: string; values: SQLInputValue[] } {
    if (ref === undefined) return { sql: "", values: [] };
    return this.row.ordered
      ? { sql: "AND d.seq > ?", values: [ref.seq] }
      : { sql: "AND (d.ts, d.seq) > (?, ?)", values: [ref.ts, ref.seq] };
  }
}

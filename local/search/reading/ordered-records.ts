/** Indices whose times never go back: a stretch of time is a stretch of records, and none of them need be read. */
import type { DatabaseSync } from "node:sqlite";
import type { IndexRow } from "../file/tables";
import type { RangeCounts } from "./range-counts";
import type { Expression, Leaf, TokenSet } from "./token-expressions";

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

/** Beyond this, opening an expression costs more than reading it to its end. */
const seekableTokens = 8;
/** The parser of FTS5 has a stack of its own, which deeper brackets overflow. */
const seekableHeight = 25;

/** Whether FTS5 can read a part of its matches without all before it. */
export function isSeekable(expression: Expression): boolean {
  const leaves = (one: Expression): (Leaf | undefined)[] =>
    one.parts.length === 0 ? [one.leaf] : one.parts.flatMap(leaves);
  if (expression.height > seekableHeight) return false;
  const all = leaves(expression);
  return all.length <= seekableTokens && all.every((leaf) => leaf?.kind === "token");
}

/** FTS5 seeks by whole numbers only, and numbers come in as floating point. */
export const rowidsBetween = "rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)";

/** Counts the records of a set between two of them. */
export function rangeCounter(
  db: DatabaseSync,
  row: IndexRow,
  { expression, complement }: TokenSet,
  counts: RangeCounts,
): (range: SeqRange) => number {
  const { number, lastSeq } = row;
  const first = firstSeq(db, number);
  const isWhole = hasNoGaps(db, row);
  const rows = db.prepare(`SELECT count(*) AS n FROM d${number} WHERE seq BETWEEN ? AND ?`);
  const tokens = db.prepare(
    `SELECT count(*) AS n FROM f${number} WHERE f${number} MATCH ? AND ${rowidsBetween}`,
  );
  return ({ low, high }) => {
    const [from, to] = [Math.max(low, first), Math.min(high, lastSeq)];
    if (from > to || (expression === undefined && !complement)) return 0;
    const all = () =>
      isWhole
        ? to - from + 1
        : counts.count(`${number}`, from, to, (...ends) => (rows.get(...ends) as { n: number }).n);
    if (expression === undefined) return all();
    const { text } = expression;
    const found = counts.count(
      `${number} ${text}`,
      from,
      to,
      (...ends) => (tokens.get(text, ...ends) as { n: number }).n,
    );
    return complement ? all() - found : found;
  };
}

export function firstSeq(db: DatabaseSync, number: number): number {
  return (db.prepare(`SELECT min(seq) AS first FROM d${number}`).get() as { first: number }).first;
}

/** Whether there is a document for each number from the first to the last. */
export function hasNoGaps(db: DatabaseSync, { number, lastSeq, documents }: IndexRow): boolean {
  return documents === lastSeq - firstSeq(db, number) + 1;
}

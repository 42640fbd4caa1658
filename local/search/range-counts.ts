/**
 * How many documents of an expression lie between two record numbers. In an index whose times never go back,
 * documents only come at the end: a count that lies before it holds for ever and is kept, so that a page that asks
 * the same every second costs what is new.
 */
import type { DatabaseSync } from "node:sqlite";
import type { Expression } from "./query/token-expressions";

/** A long range is counted in blocks, so that the next one, with other ends, finds most of it counted. */
const BLOCK_RECORDS = 65_536;
const SHORT_RECORDS = 8 * BLOCK_RECORDS;
const EXPRESSIONS_KEPT = 32;
const RANGES_KEPT = 4_000;
/** Beyond this, opening an expression costs more than reading it to its end. */
const SEEKABLE_TOKENS = 8;

/** Whether a part of its matches can be read without all before it: prefixes are collected as a whole. */
export function isSeekable(expression: Expression): boolean {
  const leaves = (one: Expression): Expression[] =>
    one.parts.length === 0 ? [one] : one.parts.flatMap(leaves);
  const all = leaves(expression);
  return all.length <= SEEKABLE_TOKENS && all.every(({ text }) => !text.endsWith("*"));
}

export class RangeCounts {
  /** By index number and expression, the one used longest ago first. */
  private readonly kept = new Map<string, Map<string, number>>();

  constructor(private readonly db: DatabaseSync) {}

  /**
   * Documents of the expression, or with undefined all, among the records from `low` to `high`, none of which is
   * beyond the last one of the index.
   */
  count(indexNumber: number, expression: Expression | undefined, low: number, high: number): number {
    const ranges = this.ranges(`${indexNumber} ${expression?.text ?? ""}`);
    const count = (from: number, to: number): number => {
      const key = `${from} ${to}`;
      const known = ranges.get(key);
      if (known !== undefined) return known;
      const found = this.read(indexNumber, expression, from, to);
      if (ranges.size >= RANGES_KEPT) ranges.clear();
      ranges.set(key, found);
      return found;
    };
    // A short range is a bar of a histogram, which is asked for again as it is.
    if (high - low < SHORT_RECORDS) return count(low, high);
    let sum = 0;
    for (let from = low; from <= high; ) {
      const to = Math.min(high, from - (from % BLOCK_RECORDS) + BLOCK_RECORDS - 1);
      sum += count(from, to);
      from = to + 1;
    }
    return sum;
  }

  private read(number: number, expression: Expression | undefined, from: number, to: number): number {
    const row =
      expression === undefined
        ? this.db.prepare(`SELECT count(*) AS n FROM d${number} WHERE seq BETWEEN ? AND ?`).get(from, to)
        : this.db
            // FTS5 seeks by whole numbers only, and numbers come in as floating point.
            .prepare(
              `SELECT count(*) AS n FROM f${number}
               WHERE f${number} MATCH ? AND rowid BETWEEN CAST(? AS INTEGER) AND CAST(? AS INTEGER)`,
            )
            .get(expression.text, from, to);
    return (row as { n: number }).n;
  }

  private ranges(key: string): Map<string, number> {
    const ranges = this.kept.get(key) ?? new Map<string, number>();
    this.kept.delete(key);
    this.kept.set(key, ranges);
    if (this.kept.size > EXPRESSIONS_KEPT) this.kept.delete(this.kept.keys().next().value as string);
    return ranges;
  }
}

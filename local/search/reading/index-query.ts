/** One condition on one index: which of the ways to answer it is the cheapest. */
import type { DatabaseSync } from "node:sqlite";
import type { FieldMap } from "../documents/fields";
import type { IndexRow } from "../file/tables";
import type { Condition } from "../query/condition";
import { ExactMatches } from "./exact-matches";
import { type Matches, noMatches } from "./matches";
import type { RangeCounts } from "./range-counts";
import { Selection } from "./selection";
import { splitTime, type TimeWindow } from "./time-window";
import { TokenSetBuilder, type Vocabulary } from "./token-sets";
import { VerifiedMatches } from "./verified-matches";
import { WorkLimit } from "./work-limit";

/** An index as it is read. */
export interface ReadIndex {
  readonly db: DatabaseSync;
  readonly row: IndexRow;
  readonly fields: FieldMap;
}

export interface Asked {
  readonly condition: Condition;
  readonly window: TimeWindow;
  readonly counts: RangeCounts;
  /** All that the condition was made from; undefined where it is another one each time. */
  readonly question?: string | undefined;
  /** @default none; with one, the connection has the function that long statements ask whether to go on */
  readonly limit?: WorkLimit;
}

/** FIRST the time that every match must have, THEN what the token index knows of the rest. */
export function matchesOf({ db, row, fields }: ReadIndex, asked: Asked): Matches {
  const { condition, counts, question, limit = new WorkLimit() } = asked;
  const { rest, window } = row.oddTimes
    ? { rest: condition, window: asked.window }
    : splitTime(condition, asked.window);
  if (window.lowMs > row.maxMs || window.highMs < row.minMs || limit.isOver) return noMatches;
  const sets = new TokenSetBuilder(fields, vocabularyOf(db, row)).build(rest);
  if (sets.upper.expression === undefined && !sets.upper.complement) return noMatches;
  const selection = new Selection(db, row, sets.upper, window);
  if (sets.exact) return new ExactMatches(selection, counts, limit);
  const canStop = asked.limit !== undefined;
  return new VerifiedMatches(selection, { condition: rest, fields, counts, limit, question, canStop });
}

function vocabularyOf(db: DatabaseSync, row: IndexRow): Vocabulary {
  return (first, end, glob, limit) => {
    const also = glob === undefined ? "" : "AND term GLOB ?";
    const statement = db.prepare(
      `SELECT term FROM v${row.number} WHERE term >= ? AND term < ? ${also} LIMIT ?`,
    );
    const values = [first, end, ...(glob === undefined ? [] : [glob]), limit + 1];
    const rows = statement.all(...values) as { term: string }[];
    return rows.length > limit ? undefined : rows.map(({ term }) => term);
  };
}

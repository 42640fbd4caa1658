/** One condition on one index: which of the ways to answer it is the cheapest. */
import type { DatabaseSync } from "node:sqlite";
import type { FieldMap } from "../documents/fields";
import type { IndexRow } from "../file/tables";
import { TokenIndices } from "../file/token-indices";
import type { Condition } from "../query/condition";
import { ExactMatches } from "./exact-matches";
import { type Matches, noMatches } from "./matches";
import { openPart } from "./open-part";
import { isSeekable } from "./ordered-records";
import type { RangeCounts } from "./range-counts";
import { RecordTimes } from "./record-times";
import { Selection } from "./selection";
import { SetMatches } from "./set-matches";
import { splitTime, type TimeWindow } from "./time-window";
import { both, withLeaf } from "./token-expressions";
import { TokenSetBuilder, type TokenSets } from "./token-sets";
import { Verdicts } from "./verdicts";
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
  /** @default nothing is known of any document */
  readonly verdicts?: Verdicts;
  /** All that the condition was made from; undefined where it is another one each time. */
  readonly question?: string | undefined;
  /** @default nothing is kept of any page */
  readonly tokens?: TokenIndices;
  /** @default no times are kept */
  readonly times?: RecordTimes;
  /** @default none */
  readonly limit?: WorkLimit;
}

/** FIRST the time that every match must have, THEN what the token index knows of the rest. */
export function matchesOf({ db, row, fields }: ReadIndex, asked: Asked): Matches {
  const { condition, counts, verdicts = new Verdicts(), question, limit = new WorkLimit() } = asked;
  const { tokens = new TokenIndices(db), times = new RecordTimes(db) } = asked;
  const means = { counts, limit, tokens, times };
  const { rest, window } = row.oddTimes
    ? { rest: condition, window: asked.window }
    : splitTime(condition, asked.window);
  if (window.lowMs > row.maxMs || window.highMs < row.minMs || limit.isOver) return noMatches;
  const builder = new TokenSetBuilder(fields, row);
  const sets = builder.build(rest);
  if (sets.upper.expression === undefined && !sets.upper.complement) return noMatches;
  const selection = new Selection(db, row, sets.upper, window);
  const { expression } = sets.upper;
  // FTS5 counts and lists between two records without a look at the others, and what is counted is kept.
  if (sets.exact && (expression === undefined || (row.ordered && isSeekable(expression))))
    return new ExactMatches(selection, means);
  const verdict = verdicts.of(question && `${row.number} of ${question}`);
  const within = row.ordered || selection.wholeTime ? sets : withinTime(sets, window);
  const open = openPart(rest, (part) => builder.isExact(part));
  return new SetMatches(selection, within, { condition: open, fields, verdict }, means);
}

/** Where times go back and forth, the wanted time is one more set. */
function withinTime({ upper, lower, exact }: TokenSets, window: TimeWindow): TokenSets {
  const time = withLeaf({ kind: "time", ...window });
  return { upper: both(upper, time), lower: both(lower, time), exact };
}

/** The indices that a request asks, each with the way to answer it there. */
import type { DatabaseSync } from "node:sqlite";
import { namesMatcher } from "../../name-pattern";
import type { SearchRequest } from "../../rooms";
import type { BodyQuery } from "../../search-body";
import type { FieldMap } from "../documents/fields";
import { type IndexRow, readFields, readIndexRows } from "../file/tables";
import { TokenIndices } from "../file/token-indices";
import { buildBody } from "../query/body";
import { buildCondition } from "../query/build";
import { dependsOnNow, parseOptional } from "../query/parse";
import { matchesOf } from "./index-query";
import type { Matches } from "./matches";
import { RangeCounts } from "./range-counts";
import { RecordTimes } from "./record-times";
import type { Ref } from "./selection";
import type { TimeWindow } from "./time-window";
import { Verdicts } from "./verdicts";
import type { WorkLimit } from "./work-limit";

/** One index with what is asked of it. */
export interface Searched {
  readonly row: IndexRow;
  readonly fields: FieldMap;
  readonly matches: Matches;
}

/** A match in one of several indices. */
export interface FoundRef extends Ref {
  readonly searched: Searched;
}

const anyTime: TimeWindow = { lowMs: Number.NEGATIVE_INFINITY, highMs: Number.POSITIVE_INFINITY };

export type Ask = (row: IndexRow) => Searched;

export class SearchedIndices {
  private readonly fieldsCache = new Map<number, { version: number; fields: FieldMap }>();
  private readonly counts = new RangeCounts();
  private readonly verdicts = new Verdicts();
  readonly tokens: TokenIndices;
  readonly times: RecordTimes;

  constructor(readonly db: DatabaseSync) {
    this.tokens = new TokenIndices(db);
    this.times = new RecordTimes(db);
  }

  /** Indices with documents, by name or pattern. */
  rows(pattern: string | undefined): IndexRow[] {
    const rows = readIndexRows(this.db).filter((row) => row.documents > 0);
    if (pattern === undefined || pattern === "") return rows;
    const wanted = namesMatcher(pattern);
    return rows.filter(({ name }) => wanted(name));
  }

  fields(row: IndexRow): FieldMap {
    const cached = this.fieldsCache.get(row.number);
    if (cached?.version === row.fieldsVersion) return cached.fields;
    const fields = readFields(this.db, row.number);
    this.fieldsCache.set(row.number, { version: row.fieldsVersion, fields });
    return fields;
  }

  /** The same for a query of a body; a value that a field cannot have is told when its index is asked. */
  askingBody(query: BodyQuery, nowMs: number, limit: WorkLimit, window = anyTime): Ask {
    const text = JSON.stringify(query);
    const question = dependsOnNow(text) ? undefined : text;
    const { db, counts, verdicts, tokens, times } = this;
    return (row) => {
      const fields = this.fields(row);
      const condition = buildBody(query, { fields, index: row.name, nowMs });
      const asked = { condition, window, counts, verdicts, tokens, times, question, limit };
      return { row, fields, matches: matchesOf({ db, row, fields }, asked) };
    };
  }

  /** Throws {@link QueryError} at once for a text that is no query. */
  asking(request: SearchRequest, limit: WorkLimit, nowMs = Date.now()): Ask {
    const node = parseOptional(request.query);
    const window = {
      lowMs: request.fromMs ?? Number.NEGATIVE_INFINITY,
      highMs: request.toMs === undefined ? Number.POSITIVE_INFINITY : request.toMs - 1,
    };
    // A field that comes later has no value in what was there before, and changes nothing that was counted.
    const question = dependsOnNow(request.query) ? undefined : request.query;
    const { db, counts, verdicts, tokens, times } = this;
    return (row) => {
      const fields = this.fields(row);
      const condition = buildCondition(node, { fields, index: row.name, nowMs });
      const asked = { condition, window, counts, verdicts, tokens, times, question, limit };
      return { row, fields, matches: matchesOf({ db, row, fields }, asked) };
    };
  }
}

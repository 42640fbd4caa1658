/** A whole request to `_search`: its body, and what the address says instead. */
import { QueryError } from "../../rooms";
import type { BodyQuery, SortKey } from "../../search-body";
import { illegal, notTaken, parsing } from "../errors";
import { readAggregations } from "./aggregations";
import type { AskedAggregation } from "./asked-aggregation";
import { readQuery } from "./query";
import { readQueryString } from "./query-string";
import {
  isObject,
  isScalar,
  type Json,
  textOf,
  timeValueMs,
  tokenOf,
  unknownKey,
  wholeNumber,
} from "./reading";
import { readSort, sortOfAddress } from "./sort";
import { partsOf, readFields, readSource, type WantedField, type WantedSource } from "./source";

export interface SearchBody {
  readonly query: BodyQuery;
  readonly from: number;
  readonly size: number;
  /** Empty: newest first. */
  readonly sort: readonly SortKey[];
  readonly after: readonly (string | null)[] | undefined;
  readonly source: WantedSource;
  readonly fields: readonly WantedField[];
  /** Matches that are counted at the most; undefined: none. */
  readonly trackTotal: number | undefined;
  readonly timeoutMs: number | undefined;
  readonly aggregations: Readonly<Record<string, AskedAggregation>>;
}

type Draft = { -readonly [Key in keyof SearchBody]?: SearchBody[Key] };

/** As `index.max_result_window`. */
const maxWindow = 10_000;
const defaultTracked = 10_000;

const untaken = new Set(
  `collapse derived docvalue_fields explain ext highlight indices_boost knn min_score pit pipeline point_in_time
   post_filter profile rescore runtime_mappings script_fields scroll search_pipeline seq_no_primary_term slice stats
   stored_fields suggest terminate_after track_scores version`.split(/\s+/),
);

const readers: Readonly<Record<string, (value: unknown, draft: Draft) => void>> = {
  query: (value, draft) => {
    draft.query = readQuery(value);
  },
  from: (value, draft) => {
    draft.from = notNegative(wholeNumber(value, "from"), "from");
  },
  size: (value, draft) => {
    draft.size = notNegative(wholeNumber(value, "size"), "size");
  },
  sort: (value, draft) => {
    draft.sort = readSort(value);
  },
  search_after: (value, draft) => {
    draft.after = readAfter(value);
  },
  _source: (value, draft) => {
    draft.source = readSource(value);
  },
  fields: (value, draft) => {
    draft.fields = readFields(value);
  },
  track_total_hits: (value, draft) => {
    draft.trackTotal = trackedOf(value);
  },
  timeout: (value, draft) => {
    if (!isScalar(value)) throw unknownKey(value, "timeout");
    draft.timeoutMs = timeValueMs(textOf(value), "timeout");
  },
  aggs: readAggs,
  aggregations: readAggs,
};

function readAggs(value: unknown, draft: Draft): void {
  if (!isObject(value)) throw unknownKey(value, "aggs");
  draft.aggregations = readAggregations(value);
}

/** @throws RestError */
export function readSearch(body: Json, address: URLSearchParams): SearchBody {
  const draft: Draft = {};
  for (const [key, value] of Object.entries(body)) {
    const read = Object.hasOwn(readers, key) ? readers[key] : undefined;
    if (read !== undefined) read(value, draft);
    else if (untaken.has(key)) refuseUntaken(key, value);
    else throw unknownKey(value, key);
  }
  readAddress(address, draft);
  return checked({
    query: draft.query ?? { kind: "all" },
    from: draft.from ?? 0,
    size: draft.size ?? 10,
    sort: draft.sort ?? [],
    after: draft.after,
    source: draft.source ?? true,
    fields: draft.fields ?? [],
    trackTotal: "trackTotal" in draft ? draft.trackTotal : defaultTracked,
    timeoutMs: draft.timeoutMs,
    aggregations: draft.aggregations ?? {},
  });
}

/** What is switched off, or empty, asks nothing. */
function refuseUntaken(key: string, value: unknown): void {
  const asksNothing =
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (isObject(value) && Object.keys(value).length === 0);
  if (!asksNothing) throw notTaken(key);
}

function readAddress(address: URLSearchParams, draft: Draft): void {
  const text = (name: string) => address.get(name) ?? undefined;
  const given = (name: string, read: (value: string) => void) => {
    const value = text(name);
    if (value !== undefined) read(value);
  };
  draft.query = queryOfAddress(address) ?? draft.query;
  for (const name of ["from", "size", "timeout", "track_total_hits"])
    given(name, (value) => readers[name]?.(value, draft));
  given("sort", (value) => {
    draft.sort = sortOfAddress(value);
  });
  const names = (name: string) => text(name)?.split(",") ?? [];
  given("_source", (value) => {
    draft.source = value === "true" || value === "false" ? value === "true" : partsOf(value.split(","), []);
  });
  const includes = [...names("_source_includes"), ...names("_source_include")];
  const excludes = [...names("_source_excludes"), ...names("_source_exclude")];
  if (includes.length + excludes.length > 0) draft.source = partsOf(includes, excludes);
}

/** `q` with its `df` and `default_operator`; undefined: the address asks nothing. */
export function queryOfAddress(address: URLSearchParams): BodyQuery | undefined {
  const query = address.get("q");
  if (query === null) return undefined;
  const options: Record<string, unknown> = { query };
  const names = { df: "default_field", default_operator: "default_operator", lenient: "lenient" };
  for (const [name, option] of Object.entries(names)) {
    const value = address.get(name);
    if (value !== null) options[option] = value;
  }
  return readQueryString(options);
}

function notNegative(value: number, name: string): number {
  if (value < 0) throw illegal(`[${name}] parameter cannot be negative, found [${value}]`);
  return value;
}

function readAfter(value: unknown): (string | null)[] {
  if (!Array.isArray(value)) throw unknownKey(value, "search_after");
  if (value.length === 0) throw illegal("Values must contains at least one value.");
  return value.map((one: unknown) => {
    if (one === null) return null;
    if (!isScalar(one))
      throw parsing(`Expected [VALUE_STRING] or [VALUE_NUMBER] but found [${tokenOf(one)}]`);
    return textOf(one);
  });
}

function trackedOf(value: unknown): number | undefined {
  if (value === true || value === "true") return Number.POSITIVE_INFINITY;
  if (value === false || value === "false") return undefined;
  const number = wholeNumber(value, "track_total_hits");
  if (number === -1) return undefined;
  return notNegative(number, "track_total_hits");
}

/** What only the whole of a request can get wrong. */
function checked(body: SearchBody): SearchBody {
  const { from, size, after, sort } = body;
  if (from + size > maxWindow)
    throw shardProblem(
      `Result window is too large, from + size must be less than or equal to: [${maxWindow}] but was [${from + size}]. Go on with search_after behind the last hit.`,
    );
  if (after === undefined) return body;
  if (from > 0) throw shardProblem("`from` parameter must be set to 0 when `search_after` is used.");
  if (sort.length === 0) throw shardProblem("Sort must contain at least one field.");
  if (after.length !== sort.length)
    throw shardProblem(`search_after has ${after.length} value(s) but sort has ${sort.length}.`);
  return body;
}

/** A mistake that a real node's shards would tell. */
function shardProblem(message: string): QueryError {
  return new QueryError({ type: "illegal_argument_exception", message });
}

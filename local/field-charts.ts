/** Charts over one field of an index, by the aggregations that a body of `_search` asks. */
import { addressText } from "./address-text";
import { namesMatcher } from "./name-pattern";
import {
  type Bars,
  type FieldCharts,
  type NumbersOverTime,
  type Patience,
  QueryError,
  type SearchRequest,
  type TopValues,
  tooManyBars,
} from "./rooms";
import type {
  Aggregations,
  BodyQuery,
  BodySearcher,
  Found,
  PartialBuckets,
  PartialStats,
  ValueType,
} from "./search-body";

export function fieldCharts(searcher: BodySearcher): FieldCharts {
  return {
    topValues: async ({ field, size, ...request }, patience) =>
      ofWholeValues(field, async (name) => {
        const top = { kind: "terms", field: name, missing: undefined, sub: {} } as const;
        const { aggregations, timedOut } = await find(searcher, request, { top }, patience);
        const { buckets, type } = aggregations["top"] as PartialBuckets;
        const sorted = [...buckets].sort(([, a], [, b]) => b.count - a.count);
        const values = sorted
          .slice(0, size)
          .map(([value, { count }]) => ({ value: valueText(value, type), count }));
        return { values, others: sorted.length - values.length, timedOut };
      }),
    numbersOverTime: async ({ field, ...request }, patience) => numbers(searcher, field, request, patience),
  };
}

async function numbers(
  searcher: BodySearcher,
  field: string,
  { intervalMs, maxBars = Number.POSITIVE_INFINITY, ...request }: SearchRequest & Bars,
  patience: Patience | undefined,
): Promise<NumbersOverTime> {
  const time = {
    kind: "date_histogram",
    field: "@timestamp",
    interval: intervalMs,
    offsetMs: 0,
    timeZone: undefined,
    sub: { of: { kind: "stats", field } },
  } as const;
  const { aggregations, timedOut } = await find(searcher, request, { time }, patience);
  const { buckets } = aggregations["time"] as PartialBuckets;
  if (buckets.size > maxBars) throw new QueryError({ message: tooManyBars(intervalMs, maxBars) });
  const bars = [...buckets]
    .map(([startMs, { sub }]) => ({ startMs: Number(startMs), ...(sub["of"] as PartialStats) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.startMs - b.startMs)
    .map(({ startMs, count, min, max, sum }) => ({ startMs, count, min, avg: sum / count, max }));
  return { bars, timedOut };
}

/** A text has no whole values but those of its copy `.keyword`; where there is none, it says why. */
export async function ofWholeValues(
  field: string,
  ask: (name: string) => Promise<TopValues>,
): Promise<TopValues> {
  try {
    return await ask(field);
  } catch (error) {
    if (!(error instanceof QueryError) || field.endsWith(".keyword")) throw error;
    const copy = await ask(`${field}.keyword`);
    if (copy.values.length === 0) throw error;
    return copy;
  }
}

async function find(
  searcher: BodySearcher,
  request: SearchRequest,
  aggregations: Aggregations,
  patience: Patience | undefined,
): Promise<Found> {
  const { index } = request;
  const indices = index ? await indicesOf(searcher, index, patience) : undefined;
  return searcher.find(
    {
      query: queryOf(request),
      ...(indices && { indices }),
      from: 0,
      size: 0,
      sort: [],
      aggregations,
      nowMs: Date.now(),
    },
    patience,
  );
}

async function indicesOf(searcher: BodySearcher, pattern: string, patience?: Patience): Promise<string[]> {
  const matches = namesMatcher(pattern);
  return (await searcher.mappings(patience)).map(({ index }) => index).filter(matches);
}

function queryOf({ query, fromMs, toMs }: SearchRequest): BodyQuery {
  const text: BodyQuery =
    query.trim() === "" ? { kind: "all" } : { kind: "text", query, operator: "or", lenient: true };
  if (fromMs === undefined && toMs === undefined) return text;
  const range: BodyQuery = {
    kind: "range",
    field: "@timestamp",
    ...(fromMs !== undefined && { low: String(fromMs) }),
    ...(toMs !== undefined && { high: String(toMs) }),
    includeLow: true,
    includeHigh: false,
  };
  return { kind: "bool", must: [text, range], should: [], not: [] };
}

function valueText(value: string | number | bigint, type: ValueType | undefined): string {
  if (type === "ip") return addressText(String(value));
  if (type === "boolean") return value ? "true" : "false";
  if (type === "date") return new Date(Number(value)).toISOString();
  return String(value);
}

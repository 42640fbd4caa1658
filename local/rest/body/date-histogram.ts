/** `date_histogram`: bars of time, those without documents between the first and the last one too. */
import { nextBar, roundingOf } from "../../bars-of-time";
import { QueryError } from "../../rooms";
import type { BucketAggregation, PartialBucket, PartialBuckets } from "../../search-body";
import { isTimeZone } from "../../time-zones";
import { timeFormat } from "../answer/times";
import { content, illegal } from "../errors";
import { answersOf, checkOptions, fieldOf, type ReadAggregation } from "./asked-aggregation";
import { compareBuckets, readOrder } from "./bucket-order";
import { flag, isObject, isScalar, type Json, textOf, tokenOf, wholeNumber } from "./reading";

type Interval = (BucketAggregation & { kind: "date_histogram" })["interval"];

/** As `search.max_buckets`. */
const mostBars = 65_535;

const calendarUnits: Readonly<Record<string, Interval>> = {
  second: "second",
  "1s": "second",
  minute: "minute",
  "1m": "minute",
  hour: "hour",
  "1h": "hour",
  day: "day",
  "1d": "day",
  week: "week",
  "1w": "week",
  month: "month",
  "1M": "month",
  quarter: "quarter",
  "1q": "quarter",
  year: "year",
  "1y": "year",
};
const fixedMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const known = [
  "field",
  "fixed_interval",
  "calendar_interval",
  "interval",
  "min_doc_count",
  "time_zone",
  "offset",
  "format",
  "keyed",
  "order",
  "extended_bounds",
];

export const readDateHistogram: ReadAggregation = (options) => {
  checkOptions("date_histogram", options, known, ["script", "missing", "hard_bounds"]);
  const field = fieldOf(options);
  const interval = intervalOf(options);
  const least =
    options["min_doc_count"] === undefined ? 0 : wholeNumber(options["min_doc_count"], "min_doc_count");
  const timeZone = zoneOf(options["time_zone"]);
  const format = timeFormat(isScalar(options["format"]) ? textOf(options["format"]) : undefined, timeZone);
  const keyed = options["keyed"] !== undefined && flag(options["keyed"], "keyed");
  const order = readOrder("date_histogram", options["order"], [{ by: "_key", direction: 1 }]);
  const bars = {
    kind: "date_histogram",
    field,
    interval,
    offsetMs: offsetOf(options["offset"]),
    timeZone,
    sub: {},
  } as const;
  const bounds = boundsOf(options["extended_bounds"]);
  return {
    ask: (sub) => ({ ...bars, sub }),
    answer: (found, sub) => {
      const { buckets, type, known: empty = {} } = found as PartialBuckets;
      const all =
        least > 0 ? [...buckets] : withEmpty(buckets as Map<number, PartialBucket>, bars, bounds, empty);
      const shown = all
        .filter(([, { count }]) => count >= least)
        .map(([key, bucket]) => ({ key, bucket }))
        .sort(compareBuckets(order, sub));
      const answers = shown.map(({ key, bucket }) => ({
        ...(type === "date" ? { key_as_string: format(key as number) } : {}),
        key,
        doc_count: bucket.count,
        ...answersOf(sub, bucket.sub),
      }));
      if (!keyed) return { buckets: answers };
      return {
        buckets: Object.fromEntries(answers.map((one) => [one.key_as_string ?? String(one.key), one])),
      };
    },
  };
};

function intervalOf(options: Json): Interval {
  const { fixed_interval: fixed, calendar_interval: calendar, interval } = options;
  const failed = (name: string) => content(`[date_histogram] failed to parse field [${name}]`);
  if (fixed !== undefined && calendar !== undefined) throw failed("calendar_interval");
  for (const [name, value] of Object.entries({ fixed_interval: fixed, calendar_interval: calendar })) {
    if (value !== undefined && typeof value !== "string")
      throw content(`[date_histogram] ${name} doesn't support values of type: ${tokenOf(value)}`);
  }
  const text = fixed ?? calendar ?? interval;
  if (text === undefined)
    throw new QueryError({
      type: "illegal_argument_exception",
      message: "Invalid interval specified, must be non-null and non-empty",
    });
  const byCalendar = fixed === undefined ? calendarUnits[String(text)] : undefined;
  if (byCalendar !== undefined) return byCalendar;
  if (calendar !== undefined) throw failed("calendar_interval");
  const [, digits, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(String(text)) ?? [];
  if (digits === undefined || unit === undefined)
    throw failed(fixed === undefined ? "interval" : "fixed_interval");
  const ms = Number(digits) * (fixedMs[unit] as number);
  if (ms === 0)
    throw new QueryError({
      type: "illegal_argument_exception",
      message: "Zero or negative time interval not supported",
    });
  return ms;
}

function zoneOf(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !isTimeZone(value))
    throw content("[date_histogram] failed to parse field [time_zone]");
  return value;
}

function offsetOf(value: unknown): number {
  if (value === undefined) return 0;
  const [, sign, digits, unit] =
    /^([+-]?)(\d+)(ms|s|m|h|d)$/.exec(isScalar(value) ? textOf(value) : "") ?? [];
  if (digits === undefined || unit === undefined)
    throw content("[date_histogram] failed to parse field [offset]");
  return (sign === "-" ? -1 : 1) * Number(digits) * (fixedMs[unit] as number);
}

interface Bounds {
  readonly minMs: number;
  readonly maxMs: number;
}

function boundsOf(value: unknown): Bounds | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw content("[date_histogram] failed to parse field [extended_bounds]");
  const ms = (name: string) => {
    const end = value[name];
    const found = isScalar(end)
      ? /^-?\d+$/.test(textOf(end))
        ? Number(textOf(end))
        : Date.parse(textOf(end))
      : Number.NaN;
    if (Number.isNaN(found))
      throw illegal(
        `[extended_bounds.${name}] is a date or milliseconds since 1970 in the search API of a local run`,
      );
    return found;
  };
  return { minMs: ms("min"), maxMs: ms("max") };
}

type Bars = BucketAggregation & { kind: "date_histogram" };

/** With the bars between the first and the last one that no document is in. */
function withEmpty(
  buckets: ReadonlyMap<number, PartialBucket>,
  bars: Bars,
  bounds: Bounds | undefined,
  empty: PartialBucket["sub"],
): [number, PartialBucket][] {
  const keys = [...buckets.keys()].map(Number);
  if (bounds !== undefined) keys.push(...[bounds.minMs, bounds.maxMs].map(roundingOf(bars)));
  if (keys.length === 0) return [];
  const last = keys.reduce((a, b) => Math.max(a, b));
  const all: [number, PartialBucket][] = [];
  for (let key = keys.reduce((a, b) => Math.min(a, b)); key <= last; key = nextBar(key, bars)) {
    all.push([key, buckets.get(key) ?? { count: 0, sub: empty }]);
    if (all.length > mostBars)
      throw new QueryError({
        type: "too_many_buckets_exception",
        message: `Trying to create too many buckets. Must be less than or equal to: [${mostBars}]; take longer intervals, or min_doc_count 1`,
      });
  }
  return all;
}

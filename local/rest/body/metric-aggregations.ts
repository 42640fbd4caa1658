/** Aggregations that are numbers: `stats` and its parts, and `cardinality`. */
import type { MetricAggregation, PartialAnswer, PartialStats, ValueType } from "../../search-body";
import { isoTime } from "../answer/times";
import { checkOptions, fieldOf, type ReadAggregation } from "./asked-aggregation";

export type Metric = "min" | "max" | "avg" | "sum" | "value_count";

const untaken = ["missing", "script", "format", "value_type", "rehash", "execution_hint"];

const single =
  (only: Metric): ReadAggregation =>
  (options) => {
    checkOptions(only, options, ["field"], untaken);
    const field = fieldOf(options);
    return {
      ask: () => ({ kind: "stats", field, only }),
      answer: (found) => {
        const stats = found as PartialStats;
        const value = metricOf(stats, only);
        const text = only === "value_count" ? undefined : asText(value, stats.type);
        return { value, ...(text === undefined ? {} : { value_as_string: String(text) }) };
      },
    };
  };

export const metricReaders: Readonly<Record<string, ReadAggregation>> = {
  stats: (options) => {
    checkOptions("stats", options, ["field"], untaken);
    const field = fieldOf(options);
    return { ask: () => ({ kind: "stats", field }), answer: (found) => statsAnswer(found as PartialStats) };
  },
  cardinality: (options) => {
    checkOptions("cardinality", options, ["field", "precision_threshold"], untaken);
    const field = fieldOf(options);
    return {
      ask: () => ({ kind: "cardinality", field }),
      answer: (found) => ({ value: found.kind === "values" ? found.values.size : 0 }),
    };
  },
  min: single("min"),
  max: single("max"),
  avg: single("avg"),
  sum: single("sum"),
  value_count: single("value_count"),
};

function metricOf({ count, min, max, sum }: PartialStats, metric: Metric): number | null {
  switch (metric) {
    case "value_count":
      return count;
    case "sum":
      return sum;
    case "avg":
      return count === 0 ? null : sum / count;
    default:
      return count === 0 ? null : metric === "min" ? min : max;
  }
}

const names = ["min", "max", "avg", "sum"] as const;

function statsAnswer(stats: PartialStats): object {
  const values = Object.fromEntries(names.map((name) => [name, metricOf(stats, name)]));
  const texts = names.flatMap((name) => {
    const text = stats.count === 0 ? undefined : asText(metricOf(stats, name), stats.type);
    return text === undefined ? [] : [[`${name}_as_string`, text] as const];
  });
  return { count: stats.count, ...values, ...Object.fromEntries(texts) };
}

/** Times are told as such, too, and so is true and false. */
function asText(value: number | null, type: ValueType | undefined): string | boolean | undefined {
  if (value === null) return undefined;
  if (type === "date") return isoTime(Math.trunc(value));
  return type === "boolean" ? value !== 0 : undefined;
}

/** What buckets are ordered by. Undefined: there is no such number. */
export function metricForOrder(
  asked: MetricAggregation,
  found: PartialAnswer,
  property: string | undefined,
): number | undefined {
  if (found.kind === "values")
    return property === undefined || property === "value" ? found.values.size : undefined;
  if (found.kind !== "stats") return undefined;
  const only = asked.kind === "stats" ? asked.only : undefined;
  const metric = only !== undefined && (property === undefined || property === "value") ? only : property;
  if (metric === "count" && only === undefined) return found.count;
  if (metric === undefined || !(names as readonly string[]).concat("value_count").includes(metric))
    return undefined;
  return metricOf(found, metric as Metric) ?? Number.NaN;
}

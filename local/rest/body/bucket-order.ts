/** `order` of buckets: by number of documents, by key, or by a number within each. */
import { QueryError } from "../../rooms";
import type { MetricAggregation, PartialBucket } from "../../search-body";
import { compareTexts } from "../../search-order";
import { content, parsing } from "../errors";
import type { AskedAggregation } from "./asked-aggregation";
import { metricForOrder } from "./metric-aggregations";
import { isObject, tokenOf } from "./reading";

export interface KeyedBucket {
  readonly key: string | number | bigint;
  readonly bucket: PartialBucket;
}

export interface BucketOrder {
  /** `_count`, `_key`, or the path of a number such as `stats.max`. */
  readonly by: string;
  readonly direction: 1 | -1;
}

export function readOrder(
  kind: string,
  value: unknown,
  byDefault: readonly BucketOrder[],
): readonly BucketOrder[] {
  if (value === undefined) return byDefault;
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  const order = parts.map((part): BucketOrder => {
    if (!isObject(part)) throw content(`[${kind}] order doesn't support values of type: ${tokenOf(part)}`);
    const [entry, second] = Object.entries(part);
    if (entry === undefined || second !== undefined)
      throw parsing("Must specify at least one field for [order]");
    const [by, direction] = entry;
    const word = String(direction).toLowerCase();
    if (word !== "asc" && word !== "desc") throw parsing(`Unknown order direction [${String(direction)}]`);
    return { by: by === "_term" || by === "_time" ? "_key" : by, direction: word === "asc" ? 1 : -1 };
  });
  return order.some(({ by }) => by === "_key") ? order : [...order, { by: "_key", direction: 1 }];
}

/** @throws QueryError where there is no such number */
export function compareBuckets(
  order: readonly BucketOrder[],
  sub: Readonly<Record<string, AskedAggregation>>,
): (a: KeyedBucket, b: KeyedBucket) => number {
  const compare = order.map(({ by, direction }) => {
    if (by === "_count")
      return (a: KeyedBucket, b: KeyedBucket) => direction * (a.bucket.count - b.bucket.count);
    if (by === "_key") return (a: KeyedBucket, b: KeyedBucket) => direction * compareKeys(a.key, b.key);
    const numberOf = metricAt(by, sub);
    return (a: KeyedBucket, b: KeyedBucket) =>
      compareNumbers(numberOf(a.bucket), numberOf(b.bucket), direction);
  });
  return (a, b) => {
    for (const one of compare) {
      const found = one(a, b);
      if (found !== 0) return found;
    }
    return 0;
  };
}

function compareKeys(a: KeyedBucket["key"], b: KeyedBucket["key"]): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What has no number comes last, whatever the direction. */
function compareNumbers(a: number, b: number, direction: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return direction * (a < b ? -1 : a > b ? 1 : 0);
}

function metricAt(
  path: string,
  sub: Readonly<Record<string, AskedAggregation>>,
): (bucket: PartialBucket) => number {
  const dot = path.lastIndexOf(".");
  const [name, property] =
    Object.hasOwn(sub, path) || dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
  const asked = Object.hasOwn(sub, name) ? sub[name]?.ask : undefined;
  if (asked === undefined || (asked.kind !== "stats" && asked.kind !== "cardinality"))
    throw invalidPath(
      path,
      `The provided aggregation [${name}] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.`,
    );
  if (asked.kind === "stats" && asked.only === undefined && property === undefined)
    throw invalidPath(
      path,
      "When ordering on a multi-value metrics aggregation a metric name must be specified.",
    );
  return (bucket) => {
    const answer = bucket.sub[name];
    const number = answer && metricForOrder(asked as MetricAggregation, answer, property);
    if (number === undefined) throw invalidPath(path, `There is no [${property ?? ""}] in it.`);
    return number;
  };
}

function invalidPath(path: string, why: string): QueryError {
  const message = `Invalid aggregation order path [${path}]. ${why}`;
  return new QueryError({ type: "aggregation_execution_exception", message });
}

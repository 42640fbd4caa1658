/** Aggregations that divide documents among buckets: `terms`, `range`, `filters`, `filter` and `date_histogram`. */
import type { BodyQuery, PartialBucket, PartialBuckets } from "../../search-body";
import { isoTime } from "../answer/times";
import { javaDouble, keyOf } from "../answer/values";
import { content, illegal, parsing } from "../errors";
import {
  type AskedAggregation,
  answersOf,
  checkOptions,
  fieldOf,
  type ReadAggregation,
} from "./asked-aggregation";
import { compareBuckets, type KeyedBucket, readOrder } from "./bucket-order";
import { readDateHistogram } from "./date-histogram";
import { readQuery } from "./query";
import { flag, isObject, isScalar, type Json, textOf, tokenOf, wholeNumber } from "./reading";

type Sub = Readonly<Record<string, AskedAggregation>>;

export const bucketReaders: Readonly<Record<string, ReadAggregation>> = {
  terms: readTerms,
  range: readRange,
  filters: readFilters,
  filter: (options) => {
    const query = readQuery(options);
    return {
      ask: (sub) => ({ kind: "filters", filters: [query], other: false, sub }),
      answer: (found, sub) =>
        bucketAnswer((found as PartialBuckets).buckets.get(0), found as PartialBuckets, sub),
    };
  },
  date_histogram: readDateHistogram,
};

/** Undefined: no document is in it. */
function bucketAnswer(
  bucket: PartialBucket | undefined,
  { known = {} }: PartialBuckets,
  sub: Sub,
): { doc_count: number } {
  return { doc_count: bucket?.count ?? 0, ...answersOf(sub, bucket?.sub ?? known) };
}

const termsUntaken = ["script", "include", "exclude", "format", "value_type"];
const termsKnown = [
  "field",
  "size",
  "shard_size",
  "order",
  "missing",
  "min_doc_count",
  "shard_min_doc_count",
  "show_term_doc_count_error",
  "collect_mode",
  "execution_hint",
];

function readTerms(options: Json): ReturnType<ReadAggregation> {
  checkOptions("terms", options, termsKnown, termsUntaken);
  const field = fieldOf(options);
  const size = options["size"] === undefined ? 10 : wholeNumber(options["size"], "size");
  if (size < 1) throw content("[terms] failed to parse field [size]");
  // A shard hands out so many; what has fewer documents than is asked for is left out of these, and counted nowhere.
  const shardSize = Math.floor(size * 1.5 + 10);
  const least =
    options["min_doc_count"] === undefined ? 1 : wholeNumber(options["min_doc_count"], "min_doc_count");
  if (least < 1) throw illegal("[min_doc_count] of [terms] is from 1 on in the search API of a local run");
  const showsError =
    options["show_term_doc_count_error"] !== undefined &&
    flag(options["show_term_doc_count_error"], "show_term_doc_count_error");
  const order = readOrder("terms", options["order"], [
    { by: "_count", direction: -1 },
    { by: "_key", direction: 1 },
  ]);
  const missing = isScalar(options["missing"]) ? textOf(options["missing"]) : undefined;
  return {
    ask: (sub) => ({ kind: "terms", field, missing, sub }),
    answer: (found, sub) => {
      const { buckets, type } = found as PartialBuckets;
      const all: KeyedBucket[] = [...buckets].map(([key, bucket]) => ({ key, bucket }));
      const sorted = all.sort(compareBuckets(order, sub));
      const enough = sorted.slice(0, shardSize).filter(({ bucket }) => bucket.count >= least);
      const shown = enough.slice(0, size);
      const rest = sumOf(enough.slice(size)) + sumOf(sorted.slice(shardSize));
      const [first] = order;
      const isCertain = first?.by === "_key" || (first?.by === "_count" && first.direction < 0);
      const error = { doc_count_error_upper_bound: isCertain || sorted.length <= shardSize ? 0 : -1 };
      return {
        ...error,
        sum_other_doc_count: rest,
        buckets: shown.map(({ key, bucket }) => {
          const { doc_count, ...below } = bucketAnswer(bucket, found as PartialBuckets, sub);
          return { ...keyOf(key, type), doc_count, ...(showsError ? error : {}), ...below };
        }),
      };
    },
  };
}

const sumOf = (buckets: readonly KeyedBucket[]): number =>
  buckets.reduce((sum, { bucket }) => sum + bucket.count, 0);

interface Range {
  readonly key: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function readRange(options: Json): ReturnType<ReadAggregation> {
  checkOptions("range", options, ["field", "ranges", "keyed"], ["script", "missing", "format"]);
  const field = fieldOf(options);
  const { ranges: list = [], keyed: wantsKeys } = options;
  if (!Array.isArray(list)) throw parsing(`Unknown key for a ${tokenOf(list)} in [ranges].`);
  const ranges = list.map(rangeOf);
  const keyed = wantsKeys !== undefined && flag(wantsKeys, "keyed");
  return {
    ask: (sub) => ({ kind: "range", field, ranges, sub }),
    answer: (found, sub) => ({ buckets: rangeBuckets(found as PartialBuckets, ranges, sub, keyed) }),
  };
}

function rangeOf(value: unknown): Range {
  if (!isObject(value)) throw content("[range] failed to parse field [ranges]");
  for (const key of Object.keys(value))
    if (!["key", "from", "to"].includes(key)) throw content("[range] failed to parse field [ranges]");
  const text = (name: string) => (isScalar(value[name]) ? textOf(value[name]) : undefined);
  return { key: text("key"), from: text("from"), to: text("to") };
}

/** In the order of their ends. */
function rangeBuckets(found: PartialBuckets, ranges: readonly Range[], sub: Sub, keyed: boolean): unknown {
  const { buckets, ranges: ends, type } = found;
  const known = ranges.map(({ key, from, to }, at) => ({
    at,
    key,
    from: ends?.[at]?.from ?? Number(from ?? Number.NEGATIVE_INFINITY),
    to: ends?.[at]?.to ?? Number(to ?? Number.POSITIVE_INFINITY),
  }));
  const sorted = known.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to));
  const answers = sorted.map(({ at, key, from, to }) => {
    const text = (value: number) =>
      Number.isFinite(value)
        ? type === "date"
          ? isoTime(value)
          : type === "boolean"
            ? String(value !== 0)
            : javaDouble(value)
        : "*";
    const end = (name: string, value: number) => {
      if (!Number.isFinite(value)) return {};
      const asString = type === "date" ? text(value) : type === "boolean" ? value !== 0 : undefined;
      return { [name]: value, ...(asString === undefined ? {} : { [`${name}_as_string`]: asString }) };
    };
    const name = key ?? `${text(from)}-${text(to)}`;
    return [
      name,
      {
        ...end("from", from),
        ...end("to", to),
        ...bucketAnswer(buckets.get(at), found as PartialBuckets, sub),
      },
    ] as const;
  });
  return keyed ? Object.fromEntries(answers) : answers.map(([key, answer]) => ({ key, ...answer }));
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function readFilters(options: Json, name: string): ReturnType<ReadAggregation> {
  checkOptions("filters", options, ["filters", "other_bucket", "other_bucket_key"]);
  const { filters = {}, other_bucket: other, other_bucket_key: otherKey } = options;
  if (!isObject(filters) && !Array.isArray(filters))
    throw parsing(`Unknown key for a ${tokenOf(filters)} in [${name}]: [filters].`);
  const keys = isObject(filters) ? Object.keys(filters).sort() : undefined;
  const queries: BodyQuery[] = keys
    ? keys.map((key) => readQuery((filters as Json)[key]))
    : (filters as unknown[]).map((one) => readQuery(one));
  if (queries.length === 0) throw illegal("[filters] cannot be empty.");
  const hasOther = other === undefined ? otherKey !== undefined : flag(other, "other_bucket");
  const names = keys && [...keys, ...(hasOther ? [isScalar(otherKey) ? textOf(otherKey) : "_other_"] : [])];
  return {
    ask: (sub) => ({ kind: "filters", filters: queries, other: hasOther, sub }),
    answer: (found, sub) => {
      const { buckets } = found as PartialBuckets;
      const answers = Array.from({ length: queries.length + (hasOther ? 1 : 0) }, (_, at) =>
        bucketAnswer(buckets.get(at), found as PartialBuckets, sub),
      );
      if (names === undefined) return { buckets: answers };
      return { buckets: Object.fromEntries(names.map((key, at) => [key, answers[at]])) };
    },
  };
}

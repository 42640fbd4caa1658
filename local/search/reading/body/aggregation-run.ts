/** Counts what aggregations ask over the matches of all indices, one index after the other. */

import { roundingOf } from "../../../bars-of-time";
import { addNumber, emptyAnswer, emptyAnswers, noteKnown, noteType } from "../../../partial-answers";
import { QueryError } from "../../../rooms";
import {
  type Aggregation,
  type Aggregations,
  type BucketAggregation,
  type MetricAggregation,
  numberTypes,
  type PartialAnswer,
  type PartialBucket,
  type PartialBuckets,
  type PartialStats,
  type PartialValues,
} from "../../../search-body";
import type { DocValue } from "../../documents/doc-values";
import { buildBody } from "../../query/body";
import { matches } from "../../query/match";
import type { Searched } from "../searched";
import type { WorkLimit } from "../work-limit";
import type { Placed } from "./hit-order";
import { type AnswerBook, type IndexMeans, KnownAnswers } from "./known-answers";
import { illegal, numberOf, type ReadValues, valueOfType, valuesIn } from "./values-in";

/** Adds one document to an answer. */
type Collect = (document: Placed, into: PartialAnswer) => void;

/** Of all answers together: what is kept of one question must not exhaust the memory. */
const mostBuckets = 250_000;
const mostValues = 1_000_000;

export class AggregationRun {
  readonly answers: Record<string, PartialAnswer>;
  private buckets = 0;
  private values = 0;
  private readonly book: AnswerBook = {
    bucket: (into, key, count, aggregation) => {
      const buckets = into as PartialBuckets;
      const bucket = this.bucket(buckets, key, "sub" in aggregation ? aggregation.sub : {});
      bucket.count += count;
      for (const name in buckets.known)
        noteKnown(bucket.sub[name] as PartialAnswer, buckets.known[name] as PartialAnswer);
      return bucket.sub;
    },
    value: (into, value) => this.value((into as PartialValues).values, value),
  };

  constructor(
    private readonly asked: Aggregations,
    private readonly nowMs: number,
    private readonly means: IndexMeans,
  ) {
    this.answers = emptyAnswers(asked);
  }

  /**
   * What takes the matches of one index; undefined: none need be read, as all that is asked is nothing or known to the
   * index by itself, and has been added.
   */
  collector(searched: Searched, limit: WorkLimit): ((document: Placed) => void) | undefined {
    const known = new KnownAnswers(this.means, searched, this.book, limit);
    const collects: (readonly [PartialAnswer, Collect])[] = [];
    for (const [name, aggregation] of Object.entries(this.asked)) {
      const into = this.answers[name] as PartialAnswer;
      const collect = this.compile(aggregation, searched, into, name);
      if (!known.add(aggregation, into)) collects.push([into, collect]);
    }
    if (collects.length === 0) return undefined;
    return (document) => {
      for (const [into, collect] of collects) collect(document, into);
    };
  }

  private compile(aggregation: Aggregation, searched: Searched, into: PartialAnswer, name: string): Collect {
    switch (aggregation.kind) {
      case "stats":
        return this.stats(aggregation, searched, into as PartialStats);
      case "cardinality":
        return this.cardinality(aggregation, searched);
      default:
        return this.bucketed(aggregation, searched, into as PartialBuckets, name);
    }
  }

  private stats(
    { field, only }: MetricAggregation & { kind: "stats" },
    searched: Searched,
    into: PartialStats,
  ): Collect {
    const allowed = only === "value_count" ? undefined : numberTypes;
    const { type, read } = valuesIn(searched, field, only ?? "stats", allowed);
    noteType(into, type);
    return (document, answer) => {
      const sums = answer as PartialStats;
      for (const value of read(document)) {
        sums.count++;
        if (typeof value === "string") continue;
        addNumber(sums, Number(value));
      }
    };
  }

  private cardinality({ field }: MetricAggregation, searched: Searched): Collect {
    const { read } = valuesIn(searched, field, "cardinality");
    return (document, answer) => {
      const { values } = answer as PartialValues;
      for (const value of read(document)) {
        this.value(values, value);
      }
    };
  }

  private value(values: PartialValues["values"], value: DocValue): void {
    if (values.has(value)) return;
    if (++this.values > mostValues)
      throw new QueryError({ message: `More than ${mostValues} distinct values; narrow the query` });
    values.add(value);
  }

  private bucketed(
    aggregation: BucketAggregation,
    searched: Searched,
    into: PartialBuckets,
    name: string,
  ): Collect {
    const { sub } = aggregation;
    const subs = Object.entries(sub).map(([below, one]) => {
      const known = emptyAnswer(one);
      return { below, known, collect: this.compile(one, searched, known, below) };
    });
    into.known = Object.fromEntries(subs.map(({ below, known }) => [below, known]));
    const keysOf = this.keysOf(aggregation, searched, into, name);
    return (document, answer) => {
      for (const key of keysOf(document)) {
        const bucket = this.bucket(answer as PartialBuckets, key, sub);
        bucket.count++;
        for (const { below, known, collect } of subs) {
          const into = bucket.sub[below] as PartialAnswer;
          noteKnown(into, known);
          collect(document, into);
        }
      }
    };
  }

  private bucket({ buckets }: PartialBuckets, key: DocValue, sub: Aggregations): PartialBucket {
    let bucket = buckets.get(key);
    if (bucket === undefined) {
      if (++this.buckets > mostBuckets)
        throw new QueryError({
          type: "too_many_buckets_exception",
          message: `Trying to create too many buckets. Must be less than or equal to: [${mostBuckets}]; narrow the query or take longer intervals`,
        });
      bucket = { count: 0, sub: emptyAnswers(sub) };
      buckets.set(key, bucket);
    }
    return bucket;
  }

  /** The buckets that a document is in, each once. */
  private keysOf(
    aggregation: BucketAggregation,
    searched: Searched,
    into: PartialBuckets,
    name: string,
  ): ReadValues {
    switch (aggregation.kind) {
      case "terms":
        return termKeys(aggregation, searched, into);
      case "date_histogram": {
        const { type, read } = valuesIn(searched, aggregation.field, "date_histogram", numberTypes);
        noteType(into, type);
        const round = roundingOf(aggregation);
        return (document) => each(read(document).map((value) => round(Number(value))));
      }
      case "range":
        return this.rangeKeys(aggregation, searched, into, name);
      case "filters": {
        const { row, fields } = searched;
        const against = { fields, index: row.name, nowMs: this.nowMs };
        const conditions = aggregation.filters.map((query) => buildBody(query, against));
        return (document) => {
          const keys = conditions.flatMap((one, at) => (matches(one, document.view()) ? [at] : []));
          return keys.length === 0 && aggregation.other ? [conditions.length] : keys;
        };
      }
    }
  }

  private rangeKeys(
    { field, ranges }: BucketAggregation & { kind: "range" },
    searched: Searched,
    into: PartialBuckets,
    name: string,
  ): ReadValues {
    if (ranges.length === 0) throw illegal(`No [ranges] specified for the [${name}] aggregation`);
    const { type, read } = valuesIn(searched, field, "range", numberTypes);
    noteType(into, type);
    const endOf = (text: string | undefined, open: number) =>
      text === undefined ? open : numberOf(text, type, this.nowMs);
    const ends = ranges.map(({ from, to }) => ({
      from: endOf(from, Number.NEGATIVE_INFINITY),
      to: endOf(to, Number.POSITIVE_INFINITY),
    }));
    if (type !== undefined || into.ranges === undefined) into.ranges = ends;
    return (document) => {
      const values = read(document).map(Number);
      return ends.flatMap(({ from, to }, at) =>
        values.some((value) => value >= from && value < to) ? [at] : [],
      );
    };
  }
}

function termKeys(
  { field, missing }: BucketAggregation & { kind: "terms" },
  searched: Searched,
  into: PartialBuckets,
): ReadValues {
  const { type, read } = valuesIn(searched, field, "terms");
  noteType(into, type ?? (missing === undefined ? undefined : "keyword"));
  if (missing === undefined) return (document) => each(read(document));
  const instead = [valueOfType(missing, type)];
  return (document) => {
    const keys = each(read(document));
    return keys.length === 0 ? instead : keys;
  };
}

/** Equal neighbours once. */
function each(sorted: DocValue[]): DocValue[] {
  return sorted.length < 2 ? sorted : sorted.filter((value, at) => value !== sorted[at - 1]);
}

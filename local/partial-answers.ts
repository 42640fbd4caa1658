/** Answers to aggregations that are a part of the whole: of one index, of one stream. */
import { QueryError } from "./rooms";
import {
  type Aggregation,
  type Aggregations,
  numberTypes,
  type PartialAnswer,
  type PartialBuckets,
  type PartialStats,
  type ValueType,
} from "./search-body";

export function emptyAnswers(asked: Aggregations): Record<string, PartialAnswer> {
  return Object.fromEntries(Object.entries(asked).map(([name, one]) => [name, emptyAnswer(one)]));
}

export function emptyAnswer(aggregation: Aggregation): PartialAnswer {
  switch (aggregation.kind) {
    case "cardinality":
      return { kind: "values", values: new Set() };
    case "stats":
      return {
        kind: "stats",
        type: undefined,
        count: 0,
        min: Number.POSITIVE_INFINITY,
        max: Number.NEGATIVE_INFINITY,
        sum: 0,
        lost: 0,
      };
    default:
      return { kind: "buckets", type: undefined, buckets: new Map() };
  }
}

/** Numbers of several kinds are fractions together; a number and a text are no one thing. */
export function noteType(into: PartialAnswer, type: ValueType | undefined): void {
  if (into.kind === "values" || type === undefined || into.type === type) return;
  if (into.type === undefined) into.type = type;
  else if (numberTypes.includes(into.type) && numberTypes.includes(type)) into.type = "double";
  else
    throw new QueryError({
      type: "illegal_argument_exception",
      message: `The field is of type [${into.type}] in one index and of type [${type}] in another: ask them apart`,
    });
}

/** What is known of an answer before there is a document for it: its type, and the ends of its ranges. */
export function noteKnown(into: PartialAnswer, known: PartialAnswer): void {
  if (known.kind === "values") return;
  noteType(into, known.type);
  if (into.kind !== "buckets" || known.kind !== "buckets") return;
  if (known.ranges !== undefined) into.ranges = known.ranges;
  into.known ??= known.known;
}

/** A number that is there so many times. */
export function addNumber(sums: PartialStats, number: number, times = 1): void {
  if (number < sums.min) sums.min = number;
  if (number > sums.max) sums.max = number;
  for (let left = times; left > 0; left--) addToSum(sums, number);
}

/** What rounding takes from a sum is kept beside it, as the real one does: the sum does not hang on the order. */
function addToSum(sums: PartialStats, number: number): void {
  const corrected = number - sums.lost;
  const sum = sums.sum + corrected;
  sums.lost = Number.isFinite(sum) ? sum - sums.sum - corrected : 0;
  sums.sum = sum;
}

/** Adds what another part has found. */
export function mergeAnswers(
  into: Record<string, PartialAnswer>,
  from: Readonly<Record<string, PartialAnswer>>,
): void {
  for (const [name, answer] of Object.entries(from)) {
    const known = into[name];
    if (known === undefined) into[name] = answer;
    else merge(known, answer);
  }
}

function merge(into: PartialAnswer, from: PartialAnswer): void {
  noteKnown(into, from);
  if (into.kind === "values" && from.kind === "values")
    for (const value of from.values) into.values.add(value);
  else if (into.kind === "stats" && from.kind === "stats") mergeStats(into, from);
  else if (into.kind === "buckets" && from.kind === "buckets") mergeBuckets(into, from);
}

function mergeStats(into: PartialStats, from: PartialStats): void {
  into.count += from.count;
  addToSum(into, from.sum);
  into.min = Math.min(into.min, from.min);
  into.max = Math.max(into.max, from.max);
}

function mergeBuckets(into: PartialBuckets, from: PartialBuckets): void {
  for (const [key, bucket] of from.buckets) {
    const known = into.buckets.get(key);
    if (known === undefined) into.buckets.set(key, bucket);
    else {
      known.count += bucket.count;
      mergeAnswers(known.sub, bucket.sub);
    }
  }
}

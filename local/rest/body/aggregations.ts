/** Aggregations of a body: what the index is asked, and how its answer is written. */
import type { Aggregations } from "../../search-body";
import { notTaken, parsing, RestError } from "../errors";
import type { AskedAggregation, ReadAggregation } from "./asked-aggregation";
import { bucketReaders } from "./bucket-aggregations";
import { metricReaders } from "./metric-aggregations";
import { isObject, type Json, tokenOf } from "./reading";

const readers: Readonly<Record<string, ReadAggregation>> = { ...bucketReaders, ...metricReaders };

/** @throws RestError */
export function readAggregations(value: Json): Record<string, AskedAggregation> {
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, readOne(name, one)]));
}

/** What the index is asked. */
export function asksOf(asked: Readonly<Record<string, AskedAggregation>>): Aggregations {
  return Object.fromEntries(Object.entries(asked).map(([name, { ask }]) => [name, ask]));
}

function readOne(name: string, value: unknown): AskedAggregation {
  if (/[[\]>]/.test(name))
    throw parsing(
      `Invalid aggregation name [${name}]. Aggregation names can contain any character except '[', ']', and '>'`,
    );
  if (!isObject(value))
    throw parsing(
      `Aggregation definition for [${name} starts with a [${tokenOf(value)}], expected a [START_OBJECT].`,
    );
  const { aggs, aggregations, meta, ...kinds } = value;
  const below = aggs ?? aggregations;
  const [kind, second] = Object.keys(kinds);
  if (kind === undefined) throw parsing(`Missing definition for aggregation [${name}]`);
  if (second !== undefined)
    throw parsing(`Found two aggregation type definitions in [${name}]: [${kind}] and [${second}]`);
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined;
  if (read === undefined) throw unknownKind(kind, Object.keys(readers));
  const options = kinds[kind];
  if (!isObject(options))
    throw parsing(`Expected [START_OBJECT] under [${kind}], but got a [${tokenOf(options)}] in [${name}]`);
  const { ask, answer } = read(options, name);
  const sub = isObject(below) ? readAggregations(below) : {};
  if (Object.keys(sub).length > 0 && kind in metricReaders)
    throw new RestError(
      500,
      "aggregation_initialization_exception",
      `Aggregator [${name}] of type [${kind}] cannot accept sub-aggregations`,
    );
  return { ask: ask(asksOf(sub)), sub, meta, answer };
}

const others = new Set(
  `adjacency_matrix auto_date_histogram avg_bucket bucket_script bucket_selector bucket_sort children composite
   cumulative_sum date_range derivative diversified_sampler extended_stats extended_stats_bucket geo_bounds
   geo_centroid geo_distance geohash_grid geotile_grid global histogram ip_range matrix_stats max_bucket
   median_absolute_deviation min_bucket missing moving_avg moving_fn multi_terms nested parent percentile_ranks
   percentiles percentiles_bucket rare_terms reverse_nested sampler scripted_metric serial_diff significant_terms
   significant_text stats_bucket sum_bucket top_hits variable_width_histogram weighted_avg`.split(/\s+/),
);

function unknownKind(kind: string, taken: readonly string[]): RestError {
  if (others.has(kind)) return notTaken(kind, `taken are ${taken.join(", ")}`);
  return parsing(`Unknown aggregation type [${kind}]`);
}

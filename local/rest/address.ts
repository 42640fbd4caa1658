/** Parameters of an address: each known, as OpenSearch wants it. */
import type { Context } from "hono";
import { illegal, notTaken } from "./errors";

/** They may stand anywhere. */
const common = [
  "pretty",
  "human",
  "error_trace",
  "format",
  "filter_path",
  "expand_wildcards",
  "ignore_unavailable",
  "allow_no_indices",
  "ignore_throttled",
  "local",
  "cluster_manager_timeout",
  "master_timeout",
  "preference",
  "routing",
  "request_cache",
];
const untaken = [
  "scroll",
  "search_pipeline",
  "filter_path",
  "routing",
  "typed_keys",
  "stored_fields",
  "docvalue_fields",
  "explain",
  "version",
  "seq_no_primary_term",
  "terminate_after",
  "include_unmapped",
];

const queryNames = ["q", "df", "default_operator", "lenient", "analyze_wildcard", "analyzer"];
export const searchNames = [
  ...queryNames,
  "from",
  "size",
  "sort",
  "_source",
  "_source_includes",
  "_source_excludes",
  "_source_include",
  "_source_exclude",
  "track_total_hits",
  "timeout",
  "rest_total_hits_as_int",
  "search_type",
  "batched_reduce_size",
  "max_concurrent_shard_requests",
  "pre_filter_shard_size",
  "ccs_minimize_roundtrips",
  "allow_partial_search_results",
  "cancel_after_time_interval",
  "phase_took",
];
export const severalNames = [
  "rest_total_hits_as_int",
  "search_type",
  "max_concurrent_searches",
  "max_concurrent_shard_requests",
  "pre_filter_shard_size",
  "ccs_minimize_roundtrips",
];
export const countNames = queryNames;
export const catNames = [
  "v",
  "h",
  "s",
  "bytes",
  "health",
  "help",
  "time",
  "pri",
  "include_unloaded_segments",
  "expand_wildcards",
];
export const documentNames = [
  "_source",
  "_source_includes",
  "_source_excludes",
  "realtime",
  "refresh",
  "version",
  "version_type",
];
export const indexNames = ["flat_settings", "include_defaults"];

/** @throws RestError for a parameter that nobody knows, or that is not taken here */
export function addressOf(context: Context, known: readonly string[]): URLSearchParams {
  const { searchParams } = new URL(context.req.url);
  for (const [name, value] of searchParams) {
    if (untaken.includes(name) && value !== "false" && !(name === "version" && known.includes(name)))
      throw notTaken(name);
    if (!common.includes(name) && !known.includes(name) && !untaken.includes(name))
      throw illegal(`request [${context.req.path}] contains unrecognized parameter: [${name}]`);
  }
  return searchParams;
}

/** `query_string` of a body. */
import type { BodyQuery } from "../../search-body";
import { notTaken, parsing } from "../errors";
import { flag, isScalar, type Json, operatorOf, textOf } from "./reading";

/** What changes no answer here: scores, and what the default is. */
const without = [
  "boost",
  "_name",
  "analyze_wildcard",
  "allow_leading_wildcard",
  "enable_position_increments",
  "auto_generate_synonyms_phrase_query",
  "type",
  "tie_breaker",
  "rewrite",
  "max_determinized_states",
];
const untaken = [
  "analyzer",
  "quote_analyzer",
  "quote_field_suffix",
  "minimum_should_match",
  "phrase_slop",
  "fuzziness",
  "fuzzy_max_expansions",
  "fuzzy_prefix_length",
  "fuzzy_rewrite",
  "fuzzy_transpositions",
  "escape",
  "locale",
];
const read = ["query", "fields", "default_field", "default_operator", "lenient", "time_zone"];

export function readQueryString(options: Json): BodyQuery {
  for (const key of Object.keys(options)) {
    if (untaken.includes(key)) throw notTaken(`query_string.${key}`);
    if (!without.includes(key) && !read.includes(key))
      throw parsing(`[query_string] query does not support [${key}]`);
  }
  const { query, time_zone: zone } = options;
  if (!isScalar(query)) throw parsing("[query_string] must be provided with a [query]");
  const fields = fieldsOf(options);
  const isAll = fields === undefined || fields.includes("*");
  return {
    kind: "text",
    query: textOf(query),
    ...(isAll ? {} : { fields }),
    operator: operatorOf(options["default_operator"]),
    lenient: options["lenient"] === undefined ? isAll : flag(options["lenient"], "lenient"),
    ...(isScalar(zone) ? { timeZone: textOf(zone) } : {}),
  };
}

function fieldsOf({ fields, default_field: field }: Json): string[] | undefined {
  const names = Array.isArray(fields)
    ? fields.filter(isScalar).map(textOf)
    : isScalar(field)
      ? [textOf(field)]
      : [];
  return names.length === 0 ? undefined : names.map((name) => name.replace(/\^[\d.]+$/, ""));
}

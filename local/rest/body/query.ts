/** Queries of a body, taken apart and checked; mistakes are told as OpenSearch 2.19 tells them. */
import type { BodyQuery } from "../../search-body";
import { content, illegal, NotTaken, notTaken, parsing, RestError } from "../errors";
import { readQueryString } from "./query-string";
import { readRange } from "./range-query";
import {
  flag,
  isObject,
  isScalar,
  type Json,
  operatorOf,
  textOf,
  tokenOf,
  unknownKey,
  wholeNumber,
} from "./reading";

type Read = (name: string, body: unknown) => BodyQuery;

const taken: Readonly<Record<string, Read>> = {
  match_all: (name, body) => bare(name, body, { kind: "all" }),
  match_none: (name, body) => bare(name, body, { kind: "none" }),
  query_string: (_name, body) => readQueryString(objectIn("query_string", body)),
  match: readMatch,
  match_phrase: readPhrase,
  term: readTerm,
  terms: readTerms,
  range: (_name, body) => readRange(objectIn("range", body)),
  exists: readExists,
  ids: readIds,
  bool: readBool,
  constant_score: (name, body) => {
    const { filter } = objectIn(name, body);
    if (filter === undefined) throw parsing(`[${name}] requires a 'filter' element`);
    return readQuery(filter);
  },
};

/** Queries of OpenSearch that are none of ours. */
const others = new Set(
  `boosting combined_fields common dis_max distance_feature function_score fuzzy geo_bounding_box geo_distance
   geo_polygon geo_shape has_child has_parent hybrid intervals knn match_bool_prefix match_phrase_prefix
   more_like_this multi_match nested neural parent_id percolate prefix rank_feature regexp script script_score
   simple_query_string span_containing span_first span_multi span_near span_not span_or span_term span_within
   terms_set wildcard wrapper`.split(/\s+/),
);

/** @throws RestError */
export function readQuery(value: unknown, above = "query"): BodyQuery {
  if (!isObject(value))
    throw above === "query"
      ? unknownKey(value, above)
      : parsing("[_na] query malformed, must start with start_object");
  const names = Object.keys(value);
  const [name] = names;
  if (name === undefined) throw illegal("query malformed, empty clause found");
  const read = Object.hasOwn(taken, name) ? taken[name] : undefined;
  if (read === undefined) {
    if (others.has(name)) throw notTaken(name, `taken are ${Object.keys(taken).join(", ")}`);
    throw parsing(`unknown query [${name}]`);
  }
  const body = value[name];
  if (names.length > 1) {
    read(name, body);
    throw parsing(`[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  }
  return read(name, body);
}

function objectIn(name: string, body: unknown): Json {
  if (!isObject(body)) throw parsing(`[${name}] query malformed, no start_object after query name`);
  return body;
}

/** What scores by, and names of queries, change no answer here. */
const ignored = ["boost", "_name"];

function bare(name: string, body: unknown, query: BodyQuery): BodyQuery {
  for (const key of Object.keys(objectIn(name, body)))
    if (!ignored.includes(key)) throw parsing(`[${name}] unknown field [${key}]`);
  return query;
}

/** The one field of a query, and what is said of it. */
function fieldOf(name: string, body: unknown): readonly [string, unknown] | undefined {
  const fields = Object.entries(objectIn(name, body)).filter(([key]) => !ignored.includes(key));
  const [first, second] = fields;
  if (first !== undefined && second !== undefined)
    throw parsing(`[${name}] query doesn't support multiple fields, found [${first[0]}] and [${second[0]}]`);
  return first;
}

interface Text {
  readonly field: string;
  readonly text: string;
  readonly options: Json;
}

/** `{"field":"text"}` or `{"field":{"query":"text",…}}`. */
function textIn(name: string, body: unknown, allowed: readonly string[], untaken: readonly string[]): Text {
  const found = fieldOf(name, body);
  if (found === undefined) throw parsing("No text specified for text query");
  const [field, value] = found;
  if (isScalar(value)) return { field, text: textOf(value), options: {} };
  if (Array.isArray(value))
    throw new RestError(500, "illegal_state_exception", "Can't get text on a START_ARRAY");
  if (!isObject(value)) throw parsing("No text specified for text query");
  for (const [key, one] of Object.entries(value)) {
    if (untaken.includes(key)) throw notTaken(`${name}.${key}`);
    if (key !== "query" && !allowed.includes(key) && !ignored.includes(key))
      throw parsing(`[${name}] query does not support [${key}]`);
    if (!isScalar(one)) throw parsing(`[${name}] unknown token [${tokenOf(one)}] after [${key}]`);
  }
  const { query } = value;
  if (!isScalar(query)) throw parsing("No text specified for text query");
  return { field, text: textOf(query), options: value };
}

function zeroTermsOf(value: unknown): "none" | "all" {
  const text = value === undefined ? "none" : String(value).toLowerCase();
  if (text !== "none" && text !== "all") throw parsing(`Unsupported zero_terms_query value [${text}]`);
  return text;
}

const needed = (value: unknown): { minimumShouldMatch?: string } =>
  isScalar(value) ? { minimumShouldMatch: textOf(value) } : {};

function readMatch(name: string, body: unknown): BodyQuery {
  const { field, text, options } = textIn(
    name,
    body,
    [
      "operator",
      "minimum_should_match",
      "lenient",
      "zero_terms_query",
      "auto_generate_synonyms_phrase_query",
    ],
    [
      "analyzer",
      "fuzziness",
      "fuzzy_rewrite",
      "fuzzy_transpositions",
      "max_expansions",
      "prefix_length",
      "cutoff_frequency",
    ],
  );
  return {
    kind: "match",
    field,
    text,
    operator: operatorOf(options["operator"]),
    ...needed(options["minimum_should_match"]),
    lenient: options["lenient"] === undefined ? false : flag(options["lenient"], "lenient"),
    zeroTerms: zeroTermsOf(options["zero_terms_query"]),
  };
}

function readPhrase(name: string, body: unknown): BodyQuery {
  const { field, text, options } = textIn(name, body, ["slop", "zero_terms_query"], ["analyzer"]);
  const slop = options["slop"] === undefined ? 0 : wholeNumber(options["slop"], "slop");
  if (slop < 0) throw illegal("No negative slop allowed.");
  return { kind: "phrase", field, text, slop, zeroTerms: zeroTermsOf(options["zero_terms_query"]) };
}

function readTerm(name: string, body: unknown): BodyQuery {
  const found = fieldOf(name, body);
  if (found === undefined) throw illegal("field name is null or empty");
  const [field, value] = found;
  if (Array.isArray(value)) throw parsing(`[${name}] query does not support array of values`);
  if (isScalar(value)) return { kind: "terms", field, values: [textOf(value)] };
  if (!isObject(value)) throw illegal("field name is null or empty");
  for (const key of Object.keys(value)) {
    if (key === "case_insensitive") throw notTaken(`${name}.${key}`);
    if (key !== "value" && !ignored.includes(key)) throw parsing(`[${name}] query does not support [${key}]`);
  }
  if (!isScalar(value["value"])) throw illegal("value cannot be null");
  return { kind: "terms", field, values: [textOf(value["value"])] };
}

function readTerms(name: string, body: unknown): BodyQuery {
  const fields = Object.entries(objectIn(name, body)).filter(([key]) => !ignored.includes(key));
  const [first, second] = fields;
  if (first === undefined)
    throw parsing(
      `[${name}] query requires a field name, followed by array of terms or a document lookup specification`,
    );
  if (second !== undefined) throw parsing(`[${name}] query does not support multiple fields`);
  const [field, values] = first;
  if (isObject(values)) throw notTaken("terms lookup");
  if (!Array.isArray(values)) throw parsing(`[${name}] query does not support [${field}]`);
  return {
    kind: "terms",
    field,
    values: values.map((value: unknown) => {
      if (!isScalar(value)) throw parsing("No value specified for terms query");
      return textOf(value);
    }),
  };
}

function readExists(name: string, body: unknown): BodyQuery {
  const options = objectIn(name, body);
  for (const key of Object.keys(options))
    if (key !== "field" && !ignored.includes(key)) throw parsing(`[${name}] query does not support [${key}]`);
  const { field } = options;
  if (!isScalar(field)) throw parsing(`[${name}] must be provided with a [field]`);
  return { kind: "exists", field: textOf(field) };
}

function readIds(name: string, body: unknown): BodyQuery {
  const { values = [], ...rest } = objectIn(name, body);
  for (const key of Object.keys(rest))
    if (!ignored.includes(key)) throw parsing(`[${name}] unknown field [${key}]`);
  const list: unknown[] = Array.isArray(values) ? values : [values];
  if (!Array.isArray(values) && typeof values !== "string")
    throw parsing(`[${name}] values doesn't support values of type: ${tokenOf(values)}`);
  return { kind: "ids", values: list.filter(isScalar).map(textOf) };
}

function readBool(name: string, body: unknown): BodyQuery {
  const clauses = { must: [] as BodyQuery[], should: [] as BodyQuery[], not: [] as BodyQuery[] };
  const places: Readonly<Record<string, BodyQuery[]>> = {
    must: clauses.must,
    filter: clauses.must,
    should: clauses.should,
    must_not: clauses.not,
  };
  const options = objectIn(name, body);
  for (const [key, value] of Object.entries(options)) {
    if (ignored.includes(key) || key === "adjust_pure_negative" || key === "minimum_should_match") continue;
    const into = Object.hasOwn(places, key) ? places[key] : undefined;
    if (into === undefined) throw content(`[${name}] unknown field [${key}]`);
    if (!isObject(value) && !Array.isArray(value))
      throw content(`[${name}] ${key} doesn't support values of type: ${tokenOf(value)}`);
    for (const one of Array.isArray(value) ? value : [value]) into.push(readClause(one, name, key));
  }
  return { kind: "bool", ...clauses, ...needed(options["minimum_should_match"]) };
}

/** A mistake within a clause is the clause's, as the real parser tells it. */
function readClause(value: unknown, name: string, key: string): BodyQuery {
  try {
    return readQuery(value, "clause");
  } catch (error) {
    if (!(error instanceof RestError) || error instanceof NotTaken) throw error;
    const cause = { type: error.type, reason: error.message };
    throw new RestError(400, "x_content_parse_exception", `[${name}] failed to parse field [${key}]`, {
      caused_by: cause,
    });
  }
}

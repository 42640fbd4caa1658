/** `_search` and `_count`. */
import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { BodyReader } from "../body-reader";
import type { MemoryBudget } from "../memory-budget";
import type { Patience } from "../rooms";
import type { BodySearcher, FindRequest, Found, SortKey } from "../search-body";
import { timeKey } from "../search-order";
import { addressOf, countNames, searchNames } from "./address";
import { hitsText } from "./answer/hits";
import { toJson } from "./answer/values";
import { sendJson, sendLarge } from "./answers";
import { asksOf } from "./body/aggregations";
import { answersOf } from "./body/asked-aggregation";
import { readQuery } from "./body/query";
import { type Json, parseBody, unknownKey } from "./body/reading";
import { queryOfAddress, readSearch, type SearchBody } from "./body/search-request";
import { illegal } from "./errors";
import { indexOptions, namedIndices } from "./indices";

export interface SearchOptions {
  readonly searcher: BodySearcher;
  readonly bodies: BodyReader;
  /** Of all answers that are being read. */
  readonly answers: MemoryBudget;
  /** Longest time of one question. */
  readonly queryTimeoutMs: number;
}

/** No body of ours is longer; the real one takes 100 MB. */
const maxBodyBytes = 1024 * 1024;
const newestFirst: readonly SortKey[] = [{ field: timeKey, order: "desc" }];

/** One search, read and not run yet. */
export interface AskedSearch {
  /** Names and patterns; undefined: all. */
  readonly index: string | undefined;
  readonly address: URLSearchParams;
  readonly body: SearchBody;
}

/** @param index names and patterns of the path; undefined: all */
export function search(
  context: Context,
  options: SearchOptions,
  index: string | undefined,
): Promise<Response> {
  const address = addressOf(context, searchNames);
  return withBody(context, options, async (text) => {
    const asked = { index, address, body: readSearch(parseBody(text), address) };
    return sendLarge(context, await answerOf(context, options, asked), options.answers);
  });
}

/** The answer as JSON. */
export async function answerOf(
  context: Context,
  options: SearchOptions,
  { index, address, body }: AskedSearch,
): Promise<string> {
  const startedMs = performance.now();
  const { searcher } = options;
  const named = namedIndices(await searcher.mappings(), index, indexOptions(address));
  const request: FindRequest = {
    query: body.query,
    indices: named.map((one) => one.index),
    from: body.from,
    size: body.size,
    sort: body.sort.length === 0 ? newestFirst : body.sort,
    ...(body.after === undefined ? {} : { after: body.after }),
    aggregations: asksOf(body.aggregations),
    nowMs: Date.now(),
    fields: body.fields.map(({ field }) => field),
  };
  const found = await searcher.find(request, patienceOf(context, options, body.timeoutMs));
  const took = Math.round(performance.now() - startedMs);
  return answerText(found, body, took, named.length, address.get("rest_total_hits_as_int") === "true");
}

function answerText(
  found: Found,
  body: SearchBody,
  took: number,
  indices: number,
  asNumber: boolean,
): string {
  const aggregations = answersOf(body.aggregations, found.aggregations);
  const counted = Object.keys(aggregations).length === 0 ? "" : `,"aggregations":${toJson(aggregations)}`;
  const head = `"took":${took},"timed_out":${found.timedOut},"_shards":${toJson(shards(indices))}`;
  return `{${head},"hits":${hitsText(found, body, asNumber)}${counted}}`;
}

export function count(
  context: Context,
  options: SearchOptions,
  index: string | undefined,
): Promise<Response> {
  const address = addressOf(context, countNames);
  return withBody(context, options, async (text) => {
    const query = queryOfAddress(address) ?? queryAlone(parseBody(text));
    const { searcher } = options;
    const named = namedIndices(await searcher.mappings(), index, indexOptions(address));
    const found = await searcher.find(
      countRequest(
        query,
        named.map((one) => one.index),
      ),
      patienceOf(context, options, undefined),
    );
    if (found.timedOut)
      throw illegal(
        `The count took longer than ${options.queryTimeoutMs} ms (--query-timeout-seconds); narrow the query`,
      );
    return sendJson(context, toJson({ count: found.total, _shards: shards(named.length) }));
  });
}

export function countRequest(query: FindRequest["query"], indices: readonly string[]): FindRequest {
  return { query, indices, from: 0, size: 0, sort: newestFirst, aggregations: {}, nowMs: Date.now() };
}

function queryAlone(body: Json): FindRequest["query"] {
  const { query, ...rest } = body;
  const [other] = Object.keys(rest);
  if (other !== undefined) throw unknownKey(rest[other], other);
  return query === undefined ? { kind: "all" } : readQuery(query);
}

const shards = (indices: number) => ({ total: indices, successful: indices, skipped: 0, failed: 0 });

function patienceOf(
  context: Context,
  { queryTimeoutMs }: SearchOptions,
  wantedMs: number | undefined,
): Patience {
  return { signal: context.req.raw.signal, timeoutMs: Math.min(queryTimeoutMs, wantedMs ?? queryTimeoutMs) };
}

/** Hands the body's text on. */
export function withBody(
  context: Context,
  { bodies }: SearchOptions,
  answer: (text: string) => Promise<Response>,
): Promise<Response> {
  const { incoming } = context.env as HttpBindings;
  return bodies.read(incoming, maxBodyBytes, answer);
}

/** Query parameters of the API, checked: each mistake is a 400 that says what came and what is allowed. */
import type { Context } from "hono";
import { nearestName } from "../../typed/nearest-name";
import type { SearchRequest } from "../rooms";
import { RequestProblem } from "./answers";

/** Hits on one page of answers, as OpenSearch limits them (`index.max_result_window`). */
export const maxWindow = 10_000;

/** All that any path reads; a new one stands here first. */
const names = [
  ...["q", "index", "fromMs", "toMs", "from", "size", "sort", "source", "stream"],
  ...["intervalMs", "split", "field", "sample", "atMs", "limit"],
  ...["format", "column", "for", "prefix", "before", "key", "text"],
];

/** With another name nothing would be read, and the answer be about all documents: `/api/count?query=bye`. */
export function refuseUnknown(context: Context): void {
  const wrong = Object.keys(context.req.query()).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  const nearest = nearestName(wrong, names);
  const advice = nearest ? `did you mean ${nearest}?` : `there are ${names.join(", ")}`;
  throw new RequestProblem(400, `${JSON.stringify(wrong)} is no parameter here; ${advice}`);
}

/**
 * `q`, `index`, and the time range `fromMs` (inclusive) to `toMs` (exclusive), in milliseconds since 1970:
 * `?q=message:bye&index=example-*&fromMs=1772323200000`. Without `q`: all documents.
 */
export function searchRequest(context: Context): SearchRequest {
  const index = context.req.query("index");
  return { query: context.req.query("q") ?? "", ...(index ? { index } : {}), ...timeRange(context) };
}

/** `fromMs` and `toMs`, each where it is asked. In crossed ends there is nothing: an answer would be 0 and look true. */
export function timeRange(context: Context): Pick<SearchRequest, "fromMs" | "toMs"> {
  const fromMs = wholeNumber(context, "fromMs");
  const toMs = wholeNumber(context, "toMs");
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs) {
    throw new RequestProblem(
      400,
      `the ends of the time are crossed: fromMs ${said(fromMs)} is after toMs ${said(toMs)}; allowed is a beginning before its end`,
    );
  }
  return { ...(fromMs === undefined ? {} : { fromMs }), ...(toMs === undefined ? {} : { toMs }) };
}

/** As people read it too, up to the last time that has a date. */
const said = (ms: number): string =>
  ms > 8_640_000_000_000_000 ? `${ms}` : `${ms} (${new Date(ms).toISOString()})`;

/** `from` and `size` of a page of hits. */
export function searchWindow(context: Context): { from: number; size: number } {
  const from = wholeNumber(context, "from") ?? 0;
  const size = wholeNumber(context, "size") ?? 10;
  if (from + size > maxWindow) {
    throw new RequestProblem(
      400,
      `from + size is ${from + size}, allowed are ${maxWindow}; narrow the query or the time, or use /api/export for all`,
    );
  }
  return { from, size };
}

/** A whole number from `min` on; undefined where the parameter is absent or empty. */
export function wholeNumber(context: Context, name: string, min = 0): number | undefined {
  const text = context.req.query(name);
  if (text === undefined || text === "") return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < min) {
    throw new RequestProblem(
      400,
      `${name} is ${JSON.stringify(text)}, allowed is a whole number from ${min} on`,
    );
  }
  return value;
}

/** One of a few words; the first one where the parameter is absent. */
export function oneOf<T extends string>(context: Context, name: string, allowed: readonly [T, ...T[]]): T {
  const text = context.req.query(name) ?? allowed[0];
  const found = allowed.find((word) => word === text);
  if (found === undefined) {
    throw new RequestProblem(400, `${name} is ${JSON.stringify(text)}, allowed are ${allowed.join(", ")}`);
  }
  return found;
}

/** A parameter that cannot be left out. */
export function required(context: Context, name: string): string {
  const text = context.req.query(name);
  if (!text) throw new RequestProblem(400, `${name} is missing`);
  return text;
}

/** `sort=status:desc`, a field's dotted name and `asc` or `desc`; undefined where it is not asked. */
export function sortOf(context: Context): { field: string; order: "asc" | "desc" } | undefined {
  const text = context.req.query("sort");
  if (text === undefined || text === "") return undefined;
  const [, field, order] = /^(.+):(asc|desc)$/s.exec(text) ?? [];
  if (field === undefined) {
    throw new RequestProblem(400, `sort is ${JSON.stringify(text)}, allowed is FIELD:asc or FIELD:desc`);
  }
  return { field, order: order as "asc" | "desc" };
}

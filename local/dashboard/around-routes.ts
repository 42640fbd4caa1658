/** The documents before and after a time: what else happened then, whatever the query. */
import { Hono } from "hono";
import type { Hit, Searcher } from "../rooms";
import { RequestProblem } from "./answers";
import { hitWithTextJson } from "./hit-json";
import { wholeNumber } from "./params";
import { patienceOf } from "./patience";

const maxSize = 100;
/** Documents of one answer, in UTF-16 units. */
const maxUnits = 4 * 1024 * 1024;

/** `?atMs=1772323200000&size=5`: `{"before":[…],"after":[…]}`, each the nearest first; a document of that time is after. */
export function aroundRoutes(searcher: Searcher, queryTimeoutMs: number): Hono {
  const routes = new Hono();
  routes.get("/", async (context) => {
    const atMs = wholeNumber(context, "atMs");
    if (atMs === undefined)
      throw new RequestProblem(400, "atMs is missing, allowed are milliseconds since 1970");
    const size = wholeNumber(context, "size", 1) ?? 5;
    if (size > maxSize) throw new RequestProblem(400, `size is ${size}, allowed are ${maxSize}`);
    const patience = patienceOf(context, queryTimeoutMs);
    const before = await searcher.search({ query: "", toMs: atMs, size, maxBytes: maxUnits }, patience);
    const after = await firstOf(
      searcher,
      atMs,
      size,
      AbortSignal.any(signalsOf(patience.signal, queryTimeoutMs)),
    );
    const list = (hits: readonly Hit[]) => `[${hits.map(hitWithTextJson).join(",")}]`;
    const json = `{"before":${list(before.hits)},"after":${list(after)},"timed_out":${before.timedOut}}`;
    return context.body(json, 200, { "Content-Type": "application/json" });
  });
  return routes;
}

const signalsOf = (signal: AbortSignal | undefined, timeoutMs: number): AbortSignal[] => [
  ...(signal === undefined ? [] : [signal]),
  AbortSignal.timeout(timeoutMs),
];

/** The oldest from a time on: the first page of what an export would have, and no more of it. */
async function firstOf(
  searcher: Searcher,
  fromMs: number,
  size: number,
  signal: AbortSignal,
): Promise<Hit[]> {
  const hits: Hit[] = [];
  let units = 0;
  for await (const page of searcher.scan({ query: "", fromMs }, { signal })) {
    for (const hit of page) {
      units += hit.source.length;
      if (hits.length === size || (hits.length > 0 && units > maxUnits)) return hits;
      hits.push(hit);
    }
  }
  return hits;
}

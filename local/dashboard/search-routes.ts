/** Questions to the index: search, count, histogram, fields, indices. */
import { type Context, Hono } from "hono";
import { probeField } from "../../firehose/probe";
import type { MemoryBudget } from "../memory-budget";
import type { Bars, HistogramBar, Hit, Patience, SavedQuery, Searcher, SearchRequest } from "../rooms";
import { RequestProblem } from "./answers";
import { hitJson, hitWithTextJson } from "./hit-json";
import { maxWindow, oneOf, searchRequest, searchWindow, sortOf, wholeNumber } from "./params";
import { patienceOf, sharedPatience } from "./patience";
import { sortedSearch } from "./sorted-search";
import { streamAnswer } from "./stream-answer";
import { type SearchedStream, sumOfBars } from "./streams-searcher";

export interface SearchRoutesOptions {
  readonly searcher: Searcher;
  /** A histogram is divided by these, where there are any, instead of by panels. */
  readonly parts?: readonly SearchedStream[] | undefined;
  /** Of this moment. */
  panels(): readonly SavedQuery[];
  /** Of one request. */
  readonly queryTimeoutMs: number;
  /** Of all answers that are being read. */
  readonly answers: MemoryBudget;
}

/** Bars of one histogram between two times; more than a screen has pixels for is a mistake. */
const maxBars = 2_000;
/** Where a histogram has no ends, it may have this many: a mistake of a query must not become a mistake of memory. */
const maxBarsOfAllTime = 10_000;
/** Documents of one answer, in UTF-16 units. What does not fit is asked for by `from`. */
const maxHitUnits = 8 * 1024 * 1024;

export function searchRoutes(options: SearchRoutesOptions): Hono {
  const { searcher, queryTimeoutMs } = options;
  const routes = new Hono();
  routes.get("/search", (context) => answerSearch(context, options));
  routes.get("/count", async (context) => {
    const patience = patienceOf(context, queryTimeoutMs);
    const { count, timedOut } = await searcher.count(searchRequest(context), patience);
    return context.json({ count, timed_out: timedOut });
  });
  routes.get("/histogram", async (context) => {
    const request = barsRequest(context);
    const split = oneOf(context, "split", ["none", "panels"]) === "panels" ? options.panels() : [];
    const { series, timedOut } = options.parts
      ? await seriesOfStreams(options.parts, request, patienceOf(context, queryTimeoutMs))
      : await seriesOf(searcher, request, split, sharedPatience(context, queryTimeoutMs));
    return context.json({ intervalMs: request.intervalMs, series, timed_out: timedOut });
  });
  routes.get("/fields", async (context) => {
    const sample = wholeNumber(context, "sample", 1) ?? 500;
    if (sample > maxWindow) throw new RequestProblem(400, `sample is ${sample}, allowed are ${maxWindow}`);
    const patience = patienceOf(context, queryTimeoutMs);
    const { fields, timedOut } = await searcher.fields({ ...searchRequest(context), sample }, patience);
    return context.json({ sample, fields, timed_out: timedOut });
  });
  routes.get("/indices", async (context) =>
    context.json({ indices: await searcher.indices(patienceOf(context, queryTimeoutMs)) }),
  );
  return routes;
}

/** `{"total":2,"timed_out":false,"cut":false,"hits":[…]}`; `cut` where fewer hits than asked for fit into the answer, with `sort` also how many were `sorted_among`. */
async function answerSearch(
  context: Context,
  { searcher, queryTimeoutMs, answers }: SearchRoutesOptions,
): Promise<Response> {
  const toJson = oneOf(context, "source", ["json", "text"]) === "text" ? hitWithTextJson : hitJson;
  const window = searchWindow(context);
  const sort = sortOf(context);
  const request = { ...searchRequest(context), ...window, maxBytes: maxHitUnits };
  const patience = patienceOf(context, queryTimeoutMs);
  const page = sort
    ? await sortedSearch(searcher, request, sort, patience)
    : await searcher.search(request, patience);
  const { total, hits, timedOut } = page;
  const cut = hits.length < Math.min(window.size, Math.max(0, total - window.from));
  const among = "sortedAmong" in page ? `"sorted_among":${page.sortedAmong},` : "";
  const head = `{"total":${total},"timed_out":${timedOut},"cut":${cut},${among}"hits":[`;
  const texts = hits.map((hit, place) => () => (place === 0 ? "" : ",") + toJson(hit));
  const sizes = hits.map(sizeOf);
  return streamAnswer(
    context,
    answers,
    "application/json",
    [() => head, ...texts, () => "]}"],
    [0, ...sizes, 0],
  );
}

const sizeOf = ({ source }: Hit): number => 2 * source.length + 200;

interface Series {
  readonly title: string;
  readonly bars: readonly HistogramBar[];
}

/** A panel of all documents, or of all but a probe's, would leave nothing to those behind it. */
const everything: ReadonlySet<string> = new Set(["", `NOT _exists_:${probeField}`]);

/**
 * All matches, and with `panels` how they divide among them. A document that several panels count belongs to the
 * first of them, so that the parts never exceed the whole and can be stacked.
 */
async function seriesOf(
  searcher: Searcher,
  request: SearchRequest & Bars,
  panels: readonly SavedQuery[],
  patience: () => Patience,
): Promise<{ series: Series[]; timedOut: boolean }> {
  const all = await searcher.histogram(request, patience());
  const series: Series[] = [{ title: "", bars: all.bars }];
  let { timedOut } = all;
  const before: string[] = [];
  for (const { title, query } of panels.filter((panel) => !everything.has(panel.query.trim()))) {
    const asked = request.query.trim() === "" ? "" : `(${request.query}) AND `;
    const others = before.map((other) => ` AND NOT (${other})`).join("");
    const part = await searcher.histogram({ ...request, query: `${asked}(${query})${others}` }, patience());
    series.push({ title, bars: part.bars });
    timedOut ||= part.timedOut;
    before.push(query);
  }
  return { series, timedOut };
}

/** All matches, and how they divide among the streams. */
async function seriesOfStreams(
  streams: readonly SearchedStream[],
  request: SearchRequest & Bars,
  patience: Patience,
): Promise<{ series: Series[]; timedOut: boolean }> {
  const parts = await Promise.all(streams.map(({ searcher }) => searcher.histogram(request, patience)));
  const own = parts.map(({ bars }, at) => ({ title: streams[at]!.name, bars }));
  const timedOut = parts.some((part) => part.timedOut);
  return { series: [{ title: "", bars: sumOfBars(parts) }, ...own], timedOut };
}

export function barsRequest(context: Context): SearchRequest & Bars {
  const request = searchRequest(context);
  const intervalMs = wholeNumber(context, "intervalMs", 1) ?? 60_000;
  const { fromMs, toMs } = request;
  if (fromMs === undefined || toMs === undefined)
    return { ...request, intervalMs, maxBars: maxBarsOfAllTime };
  const bars = Math.ceil((toMs - fromMs) / intervalMs);
  if (bars > maxBars) {
    throw new RequestProblem(
      400,
      `intervalMs ${intervalMs} makes ${bars} bars of this time, allowed are ${maxBars}`,
    );
  }
  return { ...request, intervalMs };
}

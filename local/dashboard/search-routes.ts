/** Questions to the index: search, count, histogram, fields, indices. */
import { Hono } from "hono";
import type { PanelPlan } from "../plan/plan";
import type { Searcher, SearchRequest } from "../rooms";
import { RequestProblem } from "./answers";
import { hitJson, hitWithTextJson } from "./hit-json";
import { oneOf, searchRequest, searchWindow, wholeNumber } from "./params";

/** Bars of one histogram; more than a screen has pixels for is a mistake. */
const maxBars = 2_000;

export function searchRoutes(searcher: Searcher, panels: readonly PanelPlan[]): Hono {
  const routes = new Hono();
  routes.get("/search", async (context) => {
    const toJson = oneOf(context, "source", ["json", "text"]) === "text" ? hitWithTextJson : hitJson;
    const { total, hits } = await searcher.search({ ...searchRequest(context), ...searchWindow(context) });
    const body = `{"total":${total},"hits":[${hits.map(toJson).join(",")}]}`;
    return context.body(body, 200, { "Content-Type": "application/json" });
  });
  routes.get("/count", async (context) =>
    context.json({ count: (await searcher.count(searchRequest(context))).count }),
  );
  routes.get("/histogram", async (context) => {
    const request = {
      ...searchRequest(context),
      intervalMs: wholeNumber(context, "intervalMs", 1) ?? 60_000,
    };
    checkBars(request);
    const split = oneOf(context, "split", ["none", "panels"]) === "panels" ? panels : [];
    return context.json({ intervalMs: request.intervalMs, series: await series(searcher, request, split) });
  });
  routes.get("/fields", async (context) => {
    const sample = wholeNumber(context, "sample", 1) ?? 500;
    const { fields } = await searcher.fields({ ...searchRequest(context), sample });
    return context.json({ sample, fields });
  });
  routes.get("/indices", async (context) => context.json({ indices: await searcher.indices() }));
  return routes;
}

interface Bars {
  readonly title: string;
  readonly bars: { startMs: number; count: number }[];
}

/**
 * All matches, and with `panels` how they divide among them. A document that several panels count belongs to the
 * first of them, so that the parts never exceed the whole and can be stacked.
 */
async function series(
  searcher: Searcher,
  request: SearchRequest & { intervalMs: number },
  panels: readonly PanelPlan[],
): Promise<Bars[]> {
  const all = { title: "", bars: (await searcher.histogram(request)).bars };
  const parts: Bars[] = [];
  const before: string[] = [];
  for (const { title, query } of panels.filter((panel) => panel.query.trim() !== "")) {
    const asked = request.query.trim() === "" ? "" : `(${request.query}) AND `;
    const others = before.map((other) => ` AND NOT (${other})`).join("");
    const { bars } = await searcher.histogram({ ...request, query: `${asked}(${query})${others}` });
    parts.push({ title, bars });
    before.push(query);
  }
  return [all, ...parts];
}

function checkBars({ fromMs, toMs, intervalMs }: SearchRequest & { intervalMs: number }): void {
  if (fromMs === undefined || toMs === undefined) return;
  const bars = Math.ceil((toMs - fromMs) / intervalMs);
  if (bars <= maxBars) return;
  throw new RequestProblem(
    400,
    `intervalMs ${intervalMs} makes ${bars} bars of this time, allowed are ${maxBars}`,
  );
}

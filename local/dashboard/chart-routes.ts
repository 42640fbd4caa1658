/** Charts over one field: its most frequent values, and its numbers over time. */
import { Hono } from "hono";
import type { FieldCharts } from "../rooms";
import { RequestProblem } from "./answers";
import { required, searchRequest, wholeNumber } from "./params";
import { patienceOf } from "./patience";
import { barsRequest } from "./search-routes";

const maxValues = 100;

/**
 * `/values?field=status&size=10`: `{"values":[{"value":"200","count":7}],"others":2,"timed_out":false}`.
 * `/numbers?field=took_ms&intervalMs=60000`: `{"bars":[{"startMs":…,"count":3,"min":1,"avg":2,"max":3}],"timed_out":false}`.
 */
export function chartRoutes(charts: FieldCharts, queryTimeoutMs: number): Hono {
  const routes = new Hono();
  routes.get("/values", async (context) => {
    const field = required(context, "field");
    const size = wholeNumber(context, "size", 1) ?? 10;
    if (size > maxValues) throw new RequestProblem(400, `size is ${size}, allowed are ${maxValues}`);
    const request = { ...searchRequest(context), field, size };
    const { timedOut, ...top } = await charts.topValues(request, patienceOf(context, queryTimeoutMs));
    return context.json({ ...top, timed_out: timedOut });
  });
  routes.get("/numbers", async (context) => {
    const field = required(context, "field");
    const request = { ...barsRequest(context), field };
    const { bars, timedOut } = await charts.numbersOverTime(request, patienceOf(context, queryTimeoutMs));
    return context.json({ intervalMs: request.intervalMs, bars, timed_out: timedOut });
  });
  return routes;
}

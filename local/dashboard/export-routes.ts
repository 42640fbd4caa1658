/** All matches as a file, oldest first, a page at a time: a slow reader holds the export back, not the memory. */
import { Hono } from "hono";
import type { Hit, Searcher, SearchRequest } from "../rooms";
import { csvHeader, csvRow } from "./csv";
import { hitLine } from "./hit-json";
import { oneOf, searchRequest } from "./params";

/** Newest matches from which the CSV's columns are taken. */
const sampledForColumns = 1_000;

export function exportRoutes(searcher: Searcher): Hono {
  const routes = new Hono();
  routes.get("/", async (context) => {
    const format = oneOf(context, "format", ["ndjson", "csv"]);
    const request = searchRequest(context);
    const pages = searcher.scan(request)[Symbol.asyncIterator]();
    // FIRST a page, THEN the answer: a query that cannot be answered must still become a 400.
    const first = await pages.next();
    const { head, line } =
      format === "csv" ? await csvFormat(searcher, request) : { head: "", line: hitLine };
    context.header("Content-Type", format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson");
    context.header("Content-Disposition", `attachment; filename="export.${format}"`);
    if (context.req.method === "HEAD") {
      await pages.return?.();
      return context.body(null);
    }
    return context.body(textStream(head, first, pages, line));
  });
  return routes;
}

interface Format {
  readonly head: string;
  readonly line: (hit: Hit) => string;
}

async function csvFormat(searcher: Searcher, request: SearchRequest): Promise<Format> {
  const { fields: found } = await searcher.fields({ ...request, sample: sampledForColumns });
  // `message.keyword` is another view of `message`.
  const fields = found.map(({ name }) => name).filter((name) => !name.endsWith(".keyword"));
  return { head: csvHeader(fields), line: (hit) => csvRow(hit, fields) };
}

function textStream(
  head: string,
  first: IteratorResult<Hit[]>,
  pages: AsyncIterator<Hit[]>,
  line: (hit: Hit) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: IteratorResult<Hit[]> | undefined = first;
  let pending = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      next ??= await pages.next();
      const text = pending + (next.done ? "" : next.value.map(line).join(""));
      pending = "";
      if (text !== "") controller.enqueue(encoder.encode(text));
      if (next.done) controller.close();
      next = undefined;
    },
    async cancel() {
      await pages.return?.();
    },
  });
}

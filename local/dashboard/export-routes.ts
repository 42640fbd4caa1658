/** All matches as a file, oldest first, a page at a time: a slow reader holds the export back, not the memory. */
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { textOf } from "../errors";
import type { Hit, Patience, Searcher, SearchRequest } from "../rooms";
import { allStreams } from "./all-streams";
import { RequestProblem } from "./answers";
import { csvHeader, csvRow } from "./csv";
import { hitLine } from "./hit-json";
import { oneOf, searchRequest } from "./params";
import { patienceOf } from "./patience";

/** Newest matches from which the CSV's columns are taken. */
const sampledForColumns = 1_000;
/** Each holds a page of documents for as long as its reader wants. */
const maxExports = 4;
/** A reader that takes nothing for so long has gone: a browser that asks where to save does so within minutes. */
const patienceWithReaderMs = 10 * 60_000;

export function exportRoutes(searcher: Searcher, queryTimeoutMs: number): Hono {
  const routes = new Hono();
  let running = 0;
  routes.get("/", async (context) => {
    if (running >= maxExports) {
      context.header("Retry-After", "5");
      throw new RequestProblem(503, `${maxExports} exports are running; wait for one to end`);
    }
    const { outgoing } = context.env as HttpBindings;
    running += 1;
    outgoing.once("close", () => {
      running -= 1;
    });
    outgoing.setTimeout(patienceWithReaderMs);
    return answerExport(context, searcher, patienceOf(context, queryTimeoutMs));
  });
  return routes;
}

async function answerExport(context: Context, searcher: Searcher, patience: Patience): Promise<Response> {
  const format = oneOf(context, "format", ["ndjson", "csv"]);
  const request = searchRequest(context);
  const { signal } = patience;
  const pages = searcher.scan(request, signal === undefined ? {} : { signal })[Symbol.asyncIterator]();
  // FIRST a page, THEN the answer: a query that cannot be answered must still become a 400.
  const first = await pages.next();
  const { head, line } =
    format === "csv" ? await csvFormat(context, searcher, request, patience) : { head: "", line: hitLine };
  context.header("Content-Type", format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson");
  context.header("Content-Disposition", `attachment; filename="export.${format}"`);
  if (context.req.method === "HEAD") {
    await pages.return?.();
    return context.body(null);
  }
  const { outgoing } = context.env as HttpBindings;
  return context.body(textStream(head, endVisibly(first, pages, outgoing), line));
}

interface Format {
  readonly head: string;
  readonly line: (hit: Hit) => string;
}

/** By this mark a spreadsheet knows UTF-8; who reads the file by a program of his own has no use for it. */
const byteOrderMark = "\ufeff";

/**
 * The columns that are asked for (`column=status&column=user.name`), else the time and all fields of the newest matches;
 * over all streams that of each document. `for=spreadsheet` begins with a byte order mark.
 */
async function csvFormat(
  context: Context,
  searcher: Searcher,
  request: SearchRequest,
  patience: Patience,
): Promise<Format> {
  const asked = context.req.queries("column")?.filter((name) => name !== "");
  const names = asked?.length ? asked : await columnsOf(searcher, request, patience);
  const ofSeveral = context.req.query("stream") === allStreams;
  const mark = oneOf(context, "for", ["programs", "spreadsheet"]) === "spreadsheet" ? byteOrderMark : "";
  return { head: mark + csvHeader(names, ofSeveral), line: (hit) => csvRow(hit, names, ofSeveral) };
}

async function columnsOf(searcher: Searcher, request: SearchRequest, patience: Patience): Promise<string[]> {
  const { fields } = await searcher.fields({ ...request, sample: sampledForColumns }, patience);
  const names = new Set(fields.map(({ name }) => name));
  // The time is no field to choose values of.
  return ["@timestamp", ...[...names].filter((name) => name !== "@timestamp" && !isCopy(name, names))];
}

/** `message.keyword` is another view of `message`, as `took.text` is of the number `took`: neither is in a document. */
const isCopy = (name: string, names: ReadonlySet<string>): boolean =>
  /\.(keyword|text)$/.test(name) && names.has(name.slice(0, name.lastIndexOf(".")));

/** Text of one write, in UTF-16 units. */
const writeUnits = 256 * 1024;

/** An export that cannot go on breaks off, so that a part passes for no whole file, and says so in one line. */
async function* endVisibly(
  first: IteratorResult<Hit[]>,
  pages: AsyncIterator<Hit[]>,
  outgoing: HttpBindings["outgoing"],
): AsyncGenerator<Hit[]> {
  try {
    for (let next = first; !next.done; next = await pages.next()) yield next.value;
  } catch (error) {
    // Where the reader has gone, that is the error.
    if (!outgoing.destroyed)
      console.error(`export: ${textOf(error)}; the file that was being written is cut off`);
    outgoing.destroy();
  } finally {
    await pages.return?.();
  }
}

function textStream(
  head: string,
  pages: AsyncGenerator<Hit[]>,
  line: (hit: Hit) => string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let page: Hit[] = [];
  let place = 0;
  let done = false;
  let pending = head;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!done && pending.length < writeUnits) {
          const hit = page[place++];
          if (hit !== undefined) pending += line(hit);
          else {
            const next = await pages.next();
            done = next.done === true;
            page = next.done ? [] : next.value;
            place = 0;
          }
        }
        if (pending !== "") controller.enqueue(encoder.encode(pending));
        pending = "";
        if (done) controller.close();
      },
      async cancel() {
        await pages.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

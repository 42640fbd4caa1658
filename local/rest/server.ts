/** OpenSearch's own search API, read only: for clients, `curl` and search code that people have already. */
import { type Context, Hono } from "hono";
import { BodyReader } from "../body-reader";
import { MemoryBudget } from "../memory-budget";
import type { BodySearcher } from "../search-body";
import { startWebServer } from "../web-server";
import { addressOf, catNames, documentNames, indexNames } from "./address";
import { sourceText } from "./answer/source-filter";
import { toJson } from "./answer/values";
import { sendError, sendJson } from "./answers";
import { partsOf, type WantedSource } from "./body/source";
import { countTable, indicesTable, type Table, tableText } from "./cat";
import { invalid, notTaken, RestError } from "./errors";
import { guard } from "./guard";
import { indexOptions, namedIndices, noSuchIndex } from "./indices";
import { fieldCapsAnswer, mappingsAnswer } from "./mapping";
import { count, countRequest, type SearchOptions, search } from "./search-routes";
import { severalSearches } from "./several-searches";

export interface SearchApiOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  readonly searcher: BodySearcher;
  /** Names of the program and the stack, told as those of the cluster. */
  readonly name: string;
  /** @default 10000 */
  readonly queryTimeoutMs?: number;
  /** Reads the bodies of all servers of a run. @default one of its own */
  readonly bodies?: BodyReader;
  /** Of all answers that are being read. @default 256 MiB */
  readonly answers?: MemoryBudget;
}

export interface SearchApi {
  readonly url: string;
  close(): Promise<void>;
}

/** The version whose answers these are. */
const version = "2.19.4";
const maxAnswerBytes = 256 * 1024 * 1024;

/** Rejects with the system's error where it cannot listen, such as code `EADDRINUSE`. */
export async function startSearchApi(options: SearchApiOptions): Promise<SearchApi> {
  const host = options.host ?? "127.0.0.1";
  return startWebServer(searchApp(options, host).fetch, { port: options.port, host });
}

function searchApp(options: SearchApiOptions, host: string): Hono {
  const {
    searcher,
    queryTimeoutMs = 10_000,
    bodies = new BodyReader(),
    answers = new MemoryBudget(maxAnswerBytes),
  } = options;
  const asked: SearchOptions = { searcher, bodies, queryTimeoutMs, answers };
  const app = new Hono();
  app.onError((error, context) => sendError(context, error));
  app.notFound((context) => sendError(context, notHere(context)));
  app.use(guard(host));
  app.get("/", (context) => sendJson(context, toJson(banner(options.name))));
  app.get("/_cluster/health", (context) => sendHealth(context, options));
  app.get("/_cluster/health/:index", (context) => sendHealth(context, options));
  catRoutes(app, asked);
  for (const path of ["/_search", "/:index/_search"])
    app.on(["GET", "POST"], path, (context) => search(context, asked, context.req.param("index")));
  for (const path of ["/_msearch", "/:index/_msearch"])
    app.on(["GET", "POST"], path, (context) => severalSearches(context, asked, context.req.param("index")));
  for (const path of ["/_count", "/:index/_count"])
    app.on(["GET", "POST"], path, (context) => count(context, asked, context.req.param("index")));
  for (const path of ["/_mapping", "/_mappings", "/:index/_mapping", "/:index/_mappings"])
    app.get(path, async (context) => {
      const named = await namedIn(searcher, context, addressOf(context, []));
      return sendJson(context, toJson(mappingsAnswer(named)));
    });
  for (const path of ["/_field_caps", "/:index/_field_caps"])
    app.on(["GET", "POST"], path, async (context) => {
      const address = addressOf(context, ["fields"]);
      const named = await namedIn(searcher, context, address);
      return sendJson(context, toJson(fieldCapsAnswer(named, address.get("fields") ?? undefined)));
    });
  app.get("/:index/_doc/:id", (context) => sendDocument(context, searcher));
  app.get("/:index/_source/:id", (context) => sendSource(context, searcher));
  app.get("/:index", (context) => sayWhetherThere(context, searcher));
  return app;
}

function banner(name: string): object {
  return {
    name,
    cluster_name: name,
    cluster_uuid: "_na_",
    version: {
      distribution: "opensearch",
      number: version,
      build_type: "local run of firehose-opensearch",
      build_hash: "unknown",
      build_date: "unknown",
      build_snapshot: false,
      lucene_version: "9.12.1",
      minimum_wire_compatibility_version: "7.10.0",
      minimum_index_compatibility_version: "7.0.0",
    },
    tagline: "The OpenSearch Project: https://opensearch.org/",
  };
}

/** There is one node, which is this process: where it answers, all is there. */
async function sendHealth(context: Context, { name, searcher }: SearchApiOptions): Promise<Response> {
  const address = addressOf(context, [
    "level",
    "timeout",
    "wait_for_status",
    "wait_for_nodes",
    "wait_for_active_shards",
    "wait_for_events",
    "wait_for_no_initializing_shards",
    "wait_for_no_relocating_shards",
  ]);
  const { length } = await namedIn(searcher, context, address);
  return sendJson(
    context,
    toJson({
      cluster_name: name,
      status: "green",
      timed_out: false,
      number_of_nodes: 1,
      number_of_data_nodes: 1,
      discovered_master: true,
      discovered_cluster_manager: true,
      active_primary_shards: length,
      active_shards: length,
      relocating_shards: 0,
      initializing_shards: 0,
      unassigned_shards: 0,
      delayed_unassigned_shards: 0,
      number_of_pending_tasks: 0,
      number_of_in_flight_fetch: 0,
      task_max_waiting_in_queue_millis: 0,
      active_shards_percent_as_number: 100,
    }),
  );
}

/** The indices that the path names, all where it names none. */
const namedIn = async (searcher: BodySearcher, context: Context, address: URLSearchParams) =>
  namedIndices(await searcher.mappings(), context.req.param("index"), indexOptions(address));

function catRoutes(app: Hono, { searcher, queryTimeoutMs }: SearchOptions): void {
  const send = (context: Context, table: Table, address: URLSearchParams) => {
    const { json, text } = tableText(table, address);
    if (text === undefined) return sendJson(context, toJson(json));
    return context.body(text, 200, { "Content-Type": "text/plain; charset=UTF-8" });
  };
  for (const path of ["/_cat/indices", "/_cat/indices/:index"])
    app.get(path, async (context) => {
      const address = addressOf(context, catNames);
      const named = await namedIn(searcher, context, address);
      return send(context, indicesTable(named, address), address);
    });
  for (const path of ["/_cat/count", "/_cat/count/:index"])
    app.get(path, async (context) => {
      const address = addressOf(context, catNames);
      const named = await namedIn(searcher, context, address);
      const request = countRequest(
        { kind: "all" },
        named.map(({ index }) => index),
      );
      const { total } = await searcher.find(request, { timeoutMs: queryTimeoutMs });
      return send(context, countTable(total, request.nowMs), address);
    });
}

async function sendDocument(context: Context, searcher: BodySearcher): Promise<Response> {
  const address = addressOf(context, documentNames);
  const { index, id, hit } = await documentIn(searcher, context);
  if (hit === undefined) return sendJson(context, toJson({ _index: index, _id: id, found: false }), 404);
  const source = sourceText(hit.source, wantedOf(address));
  const part = source === undefined ? "" : `,"_source":${source}`;
  const head = toJson({ _index: index, _id: id, _version: 1, found: true });
  return sendJson(context, `${head.slice(0, -1)}${part}}`);
}

/** The document alone, without what is known of it. */
async function sendSource(context: Context, searcher: BodySearcher): Promise<Response> {
  const wanted = wantedOf(addressOf(context, documentNames));
  if (wanted === false) throw invalid("fetching source can not be disabled");
  const { index, id, hit } = await documentIn(searcher, context);
  const source = hit && sourceText(hit.source, wanted);
  if (source === undefined)
    throw new RestError(404, "resource_not_found_exception", `Document not found [${index}]/[${id}]`);
  return sendJson(context, source);
}

/** The document that the path names, undefined where there is none. @throws RestError where there is no such index */
async function documentIn(searcher: BodySearcher, context: Context) {
  const { index, id } = context.req.param() as { index: string; id: string };
  if (!(await searcher.mappings()).some((one) => one.index === index)) throw noSuchIndex(index);
  return { index, id, hit: await searcher.document(index, id) };
}

/** To HEAD alone, which Hono hands to those that answer GET. */
async function sayWhetherThere(context: Context, searcher: BodySearcher): Promise<Response> {
  if (context.req.method !== "HEAD" || context.req.param("index")!.startsWith("_")) throw notHere(context);
  await namedIn(searcher, context, addressOf(context, indexNames));
  return context.body(null);
}

function wantedOf(address: URLSearchParams): WantedSource {
  const list = (name: string) => address.get(name)?.split(",") ?? [];
  const source = address.get("_source");
  if (source === "false") return false;
  const includes = source === null || source === "true" ? list("_source_includes") : source.split(",");
  return partsOf(includes, list("_source_excludes"));
}

/** Writes, and all that a real node has beside what is read here. */
function notHere(context: Context): RestError {
  const { method, path } = context.req;
  if (method === "GET" || method === "POST" || method === "HEAD") return notTaken(`${method} ${path}`);
  return notTaken(`${method} ${path}`, "it only reads; documents come through the Firehose endpoint");
}

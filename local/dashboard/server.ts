/** The dashboard: the page, its JSON API and the live stream, on one port. */
import type { HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type Context, Hono } from "hono";
import { BodyReader } from "../body-reader";
import { isLoopback } from "../loopback";
import { MemoryBudget } from "../memory-budget";
import { isSearchStream, type Plan, type StreamPlan } from "../plan/plan";
import type { FieldCharts } from "../rooms";
import type { ObjectsStatus } from "../status";
import { startWebServer, type WebServer } from "../web-server";
import { allOf, allStreams } from "./all-streams";
import { errorAnswer, RequestProblem } from "./answers";
import { aroundRoutes } from "./around-routes";
import { BackupFolder } from "./backup-folder";
import { backupRoutes } from "./backup-routes";
import { chartRoutes } from "./chart-routes";
import { exportRoutes } from "./export-routes";
import { answerHeaders, guard, setAnswerHeaders } from "./guard";
import { LiveStream } from "./live-stream";
import { pageRoutes } from "./page-files";
import { type PanelRoutesOptions, panelRoutes, panelsPath } from "./panel-routes";
import { refuseUnknown, wholeNumber } from "./params";
import { defaultQueryTimeoutMs } from "./patience";
import { replayPath, replayRoutes } from "./replay-routes";
import { searchRoutes } from "./search-routes";
import type { DashboardStream } from "./shown-stream";
import type { LookedThrough } from "./whereabouts/look";
import type { Bucket } from "./whereabouts/look-in-objects";
import { whereaboutsRoutes } from "./whereabouts-routes";

export interface DashboardOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Address to listen on; anything but loopback opens the dashboard to the network. @default 127.0.0.1 */
  readonly host?: string;
  readonly plan: Plan;
  /** At least one; the first is the one that is meant where none is named. */
  readonly streams: readonly DashboardStream[];
  /** Charts over a field of all streams at once. @default none */
  readonly charts?: FieldCharts;
  /** Counts of the objects that functions of the run were told of; undefined where it has none. */
  objects?(): ObjectsStatus;
  /** Longest time of one question to the index, in milliseconds. @default 10000 */
  readonly queryTimeoutMs?: number;
  /** Reads the bodies of all servers of a run. @default one of its own */
  readonly bodies?: BodyReader;
  /** Bound of all answers that are being read. @default 64 MiB */
  readonly answers?: MemoryBudget;
}

export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** Of a connection on which nothing moves, longer than any question may take. */
const idleMs = 60_000;
/** Of all answers that are being read. */
const maxAnswerBytes = 64 * 1024 * 1024;

/** Rejects with the system's error where it cannot listen, such as code `EADDRINUSE`. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const host = options.host ?? "127.0.0.1";
  const all = allOf(options.streams, options.charts);
  const apis = [...options.streams, ...(all ? [all] : [])].map((stream) => ({
    stream,
    live: new LiveStream(stream),
  }));
  const closeLive = (): void => {
    for (const { live } of apis) live.close();
  };
  const app = dashboardApp(options, host, apis);
  let server: WebServer;
  try {
    server = await startWebServer(app.fetch, { port: options.port, host, idleMs });
  } catch (error) {
    closeLive();
    throw error;
  }
  return {
    url: server.url,
    close: () => {
      closeLive();
      return server.close();
    },
  };
}

/** Paths that take something. */
const postsOf = (streams: readonly DashboardStream[]): string[] => [
  ...(streams.some(({ replay }) => replay) ? [replayPath] : []),
  ...(streams.some(({ panels }) => panels) ? [panelsPath] : []),
];

/** Where nothing keeps them they are the program's. */
const fixedPanels = (ofProgram: StreamPlan["panels"]): PanelRoutesOptions["board"] => ({
  list: ofProgram,
  ofProgram,
  isKept: false,
  version: 0,
});

interface StreamApi {
  readonly stream: DashboardStream;
  readonly live: LiveStream;
}

function dashboardApp(options: DashboardOptions, host: string, apis: readonly StreamApi[]): Hono {
  const { queryTimeoutMs = defaultQueryTimeoutMs, bodies = new BodyReader() } = options;
  const { answers = new MemoryBudget(maxAnswerBytes) } = options;
  const app = new Hono();
  app.onError((error, context) => errorAnswer(context, error));
  app.notFound((context) => errorAnswer(context, new RequestProblem(404, `${context.req.path} is not here`)));
  // Never for the network: there is no login.
  const posts = isLoopback(host) ? postsOf(options.streams) : [];
  app.use(guard(host, posts));
  app.use("/api/*", (context, next) => {
    refuseUnknown(context);
    return next();
  });
  app.get("/api/streams", (context) => context.json({ streams: options.streams.map(streamForPage) }));
  const { plan, objects } = options;
  const shared = { plan, host, queryTimeoutMs, bodies, answers, objects };
  const byName = new Map(apis.map((api) => [api.stream.plan.deliveryStreamName, streamApp(api, shared)]));
  const named = (context: Context): string => {
    const name = context.req.query("stream") || [...byName.keys()][0]!;
    if (byName.has(name)) return name;
    const names = options.streams.map(({ plan }) => plan.deliveryStreamName);
    throw new RequestProblem(404, `there is no stream ${name}; there are ${names.join(", ")}`);
  };
  const lookedThrough = new Map(
    options.streams.map((stream) => [stream.plan.deliveryStreamName, lookedThroughOf(stream)]),
  );
  const streamsOf = (context: Context): LookedThrough[] =>
    context.req.query("stream") === allStreams
      ? [...lookedThrough.values()]
      : [lookedThrough.get(named(context))!];
  app.route("/api/whereabouts", whereaboutsRoutes(streamsOf, queryTimeoutMs));
  app.all("/api/*", (context) => byName.get(named(context))!.fetch(context.req.raw, context.env));
  app.route("/", pageRoutes());
  return app;
}

function lookedThroughOf(stream: DashboardStream): LookedThrough {
  const { plan, searcher, bucketFolder, backupFolder } = stream;
  const isSearched = isSearchStream(plan);
  const { bucketName: name } = isSearched ? plan.backup : plan.destination;
  const buckets: Bucket[] = [{ name, folder: new BackupFolder(bucketFolder), isDestination: !isSearched }];
  if (backupFolder !== undefined && plan.backup)
    buckets.push({
      name: plan.backup.bucketName,
      folder: new BackupFolder(backupFolder),
      isDestination: false,
    });
  return { plan, searcher, trail: stream.trail, status: () => stream.status(), buckets };
}

/** One of the streams to choose from, with its counts. */
function streamForPage({
  plan: { deliveryStreamName: name, destination, domain, processor },
  status,
}: DashboardStream) {
  const { accepted, indexed, dropped, failed, waiting } = status();
  const into =
    destination.kind === "s3"
      ? { bucketName: destination.bucketName }
      : { domain, indexName: destination.indexName };
  return {
    name,
    destination: destination.kind,
    ...into,
    processor: processor?.name,
    counts: { accepted, indexed, dropped, failed, waiting },
  };
}

interface Shared {
  readonly plan: Plan;
  readonly host: string;
  readonly queryTimeoutMs: number;
  readonly bodies: BodyReader;
  readonly answers: MemoryBudget;
  readonly objects: DashboardOptions["objects"];
}

/** The API as it is about one stream. */
function streamApp(
  { stream, live }: StreamApi,
  { plan, host, queryTimeoutMs, bodies, answers, objects }: Shared,
): Hono {
  const { searcher, panels } = stream;
  const board = panels ?? fixedPanels(stream.plan.panels);
  const app = new Hono();
  app.onError((error, context) => errorAnswer(context, error));
  app.notFound((context) => errorAnswer(context, new RequestProblem(404, `${context.req.path} is not here`)));
  app.use(setAnswerHeaders);
  const replay = isLoopback(host) ? stream.replay : undefined;
  if (replay) app.route(replayPath, replayRoutes(replay, bodies));
  const { parts } = stream;
  app.route("/api", searchRoutes({ searcher, parts, panels: () => board.list, queryTimeoutMs, answers }));
  if (stream.charts) app.route("/api/charts", chartRoutes(stream.charts, queryTimeoutMs));
  app.route("/api/around", aroundRoutes(searcher, queryTimeoutMs));
  app.route("/api/export", exportRoutes(searcher, queryTimeoutMs));
  app.route("/api/backup", backupRoutes(stream.bucketFolder));
  app.get("/api/status", (context) =>
    context.json({ ...stream.status(), ...(objects && { objects: objects() }) }),
  );
  app.get("/api/plan", (context) =>
    context.json({ ...planForPage(plan, stream.plan), ...(stream.send && { send: stream.send }) }),
  );
  app.route(
    panelsPath,
    panelRoutes({
      searcher,
      board,
      history: live.history,
      queryTimeoutMs,
      bodies,
      // Not from the network, as there is no login.
      keep: panels && isLoopback(host) ? (wanted) => panels.keep(wanted) : undefined,
    }),
  );
  app.get("/api/failures", async (context) => {
    const limit = Math.min(wholeNumber(context, "limit", 1) ?? 20, 1_000);
    return context.json({ failures: await stream.recentFailures(limit) });
  });
  app.get("/api/live", (context) => {
    const { outgoing } = context.env as HttpBindings;
    if (context.req.method === "HEAD") return context.body(null);
    if (!live.hasRoom) throw new RequestProblem(503, "too many pages are open; close some of them");
    outgoing.setTimeout(0);
    outgoing.writeHead(200, { ...answerHeaders, "Content-Type": "text/event-stream" });
    live.add(outgoing);
    return RESPONSE_ALREADY_SENT;
  });
  return app;
}

/** What the page says about the stack; the function's code and its environment stay here. */
function planForPage(
  { project, stack, region, streams, chosenProcessor, notEmulated, withoutEffect, notes }: Plan,
  stream: StreamPlan,
) {
  const { deliveryStreamName, processor, destination, backup } = stream;
  return {
    project,
    stack,
    region,
    deliveryStreamName,
    destination,
    backup,
    notEmulated,
    withoutEffect,
    notes,
    processor: processor && {
      name: (streams.length === 1 && chosenProcessor) || processor.name,
      bufferSizeMiB: processor.bufferSizeMiB,
      bufferIntervalSeconds: processor.bufferIntervalSeconds,
      numberOfRetries: processor.numberOfRetries,
    },
  };
}

/** The dashboard: the page, its JSON API and the live stream, on one port. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer, type HttpBindings } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { Hono } from "hono";
import { listen } from "../listen";
import { isLoopback } from "../loopback";
import type { Plan } from "../plan/plan";
import type { PipelineStatus, RecentFailure, Searcher } from "../rooms";
import { errorAnswer, RequestProblem } from "./answers";
import { backupRoutes } from "./backup-routes";
import { exportRoutes } from "./export-routes";
import { answerHeaders, guard } from "./guard";
import { LiveStream } from "./live-stream";
import { pageRoutes } from "./page-files";
import { wholeNumber } from "./params";
import { type Replay, replayPath, replayRoutes } from "./replay-routes";
import { searchRoutes } from "./search-routes";

export interface DashboardOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** Address to listen on; anything but loopback opens the dashboard to the network. @default 127.0.0.1 */
  readonly host?: string;
  readonly plan: Plan;
  readonly searcher: Searcher;
  status(): PipelineStatus;
  recentFailures(limit: number): Promise<RecentFailure[]>;
  /** Takes failed documents in once more; undefined where they go to a real OpenSearch. Not offered to the network. */
  readonly replay?: Replay;
  /** Folder of the bucket, with its objects as plain files. */
  readonly bucketFolder: string;
  /** Calls the listener after every settle, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

export interface Dashboard {
  readonly url: string;
  close(): Promise<void>;
}

/** Rejects with the system's error where it cannot listen, such as code `EADDRINUSE`. */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const host = options.host ?? "127.0.0.1";
  const live = new LiveStream(options);
  const app = dashboardApp(options, host, live);
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // A client that dribbles its request, or opens sockets without end, gives them back.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 500;
  try {
    await listen(server, options.port, host);
  } catch (error) {
    live.close();
    throw error;
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close: () => {
      live.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function dashboardApp(options: DashboardOptions, host: string, live: LiveStream): Hono {
  const { plan, searcher } = options;
  const app = new Hono();
  app.onError((error, context) => errorAnswer(context, error));
  app.notFound((context) => errorAnswer(context, new RequestProblem(404, `${context.req.path} is not here`)));
  // Never for the network: there is no login.
  const replay = isLoopback(host) ? options.replay : undefined;
  app.use(guard(host, replay ? [replayPath] : []));
  if (replay) app.route(replayPath, replayRoutes(replay));
  app.route("/api", searchRoutes(searcher, plan.panels));
  app.route("/api/export", exportRoutes(searcher));
  app.route("/api/backup", backupRoutes(options.bucketFolder));
  app.get("/api/status", (context) => context.json(options.status()));
  app.get("/api/plan", (context) => context.json(planForPage(plan)));
  app.get("/api/panels", async (context) => {
    const counts = await searcher.panelCounts();
    const panels = plan.panels.map((panel, place) => ({ ...panel, count: counts[place] ?? 0 }));
    return context.json({ panels, history: live.history.list() });
  });
  app.get("/api/failures", async (context) => {
    const limit = Math.min(wholeNumber(context, "limit", 1) ?? 20, 1_000);
    return context.json({ failures: await options.recentFailures(limit) });
  });
  app.get("/api/live", (context) => {
    const { outgoing } = context.env as HttpBindings;
    if (context.req.method === "HEAD") return context.body(null);
    outgoing.writeHead(200, { ...answerHeaders, "Content-Type": "text/event-stream" });
    if (!live.add(outgoing)) outgoing.end();
    return RESPONSE_ALREADY_SENT;
  });
  app.route("/", pageRoutes());
  return app;
}

/** What the page says about the stack; the function's code and its environment stay here. */
function planForPage({ project, stack, region, stream, notEmulated, notes }: Plan) {
  const { deliveryStreamName, processor, destination, backup } = stream;
  return {
    project,
    stack,
    region,
    deliveryStreamName,
    destination,
    backup,
    notEmulated,
    notes,
    processor: processor && {
      name: processor.name,
      bufferSizeMiB: processor.bufferSizeMiB,
      bufferIntervalSeconds: processor.bufferIntervalSeconds,
      numberOfRetries: processor.numberOfRetries,
    },
  };
}

/** A server for an application of Hono: its limits, and its end. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { closeAtOnce, listen } from "./listen";

export interface WebServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** Longest time in which nothing goes over a connection, in milliseconds. @default 60000 */
  readonly idleMs?: number;
}

export interface WebServer {
  readonly url: string;
  /** Ends every connection, also those in the middle of an answer. */
  close(): Promise<void>;
}

/** Rejects with the system's error where it cannot listen, such as code `EADDRINUSE`. */
export async function startWebServer(
  fetch: Parameters<typeof createAdaptorServer>[0]["fetch"],
  { port, host = "127.0.0.1", idleMs = 60_000 }: WebServerOptions,
): Promise<WebServer> {
  const server = createAdaptorServer({
    fetch,
    serverOptions: { connectionsCheckingInterval: 1_000 },
    // The process is that of a user's tests too: its own `Request` and `Response` stay.
    overrideGlobalObjects: false,
  }) as Server;
  // A client that dribbles its request, does not take its answer, or opens sockets without end, gives them back.
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.setTimeout(idleMs);
  server.maxConnections = 500;
  await listen(server, port, host);
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () => closeAtOnce(server),
  };
}

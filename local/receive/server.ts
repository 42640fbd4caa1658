/** The Firehose API over HTTP: AWS JSON 1.1, one path, the operation in a header. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { BodyReader, BodyRefused } from "../body-reader";
import { type Clock, systemClock } from "../clock";
import { listen } from "../listen";
import { isOwnHost, isOwnSite } from "../loopback";
import {
  bodyRefused,
  FirehoseError,
  foreignCaller,
  internalFailure,
  notJson,
  unknownOperation,
} from "./errors";
import type { Input, ReceiveContext } from "./operation";
import { operations } from "./operations";

export interface ReceiverOptions extends ReceiveContext {
  /** 0 = any free one. */
  readonly port: number;
  /** @default "127.0.0.1" */
  readonly host?: string;
  /** Reads the bodies of all servers of a run. @default one of its own */
  readonly bodies?: BodyReader;
  /** @default the system's */
  readonly clock?: Clock;
  /** Told of an error that is no caller's mistake. */
  onError(error: unknown): void;
}

export interface Receiver {
  readonly url: string;
  /** Takes no more calls; resolves when those under way are answered, or after five seconds. */
  close(): Promise<void>;
}

/** So long has a call that is under way when the server closes. */
const closeMs = 5000;
/** Base64 of the largest batch, and the JSON around 500 records. */
const maxBodyBytes = 8 * 1024 * 1024;
const defaultHost = "127.0.0.1";
const contentType = "application/x-amz-json-1.1";
const targetPrefix = "Firehose_20150804.";

/** Differs from AWS: signatures are not checked, any credentials will do. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { port, host = defaultHost, bodies = new BodyReader(), clock = systemClock } = options;
  const open = new Set<ServerResponse>();
  let closing = false;
  const server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 10_000,
      // Senders leave one unused for up to 90 s; what they write into one that is just being closed is lost.
      keepAliveTimeout: 120_000,
      connectionsCheckingInterval: 1000,
    },
    (req, res) => {
      open.add(res);
      res.once("close", () => open.delete(res));
      if (closing) res.shouldKeepAlive = false;
      void answer(req, res, bodies, options);
    },
  );
  server.maxConnections = 1000;
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        closing = true;
        // A client that sends call after call would keep its connection, and with it the server, for ever.
        for (const res of open) res.shouldKeepAlive = false;
        const closed = new AbortController();
        void clock.wait(closeMs, closed.signal).then(() => server.closeAllConnections());
        server.close(() => {
          closed.abort();
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function answer(
  req: IncomingMessage,
  res: ServerResponse,
  bodies: BodyReader,
  options: ReceiverOptions,
): Promise<void> {
  try {
    checkCaller(req, options.host);
    const operation = operationOf(req);
    send(res, 200, await bodies.read(req, maxBodyBytes, (body) => operation(parse(body), options)));
  } catch (cause) {
    const error = cause instanceof BodyRefused ? bodyRefused(cause.status, cause.message) : cause;
    if (!(error instanceof FirehoseError)) {
      if (req.destroyed && !req.complete) return;
      options.onError(error);
    }
    const { status, code, message } = error instanceof FirehoseError ? error : internalFailure();
    if (!req.complete) res.setHeader("Connection", "close");
    send(res, status, JSON.stringify({ __type: code, message }), code);
  }
}

function send(res: ServerResponse, status: number, body: string, errorType?: string): void {
  res.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "x-amzn-RequestId": randomUUID(),
    ...(errorType === undefined ? {} : { "x-amzn-ErrorType": errorType }),
  });
  res.end(body);
}

/** A page of another site must not send records through a browser on this machine. */
function checkCaller(req: IncomingMessage, host = defaultHost): void {
  if (!isOwnHost(req.headers.host, host)) {
    throw foreignCaller(
      `The Host header is ${JSON.stringify(req.headers.host ?? "")}; use 127.0.0.1 or localhost.`,
    );
  }
  if (req.headers.origin !== undefined) {
    throw foreignCaller("Requests from a web page (with an Origin header) are refused.");
  }
  const site = req.headers["sec-fetch-site"];
  if (!isOwnSite(site === undefined ? undefined : String(site))) {
    throw foreignCaller("Requests from a web page (by its Sec-Fetch-Site header) are refused.");
  }
}

function operationOf(req: IncomingMessage): (typeof operations)[string] {
  const target = String(req.headers["x-amz-target"] ?? "").slice(0, 200);
  const name = target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : "";
  const operation = req.method === "POST" && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!operation) throw unknownOperation(target);
  return operation;
}

function parse(body: string): Input {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (error) {
    throw notJson((error as Error).message.slice(0, 200));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw notJson("it is another JSON value");
  return value as Input;
}

/** The SDK's `requestHandler` over {@link HttpConnection}s that are kept open. */
import type { Answer } from "./answer-reader";
import { type Address, HttpConnection, type Timeouts } from "./http-connection";

/** What the SDK hands over, as far as it is used here. */
export interface Request {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | Uint8Array | string;
}

export class KeptConnectionsHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  private readonly idle = new Map<string, HttpConnection[]>();
  private readonly all = new Set<HttpConnection>();
  private readonly known = new WeakMap<object, Answer>();
  private readonly received = new WeakMap<object, Answer>();
  /** The latest request that the SDK made; the next one differs in body, date and signature only. */
  latest: Request | undefined;

  constructor(private readonly timeouts: Timeouts) {}

  /** What the SDK calls. */
  async handle(request: Request): Promise<{ response: Answer }> {
    const body = bytesOf(request.body);
    const known = this.known.get(body);
    if (known) return { response: kept(known) };
    this.latest = request;
    const answer = await this.exchange(
      request,
      Buffer.concat([Buffer.from(headOf(request), "latin1"), body]),
      kept,
    );
    this.received.set(body, answer);
    return { response: kept(answer) }; // The SDK makes something else of the body, in its place.
  }

  /** The SDK's call for this body gets this answer, which is there already: its parts that read errors work as ever. */
  answerWith(body: Buffer, answer: Answer): void {
    this.known.set(body, answer);
  }

  /** The answer as it came, where the SDK made the call for this body. */
  answerTo(body: Buffer): Answer | undefined {
    return this.received.get(body);
  }

  /** Sends head and body, in `bytes`, over a connection to where `to` goes; gives what `read` makes of the answer. */
  async exchange<T>(to: Request, bytes: Buffer, read: (answer: Answer) => T): Promise<T> {
    const secure = to.protocol !== "http:";
    const port = to.port ?? (secure ? 443 : 80);
    const key = `${to.protocol}${to.hostname}:${port}`;
    const hostname = to.hostname.replace(/^\[|\]$/g, "");
    const connection = this.take(key) ?? this.open({ secure, hostname, port });
    try {
      return await connection.send(bytes, read);
    } finally {
      if (connection.usable) this.keep(key, connection);
    }
  }

  destroy(): void {
    for (const connection of this.all) connection.close();
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  private open(address: Address): HttpConnection {
    const connection = new HttpConnection(address, this.timeouts, (closed) => this.all.delete(closed));
    this.all.add(connection);
    return connection;
  }

  private take(key: string): HttpConnection | undefined {
    const idle = this.idle.get(key);
    for (let connection = idle?.pop(); connection; connection = idle?.pop()) {
      if (connection.usable) return connection;
    }
    return undefined;
  }

  private keep(key: string, connection: HttpConnection): void {
    const idle = this.idle.get(key);
    if (idle) idle.push(connection);
    else this.idle.set(key, [connection]);
  }
}

/** A copy that stays. */
export const kept = (answer: Answer): Answer => ({ ...answer, body: Buffer.from(answer.body) });

function headOf({ method, path, query = {}, headers, hostname, port }: Request): string {
  if (Object.keys(query).length > 0) throw new Error("a query in the path is not expected of Firehose");
  let head = `${method} ${path} HTTP/1.1\r\n`;
  if (headers["host"] === undefined) head += `host: ${hostname}${port === undefined ? "" : `:${port}`}\r\n`;
  for (const name of Object.keys(headers)) head += `${name}: ${headers[name]}\r\n`;
  return `${head}\r\n`;
}

const bytesOf = (body: Request["body"] = ""): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(body as string);

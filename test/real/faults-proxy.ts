/** Stands in front of a real OpenSearch and fails as networks and clusters do. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/**
 * `away`: nobody listens. `third`: 503 for every third document of a `_bulk`, the others go through. `no-answer`: the
 * request goes through, its answer is lost.
 */
export type Fault = "none" | "away" | "third" | "no-answer";

interface BulkAnswer {
  took: number;
  errors: boolean;
  items: unknown[];
}

const unavailable = {
  index: {
    status: 503,
    error: { type: "unavailable_shards_exception", reason: "primary shard is not active" },
  },
};

export class FaultProxy {
  /** How often the fault that is set has struck. */
  struck = 0;
  private fault: Fault = "none";
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private port = 0;

  constructor(private readonly target: string) {
    this.server = createServer((req, res) => {
      this.answer(req, res).catch((error: Error) => res.destroy(error));
    });
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Takes the same port again after `away`. */
  async set(fault: Fault): Promise<void> {
    this.fault = fault;
    this.struck = 0;
    if (fault === "away") return this.close();
    if (this.server.listening) return;
    await new Promise<void>((done, fail) => {
      this.server.once("error", fail);
      this.server.listen(this.port, "127.0.0.1", () => {
        this.server.removeListener("error", fail);
        done();
      });
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((done) => this.server.close(done));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private async answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const isBulk = req.url?.startsWith("/_bulk") ?? false;
    if (isBulk && this.fault === "third") return this.answerThird(req, res, body);
    const answer = await this.pass(req, body);
    if (isBulk && this.fault === "no-answer") {
      this.struck++;
      res.destroy();
      return;
    }
    send(res, answer);
  }

  private async answerThird(req: IncomingMessage, res: ServerResponse, body: string): Promise<void> {
    const lines = body.split("\n");
    const documents = Array.from(
      { length: lines.length >> 1 },
      (_, i) => `${lines[2 * i]}\n${lines[2 * i + 1]}\n`,
    );
    // Counted from the end, so that a single document that is left gets through.
    const held = documents.map((_, i) => (documents.length - i) % 3 === 0);
    const passed = documents.filter((_, i) => !held[i]);
    const answer = await this.pass(req, passed.join(""));
    const { took, errors, items } = JSON.parse(answer.body) as BulkAnswer;
    const merged = held.map((is) => (is ? unavailable : items.shift()));
    if (held.includes(true)) this.struck++;
    send(res, {
      status: answer.status,
      body: JSON.stringify({ took, errors: errors || held.includes(true), items: merged }),
    });
  }

  private pass(
    { method, url, headers }: IncomingMessage,
    body: string,
  ): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const { host, "content-length": _length, "transfer-encoding": _encoding, ...others } = headers;
      const out = request(
        this.target + url,
        { method, headers: { ...others, "content-length": Buffer.byteLength(body) } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 500, body: Buffer.concat(chunks).toString() }),
          );
        },
      );
      out.on("error", reject);
      out.end(body);
    });
  }
}

function send(res: ServerResponse, { status, body }: { status: number; body: string }): void {
  res.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  res.end(body);
}

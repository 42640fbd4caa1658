/** A server that answers as a domain with its plugins does, as far as the program asks it. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

// biome-ignore lint/suspicious/noExplicitAny: bodies of all kinds
type Json = any;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Json;
  readonly headers: IncomingMessage["headers"];
}

type Reply = { status: number; body?: Json; headers?: Record<string, string> };

export class StubDomain {
  readonly asked: Asked[] = [];
  /** Objects by path, as they were put. */
  readonly objects = new Map<string, Json>();
  /** Policies by name with the numbers of their version. */
  readonly policies = new Map<string, { policy: Json; seqNo: number }>();
  /** Indices of the pattern, and the policy that each carries. */
  readonly indices = new Map<string, string | undefined>();
  /** Answers to give before the usual ones: the first that has one for the request. */
  readonly instead: ((asked: Asked) => Reply | undefined)[] = [];
  /** Stays the same when the server is closed. */
  url = "";
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<StubDomain> {
    const server = createServer();
    const stub = new StubDomain(server);
    server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      const asked: Asked = {
        method: request.method!,
        path: request.url!,
        body: text === "" ? undefined : JSON.parse(text),
        headers: request.headers,
      };
      stub.asked.push(asked);
      const reply = stub.instead.map((answer) => answer(asked)).find(Boolean) ?? stub.answer(asked);
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      response.end(JSON.stringify(reply.body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    stub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return stub;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** `PUT /path` for each request that changes something. */
  get changes(): string[] {
    return this.asked.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }

  private answer(asked: Asked): Reply {
    const { path } = asked;
    if (path.includes("/_ism/")) return this.ism(asked);
    if (path.includes("/api/saved_objects/")) return this.savedObjects(asked);
    return this.plain(asked);
  }

  private plain({ method, path, body }: Asked): Reply {
    const found = this.objects.get(path);
    if (method === "PUT") {
      this.objects.set(path, body);
      return { status: found ? 200 : 201, body: { status: found ? "OK" : "CREATED" } };
    }
    if (!found) return { status: 404, body: { status: "NOT_FOUND" } };
    if (method === "DELETE") this.objects.delete(path);
    return { status: 200, body: { [path.split("/").at(-1)!]: found } };
  }

  private ism({ method, path, body }: Asked): Reply {
    const [, action, argument = ""] = /\/_ism\/(\w+)\/([^?]*)/.exec(path)!;
    const carriers = () => (argument.includes("*") ? [...this.indices.keys()] : argument.split(","));
    switch (action) {
      case "policies":
        return this.policy(method, argument, new URLSearchParams(path.split("?")[1]), body);
      case "explain": {
        const explained = [...this.indices].map(([index, id]) => [index, id ? { policy_id: id } : {}]);
        return { status: 200, body: { ...Object.fromEntries(explained), total_managed_indices: 1 } };
      }
      case "add": {
        const failed = carriers().filter((index) => this.indices.get(index));
        for (const index of carriers()) if (!this.indices.get(index)) this.indices.set(index, body.policy_id);
        const reason = "This index already has a policy, use the update policy API to update index policies";
        return {
          status: 200,
          body: {
            failures: failed.length > 0,
            failed_indices: failed.map((index_name) => ({ index_name, reason })),
          },
        };
      }
      case "change_policy":
        return {
          status: 200,
          body: { updated_indices: carriers().length, failures: false, failed_indices: [] },
        };
      default:
        for (const index of carriers()) this.indices.set(index, undefined);
        return { status: 200, body: { updated_indices: 1, failures: false, failed_indices: [] } };
    }
  }

  private policy(method: string, name: string, query: URLSearchParams, body: Json): Reply {
    const found = this.policies.get(name);
    if (method === "PUT") {
      if (found && Number(query.get("if_seq_no") ?? -1) !== found.seqNo) {
        return { status: 409, body: { error: { type: "version_conflict_engine_exception" } } };
      }
      this.policies.set(name, { policy: body.policy, seqNo: (found?.seqNo ?? -1) + 1 });
      return { status: found ? 200 : 201 };
    }
    if (!found) return { status: 404, body: { error: { type: "index_not_found_exception" } } };
    if (method === "DELETE") this.policies.delete(name);
    return { status: 200, body: { policy: found.policy, _seq_no: found.seqNo, _primary_term: 1 } };
  }

  private savedObjects({ method, path, body, headers }: Asked): Reply {
    if (!headers["osd-xsrf"] || !headers["kbn-xsrf"])
      return { status: 400, body: { message: "xsrf header" } };
    if (path.endsWith("_bulk_create?overwrite=true")) {
      for (const object of body) this.objects.set(`${object.type}/${object.id}`, object);
      return { status: 200, body: { saved_objects: body } };
    }
    const key = path.split("/api/saved_objects/")[1]!;
    const found = this.objects.get(key);
    if (!found) return { status: 404 };
    if (method === "DELETE") this.objects.delete(key);
    return { status: 200, body: found };
  }
}

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
  /** All indices, and the retention policy that each carries. */
  readonly indices = new Map<string, string | undefined>();
  /** Settings of indices that have any. */
  readonly settings = new Map<string, Record<string, string>>();
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
      // As http.max_initial_line_length, which a domain leaves at 4 kB.
      const tooLong = `${asked.method} ${asked.path} HTTP/1.1`.length > 4096;
      const reply = tooLong
        ? { status: 400, body: "too_long_http_line" }
        : (stub.instead.map((answer) => answer(asked)).find(Boolean) ??
          stub.answer({ ...asked, path: withoutPrefix(asked.path) }));
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

  /** The object as it was put, whichever of the plugins' prefixes the path has. */
  object(path: string): Json {
    return this.objects.get(withoutPrefix(path));
  }

  put(path: string, body: Json): void {
    this.objects.set(withoutPrefix(path), body);
  }

  private answer(asked: Asked): Reply {
    const { path } = asked;
    if (path.includes("/_ism/")) return this.ism(asked);
    if (path.includes("/api/saved_objects/")) return this.savedObjects(asked);
    if (path.startsWith("/_cat/indices/")) return this.catIndices(asked);
    if (path.includes("/_settings")) return this.indexSettings(asked);
    return this.plain(asked);
  }

  private matching(names: string): string[] {
    const patterns = decodeURIComponent(names)
      .split(",")
      .map((name) => new RegExp(`^${name.replace(/[.+]/g, "\\$&").replaceAll("*", ".*")}$`));
    return [...this.indices.keys()].filter((index) => patterns.some((pattern) => pattern.test(index)));
  }

  private catIndices({ path }: Asked): Reply {
    const [, names = ""] = /^\/_cat\/indices\/([^?]*)/.exec(path)!;
    return { status: 200, body: this.matching(names).map((index) => ({ index })) };
  }

  private indexSettings({ method, path, body }: Asked): Reply {
    if (method === "PUT") {
      for (const index of this.matching(path.split("/")[1]!)) {
        this.settings.set(index, { ...this.settings.get(index), ...body });
      }
      return { status: 200, body: { acknowledged: true } };
    }
    const found = [...this.settings].map(([index, settings]) => [index, { settings }]);
    return { status: 200, body: Object.fromEntries(found) };
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
    const named = this.matching(argument);
    switch (action) {
      case "policies":
        return this.policy(method, argument, new URLSearchParams(path.split("?")[1]), body);
      case "explain": {
        const explained = named.map((index) => {
          const id = this.indices.get(index);
          return [index, id ? { policy_id: id } : {}];
        });
        return { status: 200, body: { ...Object.fromEntries(explained), total_managed_indices: 1 } };
      }
      case "add": {
        const failed = named.filter((index) => this.indices.get(index));
        for (const index of named) if (!this.indices.get(index)) this.indices.set(index, body.policy_id);
        const reason = "This index already has a policy, use the update policy API to update index policies";
        const failed_indices = failed.map((index_name) => ({ index_name, reason }));
        return { status: 200, body: { failures: failed.length > 0, failed_indices } };
      }
      case "change_policy":
        return {
          status: 200,
          body: { updated_indices: named.length, failures: false, failed_indices: [] },
        };
      default:
        for (const index of named) this.indices.set(index, undefined);
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

/** OpenSearch answers under the prefix of its plugins and under its older one, for one and the same object. */
const withoutPrefix = (path: string): string => path.replace(/^\/_(?:plugins|opendistro)(?=\/)/, "");

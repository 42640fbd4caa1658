/** A bucket on this machine that the SDK speaks to: lists two keys at a time, and fails as told. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { withoutChunks } from "../../../local/objects/aws-chunked";

export interface StoredObject {
  readonly body: Buffer;
  readonly changed?: string;
}

/** What goes wrong with one request for an object; the requests after it go on as if nothing were. */
export type Fault =
  | { readonly status: 403 | 404 | 503 }
  /** A refusal that passes. */
  | { readonly status: 400 }
  /** The connection is gone after so many bytes of the answer. */
  | { readonly cutAfter: number }
  /** Somebody writes the object anew before the next request. */
  | { readonly cutAfter: number; readonly overwrite: Buffer };

export interface BucketStandIn {
  readonly objects: Map<string, StoredObject>;
  /** By key, in the order in which they come about. */
  readonly faults: Map<string, Fault[]>;
  /** `GET key` with its range, in the order of the requests. */
  readonly requests: string[];
  close(): Promise<void>;
}

const names = ["AWS_ENDPOINT_URL_S3", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"] as const;
const codes = {
  400: "ExpiredToken",
  403: "AccessDenied",
  404: "NoSuchKey",
  412: "PreconditionFailed",
  416: "InvalidRange",
  503: "SlowDown",
} as const;

export async function startBucket(
  objects: Readonly<Record<string, Buffer | string>>,
): Promise<BucketStandIn> {
  const bucket = {
    objects: new Map(Object.entries(objects).map(([key, body]) => [key, { body: Buffer.from(body) }])),
    faults: new Map<string, Fault[]>(),
    requests: [] as string[],
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://s3");
    const [, , ...rest] = url.pathname.split("/");
    const key = decodeURIComponent(rest.join("/"));
    if (key === "") return void list(url, bucket.objects, response);
    if (request.method === "PUT") return void put(key, request, bucket, response);
    bucket.requests.push(`GET ${key}${request.headers.range ? ` ${request.headers.range}` : ""}`);
    answer(key, request.headers, bucket, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = names.map((name) => process.env[name]);
  process.env["AWS_ENDPOINT_URL_S3"] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env["AWS_ACCESS_KEY_ID"] = process.env["AWS_SECRET_ACCESS_KEY"] = "test";
  process.env["AWS_REGION"] = "eu-west-1";
  return Object.assign(bucket, {
    close: async () => {
      for (const [n, name] of names.entries()) {
        if (before[n] === undefined) delete process.env[name];
        else process.env[name] = before[n];
      }
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

type Bucket = Pick<BucketStandIn, "objects" | "faults">;

function list(url: URL, objects: Bucket["objects"], response: ServerResponse): void {
  const prefix = url.searchParams.get("prefix") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const at = Number(url.searchParams.get("continuation-token") ?? 0);
  const page = keys.slice(at, at + 2).map((key) => {
    const { body, changed = "2026-03-02T00:00:00.000Z" } = objects.get(key)!;
    return `<Contents><Key>${key}</Key><Size>${body.length}</Size><LastModified>${changed}</LastModified></Contents>`;
  });
  const next = at + 2 < keys.length ? `<NextContinuationToken>${at + 2}</NextContinuationToken>` : "";
  response.writeHead(200, { "content-type": "application/xml" });
  response.end(`<ListBucketResult>${next}${page.join("")}</ListBucketResult>`);
}

/** Writes an object where the condition of the request holds. */
function put(key: string, request: IncomingMessage, { objects }: Bucket, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.once("end", () => {
    const { "if-none-match": none, "if-match": match } = request.headers;
    const there = objects.get(key)?.body;
    const holds = none === "*" ? !there : match === undefined || (there && match === etagOf(there));
    if (!holds) return refuse(response, 412);
    objects.set(key, { body: withoutChunks(Buffer.concat(chunks), request.headers["content-encoding"]) });
    response.writeHead(200, { etag: etagOf(objects.get(key)!.body) }).end();
  });
}

const etagOf = (body: Buffer): string => `"${createHash("md5").update(body).digest("hex")}"`;

function refuse(response: ServerResponse, status: keyof typeof codes): void {
  const code = codes[status];
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${code}</Code><Message>${code} here</Message></Error>`);
}

function answer(
  key: string,
  headers: { readonly range?: string; readonly "if-match"?: string },
  bucket: Bucket,
  response: ServerResponse,
): void {
  const fault = bucket.faults.get(key)?.shift();
  const body = bucket.objects.get(key)?.body;
  const wanted = headers["if-match"];
  const isOther = wanted !== undefined && body && wanted !== etagOf(body);
  const status = fault && "status" in fault ? fault.status : body ? (isOther ? 412 : 200) : 404;
  if (status !== 200 || !body) return void refuse(response, status as keyof typeof codes);
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  if (from >= body.length && from > 0) return void refuse(response, 416);
  const part = body.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { etag: etagOf(body), "content-length": part.length });
  if (!fault || "status" in fault) return void response.end(part);
  if ("overwrite" in fault) bucket.objects.set(key, { body: fault.overwrite });
  response.write(part.subarray(0, fault.cutAfter), () => response.destroy());
}

/**
 * As much of S3 as a function for objects needs: an object from a byte on, as it was at a version, and an object put on
 * a condition. Buckets are the folders of the run.
 */
import { closeSync, createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { withoutChunks } from "./aws-chunked";
import { type OpenObject, openObject } from "./object-file";

export interface BucketRequests {
  /** Folder with a folder for each bucket. */
  readonly bucketsFolder: string;
  /** Buckets that are read, and not written to. */
  readonly readOnly: ReadonlySet<string>;
  /** Writes an object whole. */
  put(bucket: string, key: string, body: Buffer): void;
}

const codes = {
  400: "InvalidRequest",
  403: "AccessDenied",
  404: "NoSuchKey",
  412: "PreconditionFailed",
  413: "EntityTooLarge",
  416: "InvalidRange",
  501: "NotImplemented",
} as const;
type Refusal = keyof typeof codes;

/** What a function writes is a note; whole files are laid into the folder by whoever has them. */
const maxPutBytes = 8 * 1024 * 1024;

export async function answerBucketRequest(
  request: IncomingMessage,
  response: ServerResponse,
  buckets: BucketRequests,
): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://s3");
  const [bucket = "", ...parts] = pathname.slice(1).split("/");
  const key = decoded(parts.join("/"));
  if (key === undefined) return refuse(request, response, 400, "The key is no text in UTF-8.");
  if (request.method === "PUT" && key !== "") return put(request, response, { bucket, key, buckets });
  if ((request.method === "GET" || request.method === "HEAD") && key !== "") {
    const object = openObject(buckets.bucketsFolder, bucket, key);
    if (!object) return refuse(request, response, 404, `${bucket} has no object ${key}.`);
    return get(request, response, object);
  }
  const text = `${request.method} of ${key === "" ? "a bucket" : "an object"} is not emulated; GET, HEAD and PUT of objects are.`;
  return refuse(request, response, 501, text);
}

function get(request: IncomingMessage, response: ServerResponse, object: OpenObject): void {
  const { descriptor, bytes, etag } = object;
  const { "if-match": wanted, range } = request.headers;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(to ? Number(to) : bytes - 1, bytes - 1);
  const isOther = wanted !== undefined && wanted !== `"${etag}"`;
  if (isOther || (from !== undefined && start >= bytes)) {
    closeSync(descriptor);
    if (isOther) refuse(request, response, 412, "It is another version by now.");
    else refuse(request, response, 416, `It has ${bytes} bytes.`);
    return;
  }
  response.writeHead(from === undefined ? 200 : 206, {
    etag: `"${etag}"`,
    "accept-ranges": "bytes",
    "content-length": end - start + 1,
    ...(from === undefined ? {} : { "content-range": `bytes ${start}-${end}/${bytes}` }),
  });
  if (request.method === "HEAD" || bytes === 0) {
    closeSync(descriptor);
    response.end();
    return;
  }
  const body = createReadStream("", { fd: descriptor, start, end });
  // A file that has become shorter, or a disk that fails: the caller sees an answer that is cut.
  body.on("error", () => response.destroy());
  response.once("close", () => body.destroy());
  body.pipe(response);
}

interface Put {
  readonly bucket: string;
  readonly key: string;
  readonly buckets: BucketRequests;
}

/** Looks at the condition and writes without waiting in between: of two calls at once, one is the first. */
async function put(
  request: IncomingMessage,
  response: ServerResponse,
  { bucket, key, buckets }: Put,
): Promise<void> {
  const { bucketsFolder, readOnly } = buckets;
  const body = await bodyOf(request);
  if (!body)
    return refuse(request, response, 413, `Here an object that is put has ${maxPutBytes} bytes at the most.`);
  if (readOnly.has(bucket)) return refuse(request, response, 403, `${bucket} is read here, not written to.`);
  const there = currentEtag(bucketsFolder, bucket, key);
  const { "if-none-match": none, "if-match": match } = request.headers;
  const holds = none === "*" ? there === undefined : match === undefined || match === there;
  if (!holds) return refuse(request, response, 412, "The condition does not hold.");
  buckets.put(bucket, key, withoutChunks(body, request.headers["content-encoding"]));
  response.writeHead(200, { etag: currentEtag(bucketsFolder, bucket, key) ?? "" }).end();
}

function currentEtag(bucketsFolder: string, bucket: string, key: string): string | undefined {
  const object = openObject(bucketsFolder, bucket, key);
  if (!object) return undefined;
  closeSync(object.descriptor);
  return `"${object.etag}"`;
}

/** Undefined where it is too long; it is read to its end, so that the caller sees the answer. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxPutBytes) chunks.push(chunk);
  }
  return bytes <= maxPutBytes ? Buffer.concat(chunks) : undefined;
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, status: Refusal, text: string): void {
  const escaped = text.replace(/[<>&]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const xml = `<Error><Code>${codes[status]}</Code><Message>${escaped}</Message></Error>`;
  response.writeHead(status, { "content-type": "application/xml", "content-length": Buffer.byteLength(xml) });
  response.end(request.method === "HEAD" ? "" : xml);
}

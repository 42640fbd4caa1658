/** S3, SQS and Firehose for the function of log objects: one object again and again, or one that is as large as told. */

import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { closeAtOnce, listen } from "../local/listen";
import { withoutChunks } from "../local/objects/aws-chunked";

/** A gzip member that objects are made of, and what is in it. */
export interface Member {
  readonly bytes: Buffer;
  readonly lines: number;
}

export interface Cloud {
  readonly url: string;
  /** Records that the stream has taken. */
  records(): number;
  /** Bytes of objects that were read. */
  read(): number;
  close(): Promise<void>;
}

/** Lines of an access log, as services write them. */
export function accessLog(lines: number): Member {
  const text = Array.from(
    { length: lines },
    (_, n) =>
      `192.0.2.${n % 250} - - [29/Nov/2026:03:${String(n % 60).padStart(2, "0")}:00 +0000] "GET /articles/${(n * 7919) % 100_003}?page=${n % 9} HTTP/1.1" ${n % 17 ? 200 : 404} ${(n * 31) % 50_000} "https://example.com/" "Mozilla/5.0 (X11; Linux x86_64)"\n`,
  ).join("");
  return { bytes: gzipSync(text), lines };
}

/** Lines that gzip makes little of, so that an object's length is not all unpacking. */
export function longLines(lines: number, lineBytes: number): Member {
  const text = Array.from(
    { length: lines },
    () => `${randomBytes(Math.floor((lineBytes * 3) / 4)).toString("base64url")}\n`,
  ).join("");
  return { bytes: gzipSync(text, { level: 1 }), lines };
}

/** Each key is an object of `members` times the member. The first events are of `objects` keys. */
export async function startCloud(member: Member, members: number, objects: number): Promise<Cloud> {
  const size = member.bytes.length * members;
  const notes = new Map<string, Buffer>();
  const messages = Array.from({ length: objects }, (_, n) => eventOf(`o${n}.log.gz`, size));
  let records = 0;
  let read = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = String(request.headers["x-amz-target"] ?? "");
    if (request.url === "/next") return void response.end(messages.shift() ?? "");
    const key = decodeURIComponent(request.url ?? "")
      .split("/")
      .slice(2)
      .join("/")
      .split("?")[0]!;
    const isNote = key.startsWith("notes/");
    if (request.method === "GET" && !isNote) {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, { "content-length": size - from });
      for (let at = from; at < size && !response.destroyed; ) {
        const piece = member.bytes.subarray(at % member.bytes.length).subarray(0, 64 * 1024);
        at += piece.length;
        read += piece.length;
        if (!response.write(piece)) await drained(response);
      }
      return void response.end();
    }
    const body = await buffer(request);
    if (target.includes("PutRecordBatch")) {
      const count = occurrences(body, '"Data"');
      records += count;
      const RequestResponses = Array.from({ length: count }, () => ({ RecordId: "r" }));
      return void response.end(JSON.stringify({ FailedPutCount: 0, RequestResponses }));
    }
    if (target.includes("SendMessage")) {
      const { MessageBody } = JSON.parse(body.toString());
      messages.push(MessageBody);
      const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
      return void response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
    }
    const there = notes.get(key);
    if (request.method === "GET") return void response.writeHead(200, { etag: '"n"' }).end(there);
    if (there && request.headers["if-none-match"] === "*") return void response.writeHead(412).end();
    notes.set(key, withoutChunks(body, request.headers["content-encoding"]));
    response.writeHead(200, { etag: '"n"' }).end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await listen(server, 0, "127.0.0.1");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    records: () => records,
    read: () => read,
    close: () => closeAtOnce(server),
  };
}

const eventOf = (key: string, size: number): string =>
  JSON.stringify({
    "detail-type": "Object Created",
    detail: { bucket: { name: "logs" }, object: { key, size, "version-id": "v1" } },
  });

/** Resolves when more may be written, and when nobody reads any more. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });

function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) count++;
  return count;
}

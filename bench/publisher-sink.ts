/**
 * A Firehose that checks everything and stores nothing: the signature and the payload hash of each call, and of each
 * record its bytes. Runs in a process of its own; prints its address, and at SIGTERM one line of counts.
 */
import { createHmac, hash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32 } from "node:zlib";

/** What the sink has seen; sums do not depend on the order. */
export interface SinkCounts {
  records: number;
  bytes: number;
  /** Sum of the CRC-32 of all records. */
  checksum: number;
  calls: number;
  badSignatures: number;
  badPayloads: number;
}

/** The keys that the bench's senders sign with. */
export const benchCredentials = { accessKeyId: "local", secretAccessKey: "local" };

/** Counts a record. Sums stay exact: below 2^53 for two million records. */
export function countRecord(counts: SinkCounts, record: Buffer): void {
  counts.records++;
  counts.bytes += record.length;
  counts.checksum += crc32(record);
}

export const noCounts = (): SinkCounts => ({
  records: 0,
  bytes: 0,
  checksum: 0,
  calls: 0,
  badSignatures: 0,
  badPayloads: 0,
});

const signingKeys = new Map<string, Buffer>();

function signingKey(scope: string): Buffer {
  const known = signingKeys.get(scope);
  if (known) return known;
  let key: Buffer = Buffer.from(`AWS4${benchCredentials.secretAccessKey}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  signingKeys.set(scope, key);
  return key;
}

/** Says whether the Authorization header is right for the request and its body, as AWS would check it. */
export function signatureIsRight(
  request: Pick<IncomingMessage, "method" | "headers" | "url">,
  body: Buffer,
): boolean {
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
  const [, keyId, scope = "", signed = "", signature] = form.exec(request.headers.authorization ?? "") ?? [];
  if (keyId !== benchCredentials.accessKeyId) return false;
  const headers = signed.split(";").map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const payloadHash = hash("sha256", body);
  const canonical = [request.method, request.url, "", headers.join(""), signed, payloadHash].join("\n");
  const date = String(request.headers["x-amz-date"]);
  const toSign = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash("sha256", canonical)}`;
  return createHmac("sha256", signingKey(scope)).update(toSign).digest("hex") === signature;
}

function serve(): void {
  const counts = noCounts();
  const entry = '{"RecordId":"49543463076548007577105092703039560359975228518395012686"}';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const answer = `{"Encrypted":false,"FailedPutCount":0,"RequestResponses":[${take(counts, request, body).join(",")}]}`;
      response.writeHead(200, {
        "content-type": "application/x-amz-json-1.1",
        "content-length": answer.length,
      });
      response.end(answer);
    });
  });
  function take(to: SinkCounts, request: IncomingMessage, body: Buffer): string[] {
    to.calls++;
    if (!signatureIsRight(request, body)) to.badSignatures++;
    try {
      const { Records } = JSON.parse(body.toString("latin1")) as { Records: { Data: string }[] };
      for (const { Data } of Records) countRecord(to, Buffer.from(Data, "base64"));
      return Array(Records.length).fill(entry);
    } catch {
      to.badPayloads++;
      return [];
    }
  }
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.on("SIGTERM", () => {
    process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
  });
}

if (require.main === module) serve();

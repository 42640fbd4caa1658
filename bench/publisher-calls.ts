/**
 * The publisher's call by other ways, with the same bodies: what of its saving is the signature's, and what the
 * connection's.
 */
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Target } from "../publisher/target";
import { BodyPool } from "../publisher/wire/body-pool";
import { failedEntries } from "../publisher/wire/failed-entries";
import type { PutCall } from "../publisher/wire/send";
import { FirehoseSigner, type Signable } from "../publisher/wire/signer";

/** The AWS SDK as anybody uses it: it makes each record's text itself. */
export function plainSdk({ streamName, ...target }: Target): PutCall {
  const client = clientOf(target);
  return async (batch) => {
    const Records = Array.from({ length: batch.count }, (_, position) => ({ Data: batch.record(position) }));
    const answer = await client.send(new PutRecordBatchCommand({ DeliveryStreamName: streamName, Records }));
    if (answer.FailedPutCount !== 0) throw new Error(`${answer.FailedPutCount} records failed`);
    return [];
  };
}

const clientOf = ({ region, endpoint, credentials }: Omit<Target, "streamName">): FirehoseClient =>
  new FirehoseClient({
    ...(region && { region }),
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
  });

interface Sent {
  readonly status: number;
  readonly body: Buffer;
}

/** Our bodies through all of the SDK's steps but its serializer: its signature, its connection, its reading. */
export function sdkWithOurBodies(target: Target): PutCall {
  const client = clientOf(target);
  const bodies = new WeakMap<object, Buffer>();
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: unknown }).body = bodies.get(args.input);
      return next(args);
    },
    { step: "serialize", name: "ourBody", priority: "low" },
  );
  return withBodies(target, async (body) => {
    const input = { DeliveryStreamName: target.streamName, Records: [] };
    bodies.set(input, body);
    const { FailedPutCount } = await client.send(new PutRecordBatchCommand(input));
    if (FailedPutCount !== 0) throw new Error(`${FailedPutCount} records failed`);
    return undefined;
  });
}

/** Our signature, then the SDK's request handler. */
export function sdkHandler(target: Target): PutCall {
  const { requestHandler } = clientOf(target).config;
  const { url, sign } = signing(target);
  return withBodies(target, async (body) => {
    const request = {
      ...{ protocol: url.protocol, hostname: url.hostname, port: Number(url.port), query: {} },
      ...sign(body),
    };
    const { response } = await requestHandler.handle(request as never);
    return { status: response.statusCode, body: await bytesOf(response.body) };
  });
}

/** Our signature, then Node's `fetch`. */
export function plainFetch(target: Target): PutCall {
  const { url, sign } = signing(target);
  return withBodies(target, async (body) => {
    const { method, headers } = sign(body);
    const answer = await fetch(url, {
      method,
      headers,
      body: new Uint8Array(body.buffer as ArrayBuffer, body.byteOffset, body.length),
    });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  });
}

function withBodies({ streamName }: Target, exchange: (body: Buffer) => Promise<Sent | undefined>): PutCall {
  const pool = new BodyPool(streamName);
  return async (batch) => {
    const body = pool.make(batch);
    try {
      const sent = await exchange(body);
      if (sent && sent.status !== 200) throw new Error(`answered ${sent.status}: ${sent.body.toString()}`);
      return sent ? failedEntries(sent.body, batch.count) : [];
    } finally {
      pool.giveBack(body);
    }
  };
}

function signing({ endpoint = "", region = "", credentials }: Target): {
  readonly url: URL;
  sign(body: Buffer): Signable;
} {
  if (credentials === undefined || typeof credentials === "function") throw new Error("no fixed credentials");
  const url = new URL(endpoint);
  const signer = new FirehoseSigner(
    async () => credentials,
    async () => region,
  );
  const sign = (body: Buffer): Signable => {
    const headers = {
      host: url.host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Firehose_20150804.PutRecordBatch",
      "content-length": String(body.length),
    };
    const request = { method: "POST", path: "/", headers, body };
    signer.signWith(credentials, region, new Date(), request);
    return request;
  };
  return { url, sign };
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

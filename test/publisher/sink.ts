/** A small Firehose for tests: takes PutRecordBatch, keeps count of every record, and fails as it is told, seeded. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Target } from "../../publisher/target";
import type { Clock } from "../../publisher/wire/backoff";

/** Shares of 0 to 1, each of its own draw. */
export interface Faults {
  readonly seed?: number;
  /** Entries that fail with InternalFailure. */
  readonly failEntries?: number;
  /** Entries that fail with ServiceUnavailableException. */
  readonly throttleEntries?: number;
  /** Calls refused as a whole with ServiceUnavailableException. */
  readonly throttleCalls?: number;
  /** Calls that are accepted, and then the connection is cut instead of an answer. */
  readonly dropAnswers?: number;
  /** Calls answered with half an answer, and then the connection is cut. */
  readonly tearAnswers?: number;
  /** Calls that are answered only after many turns of the event loop. */
  readonly slow?: number;
  /** Only so many calls see faults; undefined = all. */
  readonly calls?: number;
  /** Every call is answered with this, as it stands. */
  readonly answer?: { readonly status: number; readonly body: string };
  /** Every call is refused with this. */
  readonly refuse?: { readonly status: number; readonly name: string; readonly message?: string };
}

export interface Sink {
  readonly url: string;
  readonly target: Target;
  /** How often each record, in base64, was accepted. */
  readonly seen: ReadonlyMap<string, number>;
  /** Records of each call, in the order of arrival, in base64. */
  readonly calls: readonly (readonly string[])[];
  /** Bodies as they came. */
  readonly bodies: readonly string[];
  readonly headers: readonly IncomingMessage["headers"][];
  /** Accepted records, each time counted. */
  accepted(): number;
  /** Calls that were in progress at once, at the most. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export async function startSink(faults: Faults = {}): Promise<Sink> {
  const seen = new Map<string, number>();
  const calls: string[][] = [];
  const bodies: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const random = seeded(faults.seed ?? 1);
  let accepted = 0;
  let open = 0;
  let most = 0;
  const hit = (share: number | undefined) => random() < (share ?? 0);

  const server = createServer(async (request, response) => {
    most = Math.max(most, ++open);
    const body = await text(request);
    const records = (JSON.parse(body).Records as { Data: string }[]).map(({ Data }) => Data);
    calls.push(records);
    bodies.push(body);
    headers.push(request.headers);
    const faulty = calls.length <= (faults.calls ?? Infinity);
    if (faulty && hit(faults.slow)) await turns(200);
    open--;
    if (faulty && faults.answer) return response.writeHead(faults.answer.status).end(faults.answer.body);
    if (faults.refuse) return refuse(response, faults.refuse);
    if (faulty && hit(faults.throttleCalls)) {
      return refuse(response, { status: 503, name: "ServiceUnavailableException", message: "Slow down." });
    }
    const answers = records.map((record) => {
      if (faulty && hit(faults.failEntries)) return failed("InternalFailure", "Internal service failure.");
      if (faulty && hit(faults.throttleEntries)) return failed("ServiceUnavailableException", "Slow down.");
      seen.set(record, (seen.get(record) ?? 0) + 1);
      accepted++;
      return { RecordId: `id-${seen.size}` };
    });
    const FailedPutCount = answers.filter((answer) => "ErrorCode" in answer).length;
    const answer = JSON.stringify({ Encrypted: false, FailedPutCount, RequestResponses: answers });
    if (faulty && hit(faults.dropAnswers)) return request.socket.destroy();
    response.writeHead(200, {
      "content-type": "application/x-amz-json-1.1",
      "content-length": answer.length,
    });
    if (faulty && hit(faults.tearAnswers)) {
      return response.write(answer.slice(0, answer.length / 2), () => request.socket.destroy());
    }
    response.end(answer);
  });
  await listen(server);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    target: targetAt(url),
    seen,
    calls,
    bodies,
    headers,
    accepted: () => accepted,
    mostAtOnce: () => most,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const targetAt = (endpoint: string, streamName = "web"): Target => ({
  streamName,
  region: "eu-west-1",
  endpoint,
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  description: `stream ${streamName} at ${endpoint}`,
});

/** A clock whose sleeps take no time and are written down. */
export function manualClock(
  seed = 7,
): Clock & { readonly sleepsMs: readonly number[]; advance(ms: number): void } {
  let nowMs = 0;
  const sleepsMs: number[] = [];
  return {
    sleepsMs,
    advance: (ms) => {
      nowMs += ms;
    },
    now: () => nowMs,
    random: seeded(seed),
    sleep: (ms) => {
      sleepsMs.push(ms);
      const wakeMs = nowMs + ms;
      return new Promise((resolve) =>
        setImmediate(() => {
          nowMs = Math.max(nowMs, wakeMs);
          resolve();
        }),
      );
    },
  };
}

/** Mulberry32: the same numbers for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const failed = (ErrorCode: string, ErrorMessage: string) => ({ ErrorCode, ErrorMessage });

async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await new Promise((resolve) => setImmediate(resolve));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function refuse(
  response: ServerResponse,
  { status, name, message = "" }: NonNullable<Faults["refuse"]>,
): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify({ __type: name, message }));
}

const listen = (server: Server): Promise<void> =>
  new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve()));

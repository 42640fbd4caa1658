/** Generated faults of S3, of the stream and of the events, against the text that would be uploaded: 0 lost, 0 twice. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import type { QueueContext, QueueEvent } from "../../log-objects/events";
import { logObjectsFactory } from "../../log-objects/handler";
import { loadEmitted } from "../../processors/dev/emit";
import { casesOf } from "../property-runs";
import { type BucketStandIn, startBucket } from "../publisher/bucket/stand-in";
import { type Faults, type Sink, seeded, startSink } from "../publisher/sink";

type Handler = (event: QueueEvent, context: QueueContext) => Promise<void>;

/** What becomes of an object's records. */
interface Expected {
  readonly key: string;
  readonly records: readonly string[];
  /** Gone or written anew meanwhile: each of its records comes once at the most. */
  readonly isLost: boolean;
  /** Whether it is told why it could not be read. */
  readonly isTold: boolean;
}

const md5 = (bytes: string | Buffer): string => createHash("md5").update(bytes).digest("hex");

/** A queue that brings a message again where its call fails, and holds back what is to be late until nothing else is left. */
class StandInQueue {
  readonly failed: {
    readonly reason: string;
    readonly detail: { readonly object: { readonly key: string } };
  }[] = [];
  private readonly now: string[] = [];
  private readonly late: string[] = [];
  private server: Server | undefined;
  url = "";

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const { QueueUrl, MessageBody, DelaySeconds } = JSON.parse(body);
        if (QueueUrl.endsWith("failed")) this.failed.push(JSON.parse(MessageBody));
        else (DelaySeconds > 0 ? this.late : this.now).push(MessageBody);
        const answer = { MessageId: "m", MD5OfMessageBody: md5(MessageBody) };
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  put(body: string): void {
    this.now.push(body);
  }

  /** Works all of it off, two calls at a time. @param context that of each call */
  async workOff(handler: Handler, context: () => QueueContext): Promise<void> {
    while (this.now.length + this.late.length > 0) {
      if (this.now.length === 0) this.now.push(...this.late.splice(0));
      const bodies = this.now.splice(0, 2);
      await Promise.all(
        bodies.map((body) => handler({ Records: [{ body }] }, context()).catch(() => this.now.push(body))),
      );
    }
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe("log-objects under generated faults", () => {
  let text: string;
  let bucket: BucketStandIn;
  let queue: StandInQueue;
  let sink: Sink;
  const environment: Record<string, string | undefined> = {};

  before(async () => {
    ({ text } = await pulumi.runtime.serializeFunction(logObjectsFactory, { isFactoryFunction: true }));
  });
  beforeEach(async () => {
    bucket = await startBucket({});
    queue = new StandInQueue();
    await queue.start();
  });
  afterEach(async () => {
    await Promise.all([bucket.close(), queue.close(), sink.close()]);
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  async function coldStart(faults: Faults): Promise<Handler> {
    sink = await startSink(faults);
    const values = {
      AWS_ENDPOINT_URL_SQS: queue.url,
      AWS_ENDPOINT_URL_FIREHOSE: sink.url,
      DELIVERY_STREAM_NAME: "web",
      NOTES_BUCKET: "notes",
      QUEUE_URL: `${queue.url}/1/events`,
      FAILED_QUEUE_URL: `${queue.url}/1/failed`,
      BYTES_PER_SECOND: "1000000000",
    };
    for (const [name, value] of Object.entries(values)) {
      if (!(name in environment)) environment[name] = process.env[name];
      process.env[name] = value;
    }
    // The function takes its clock at its cold start: what it waits for takes no time.
    const { setTimeout, console } = globalThis;
    globalThis.setTimeout = ((run: () => void) => setTimeout(run, 1)) as typeof setTimeout;
    globalThis.console = { ...console, log: () => {}, warn: () => {} };
    try {
      return loadEmitted(text) as unknown as Handler;
    } finally {
      Object.assign(globalThis, { setTimeout, console });
    }
  }

  const eventOf = (key: string, body: Buffer): string =>
    JSON.stringify({
      "detail-type": "Object Created",
      detail: { bucket: { name: "logs" }, object: { key, size: body.length, etag: md5(body) } },
    });

  /**
   * Lays objects and puts their events into the queue, some twice, none in order. Those of objects that are written anew
   * come when that has happened.
   */
  function lay(seed: number, count: number): { readonly expected: Expected[]; readonly anew: string[] } {
    const random = seeded(seed);
    const below = (n: number): number => Math.floor(random() * n);
    const bodyOf = (name: string): { body: Buffer; records: string[] } => {
      const records = Array.from({ length: 1 + below(900) }, (_, n) => `{"id":"${name} ${n}"}`);
      const isTrail = random() < 0.2;
      const whole = isTrail ? `{"Records":[${records.join(",")}]}` : `${records.join("\n")}\n`;
      const pack = [Buffer.from, gzipSync, zstdCompressSync][below(3)] as (whole: string) => Buffer;
      return { body: pack(whole), records: records.map((record) => `${record}\n`) };
    };
    const expected: Expected[] = [];
    const events: string[] = [];
    const anew: string[] = [];
    const tell = (key: string, body: Buffer): void => {
      for (let times = random() < 0.3 ? 2 : 1; times > 0; times--)
        events.splice(below(events.length + 1), 0, eventOf(key, body));
    };
    for (let n = 0; n < count; n++) {
      const key = `o${n}`;
      const { body, records } = bodyOf(key);
      const cutAfter = below(body.length);
      const fate = below(6);
      bucket.objects.set(key, { body });
      if (fate === 0) bucket.faults.set(key, [{ status: 503 }, { cutAfter }, { cutAfter: 0 }]);
      if (fate === 1) bucket.faults.set(key, [{ cutAfter }, ...Array(50).fill({ status: 404 })]);
      if (fate === 2) {
        const next = bodyOf(`${key} anew`);
        bucket.faults.set(key, [{ cutAfter, overwrite: next.body }]);
        expected.push({ key, records: next.records, isLost: false, isTold: false });
        anew.push(eventOf(key, next.body));
      }
      tell(key, body);
      expected.push({ key, records, isLost: fate === 1 || fate === 2, isTold: fate === 1 });
    }
    for (const event of events) queue.put(event);
    return { expected, anew };
  }

  const times = (record: string): number => sink.seen.get(Buffer.from(record).toString("base64")) ?? 0;
  /** A call that has all its time, or one whose time ends behind its first batch. */
  const contexts = (seed: number): (() => QueueContext) => {
    const random = seeded(seed);
    return () => {
      const ms = random() < 0.5 ? 300_000 : 30_000;
      return { getRemainingTimeInMillis: () => ms };
    };
  };

  for (let seed = 1; seed <= casesOf(8); seed++) {
    it(`loses no record and sends none twice (seed ${seed})`, async () => {
      const handler = await coldStart({ seed, failEntries: 0.2, throttleEntries: 0.2, throttleCalls: 0.1 });
      const { expected, anew } = lay(seed, 16);
      await queue.workOff(handler, contexts(seed));
      for (const event of anew) queue.put(event);
      await queue.workOff(handler, contexts(seed + 1));

      const whole = expected.filter(({ isLost }) => !isLost).flatMap(({ records }) => records);
      const rest = expected.filter(({ isLost }) => isLost).flatMap(({ records }) => records);
      deepStrictEqual(whole.filter((record) => times(record) === 0).slice(0, 3), [], "lost");
      deepStrictEqual([...whole, ...rest].filter((record) => times(record) > 1).slice(0, 3), [], "twice");
      const told = new Set(queue.failed.map(({ detail }) => detail.object.key));
      deepStrictEqual(
        [...told].sort(),
        expected
          .filter((one) => one.isTold)
          .map((one) => one.key)
          .sort(),
      );
      for (const { reason } of queue.failed) ok(/NoSuchKey/.test(reason), reason);
    });
  }

  it("sends a call's records again where its answer is lost, and no others", async () => {
    const handler = await coldStart({ seed: 5, dropAnswers: 0.3 });
    const records = Array.from({ length: 3000 }, (_, n) => `${n}\n`);
    const body = gzipSync(records.join(""));
    bucket.objects.set("a", { body });
    queue.put(eventOf("a", body));
    await queue.workOff(handler, contexts(5));

    strictEqual(records.filter((record) => times(record) === 0).length, 0);
    const again = records.filter((record) => times(record) > 1).length;
    ok(again > 0 && again % 500 === 0 && again < records.length, String(again));
  });
});

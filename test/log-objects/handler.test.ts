/** The text that would be uploaded, against stand-ins for S3, SQS and Firehose that the real SDK speaks to. */
import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync, zstdCompressSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import type { QueueContext, QueueEvent } from "../../log-objects/events";
import { logObjectsFactory } from "../../log-objects/handler";
import { loadEmitted } from "../../processors/dev/emit";
import { type BucketStandIn, startBucket } from "../publisher/bucket/stand-in";
import { type Faults, type Sink, startSink } from "../publisher/sink";

const { dependencies } = require("../../package.json") as { dependencies: Record<string, string> };

type Handler = (event: QueueEvent, context: QueueContext) => Promise<void>;

interface Message {
  readonly QueueUrl: string;
  readonly MessageBody: string;
  readonly DelaySeconds: number;
}

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `${name} ${n}\n`).join("");
const md5 = (bytes: string | Buffer): string => createHash("md5").update(bytes).digest("hex");

describe("log-objects/handler", () => {
  let text: string;
  let bucket: BucketStandIn;
  let sink: Sink;
  let queue: Server;
  const told: Message[] = [];
  const environment: Record<string, string | undefined> = {};

  before(async () => {
    ({ text } = await pulumi.runtime.serializeFunction(logObjectsFactory, { isFactoryFunction: true }));
  });

  beforeEach(async () => {
    told.length = 0;
    bucket = await startBucket({});
    queue = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const message = JSON.parse(body) as Message;
        told.push(message);
        const answer = { MessageId: "m", MD5OfMessageBody: md5(message.MessageBody) };
        response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => queue.listen(0, "127.0.0.1", resolve));
    sink = await startSink({});
  });

  afterEach(async () => {
    await bucket.close();
    await sink.close();
    queue.closeAllConnections();
    await new Promise((resolve) => queue.close(resolve));
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  function set(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) {
      if (!(name in environment)) environment[name] = process.env[name];
      process.env[name] = value;
    }
  }

  /** A cold start, as each test's faults are of its own. */
  async function coldStart(faults: Faults = {}, bytesPerSecond = 1e9): Promise<Handler> {
    await sink.close();
    sink = await startSink(faults);
    const queues = `http://127.0.0.1:${(queue.address() as AddressInfo).port}`;
    set({
      AWS_ENDPOINT_URL_SQS: queues,
      AWS_ENDPOINT_URL_FIREHOSE: sink.url,
      DELIVERY_STREAM_NAME: "web",
      NOTES_BUCKET: "notes",
      QUEUE_URL: `${queues}/1/events`,
      FAILED_QUEUE_URL: `${queues}/1/failed`,
      BYTES_PER_SECOND: String(bytesPerSecond),
    });
    return loadEmitted(text) as unknown as Handler;
  }

  /** The function takes its clock at its cold start: what it waits for takes no time. */
  async function withoutPauses(start: () => Promise<Handler>): Promise<Handler> {
    const { setTimeout } = globalThis;
    globalThis.setTimeout = ((run: () => void) => setTimeout(run, 0)) as typeof setTimeout;
    try {
      return await start();
    } finally {
      globalThis.setTimeout = setTimeout;
    }
  }

  const context = (ms = 300_000): QueueContext => ({ getRemainingTimeInMillis: () => ms });
  function eventOf(key: string, type = "Object Created"): QueueEvent {
    const body = bucket.objects.get(key)?.body ?? Buffer.alloc(0);
    const object = { key, size: body.length, etag: md5(body) };
    return {
      Records: [
        { body: JSON.stringify({ "detail-type": type, detail: { bucket: { name: "logs" }, object } }) },
      ],
    };
  }
  const put = (key: string, body: string | Buffer): void =>
    void bucket.objects.set(key, { body: Buffer.from(body as string) });
  const sent = (): string[] =>
    [...sink.seen].flatMap(([data, times]) =>
      Array<string>(times).fill(Buffer.from(data, "base64").toString()),
    );
  const noteOf = () =>
    [...bucket.objects]
      .filter(([key]) => key.startsWith("notes/"))
      .map(([, { body }]) => JSON.parse(body.toString()));
  const failed = (): { reason: string; detail: { object: { key: string } } }[] =>
    told
      .filter(({ QueueUrl }) => QueueUrl.endsWith("failed"))
      .map(({ MessageBody }) => JSON.parse(MessageBody));
  const again = (): Message[] => told.filter(({ QueueUrl }) => QueueUrl.endsWith("events"));

  it("requires nothing but Node's own and the SDK that is in Lambda's runtime", () => {
    const required = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);

    deepStrictEqual([...new Set(required)].sort(), [
      "@aws-sdk/client-firehose",
      "@aws-sdk/client-s3",
      "@aws-sdk/client-sqs",
      "node:crypto",
      "node:zlib",
    ]);
  });

  it("requires what this package brings along, as a local run of another program has no other SDK", () => {
    const sdk = [...text.matchAll(/require\("(@aws-sdk\/[^"]+)"\)/g)].map(([, name]) => name!);

    deepStrictEqual(
      sdk.filter((name) => !(name in dependencies)),
      [],
    );
  });

  it("sends each line once, plain, gzip or zstd, with its line end, and notes that it is done", async () => {
    const handler = await coldStart();
    for (const [key, packed] of [
      ["a.log", (bytes: string) => Buffer.from(bytes)],
      ["b.log.gz", gzipSync],
      ["c.log.zst", zstdCompressSync],
    ] as const) {
      put(key, packed(lines(key, 1200)));
      await handler(eventOf(key), context());
    }

    strictEqual(new Set(sent()).size, 3600);
    strictEqual(sent().length, 3600);
    ok(sent().every((line) => line.endsWith("\n")));
    deepStrictEqual(
      noteOf().map(({ records, isDone }) => [records, isDone]),
      Array(3).fill([1200, true]),
    );
    deepStrictEqual(told, []);
  });

  it("takes blank lines for none, and a last line without its end for one", async () => {
    const handler = await coldStart();
    put("a.log", "one\n\n  \r\ntwo");
    await handler(eventOf("a.log"), context());

    deepStrictEqual(sent().sort(), ["one\n", "two\n"]);
  });

  it("cuts CloudTrail's events out of their list, whatever stands in their texts", async () => {
    const handler = await coldStart();
    const events = [{ a: '}]{"\\', b: [{ c: {} }] }, { d: "é".repeat(400_000) }, { e: null }];
    put("t.json.gz", gzipSync(JSON.stringify({ Records: events })));
    await handler(eventOf("t.json.gz"), context());

    deepStrictEqual(
      sent().map((record) => JSON.parse(record)),
      events,
    );
  });

  it("works off an event that comes twice once, one after the other or at the same time", async () => {
    const handler = await coldStart({ slow: 1 });
    put("a.log", lines("a", 10));
    await Promise.all([handler(eventOf("a.log"), context()), handler(eventOf("a.log"), context())]);
    await handler(eventOf("a.log"), context());

    strictEqual(sent().length, 10);
    // The one that found the object taken looks again when that call must have ended.
    strictEqual(again().length, 1);
    ok(again()[0]!.DelaySeconds > 290 && again()[0]!.DelaySeconds <= 900);
  });

  it("keeps an object for a call that died until its time is up, then goes on behind what it had noted", async () => {
    const first = await coldStart();
    put("a.log", lines("a", 10));
    await first(eventOf("a.log"), context());
    const [key, { body }] = [...bucket.objects].find(([one]) => one.startsWith("notes/"))!;
    const noted = { ...JSON.parse(body.toString()), records: 4, bytes: lines("a", 4).length, isDone: false };
    const leave = (untilMs: number) => put(key, JSON.stringify({ ...noted, untilMs }));
    const handler = await coldStart();
    leave(Date.now() + 300_000);
    await handler(eventOf("a.log"), context());
    deepStrictEqual([sent(), again().length], [[], 1]);

    leave(Date.now() - 1);
    await handler(eventOf("a.log"), context());
    deepStrictEqual([sent().join(""), again().length], [lines("a", 10).slice(noted.bytes), 1]);
    strictEqual(noteOf()[0].isDone, true);
  });

  it("takes a new version of an object as another one", async () => {
    const handler = await coldStart();
    put("a.log", lines("a", 10));
    await handler(eventOf("a.log"), context());
    put("a.log", lines("b", 10));
    await handler(eventOf("a.log"), context());

    strictEqual(sent().length, 20);
  });

  it("goes on in another call where its time ends, and sends nothing twice", async () => {
    const handler = await coldStart();
    put("a.log.gz", gzipSync(lines("a", 1600)));
    // No time is left behind the first batch.
    for (let calls = 0; calls < 10 && (calls === 0 || again().length === calls); calls++)
      await handler(eventOf("a.log.gz"), context(30_000));

    strictEqual(new Set(sent()).size, 1600);
    strictEqual(sent().length, 1600);
    ok(again().length >= 3);
    deepStrictEqual(
      noteOf().map(({ records, isDone }) => [records, isDone]),
      [[1600, true]],
    );
  });

  it("goes on behind the last byte where S3's answer breaks off", async () => {
    const handler = await coldStart();
    const body = gzipSync(Buffer.from(lines("a", 12_000)));
    ok(body.length > 25_000, `${body.length} bytes`);
    put("a.log.gz", body);
    bucket.faults.set("a.log.gz", [{ cutAfter: 20_000 }, { status: 503 }, { cutAfter: 9 }]);
    await handler(eventOf("a.log.gz"), context());

    strictEqual(new Set(sent()).size, 12_000);
    strictEqual(sent().length, 12_000);
  });

  it("sends again what the stream did not take, and only that", async () => {
    const handler = await withoutPauses(() => coldStart({ failEntries: 0.2, throttleCalls: 0.2, calls: 4 }));
    put("a.log", lines("a", 1000));
    await handler(eventOf("a.log"), context());

    strictEqual(new Set(sent()).size, 1000);
    strictEqual(sent().length, 1000);
  });

  const never: readonly (readonly [
    what: string,
    body: Buffer,
    fault: 403 | 404 | undefined,
    reason: RegExp,
  ])[] = [
    ["Parquet", Buffer.from("PAR1\x15\x04PAR1", "latin1"), undefined, /is Parquet/],
    [
      "a damaged gzip",
      Buffer.concat([gzipSync(lines("a", 5)).subarray(0, 12), Buffer.alloc(40, 255)]),
      undefined,
      /^Error: /,
    ],
    ["a gzip that is cut", gzipSync(lines("a", 500)).subarray(0, 300), undefined, /unexpected end of file/],
    ["what is forbidden", Buffer.from("a\n"), 403, /AccessDenied/],
    ["what is gone", Buffer.from("a\n"), 404, /NoSuchKey/],
    [
      "CloudTrail's JSON that is cut",
      Buffer.from('{"Records":[{"a":1},{"b":'),
      undefined,
      /JSON that ends too early/,
    ],
  ];
  for (const [what, body, fault, reason] of never) {
    it(`puts ${what} into the queue of failed events, with the reason`, async () => {
      const handler = await coldStart();
      put("x", body);
      if (fault) bucket.faults.set("x", [{ status: fault }]);
      await handler(eventOf("x"), context());

      strictEqual(failed().length, 1);
      match(failed()[0]!.reason, reason);
      strictEqual(failed()[0]!.detail.object.key, "x");
      strictEqual(noteOf()[0]!.isDone, false);
    });
  }

  it("leaves an object that was written anew to the event of what is there now", async () => {
    const handler = await coldStart();
    put("a.log", lines("a", 10));
    const first = eventOf("a.log");
    put("a.log", lines("b", 10));
    await handler(first, context());
    await handler(eventOf("a.log"), context());

    strictEqual(new Set(sent()).size, 10);
    deepStrictEqual([failed(), noteOf().map(({ isDone }) => isDone)], [[], [true, true]]);
  });

  it("goes on with a failed event that is put into the queue again, behind what it had sent", async () => {
    const handler = await coldStart();
    put("a.log", lines("a", 700));
    bucket.faults.set("a.log", [{ status: 403 }]);
    await handler(eventOf("a.log"), context());
    const [event] = failed();
    await handler({ Records: [{ body: JSON.stringify(event) }] }, context());

    strictEqual(sent().length, 700);
    strictEqual(noteOf()[0]!.isDone, true);
  });

  it("leaves out a line that is too long for a record, sends the others, and tells it", async () => {
    const handler = await coldStart();
    put("a.log", `one\n${"x".repeat(1_100_000)}\ntwo\n`);
    await handler(eventOf("a.log"), context());

    deepStrictEqual(sent().sort(), ["one\n", "two\n"]);
    match(failed()[0]!.reason, /^1 of its records are longer than a record may be/);
    strictEqual(noteOf()[0]!.isDone, true);
  });

  it("throws where the stream refuses it all, so that the queue brings the event again", async () => {
    const handler = await coldStart({ refuse: { status: 400, name: "AccessDeniedException" } });
    put("a.log", lines("a", 3));

    await rejects(handler(eventOf("a.log"), context()), /3 records were not taken by the stream/);
    strictEqual(sink.calls.length, 1, "asked once, not until its time ends");
    deepStrictEqual([failed(), noteOf()[0]!.untilMs], [[], 0]);
  });

  it("takes each object that is written over the other as another one where versions are suspended", async () => {
    const handler = await coldStart();
    for (const name of ["a", "b"]) {
      put("a.log", lines(name, 10));
      const [{ body }] = eventOf("a.log").Records as [{ body: string }];
      const event = JSON.parse(body);
      event.detail.object["version-id"] = "null";
      await handler({ Records: [{ body: JSON.stringify(event) }] }, context());
    }

    strictEqual(sent().length, 20);
  });

  it("reads keys with blanks, plus signs, percent signs and letters of any script as they are", async () => {
    const handler = await coldStart();
    const keys = [
      "a b.log",
      "a+b.log",
      "a%20b.log",
      "日志/ü é.log",
      "a//b.log",
      "a?b#c&d=e.log",
      "😀'(x)!*.log",
    ];
    for (const key of keys) {
      put(key, `${key}\n`);
      await handler(eventOf(key), context());
    }

    deepStrictEqual([sent(), failed()], [keys.map((key) => `${key}\n`), []]);
  });

  it("tells a message that is no event of EventBridge's, and does not wait for it to come again", async () => {
    const handler = await coldStart();
    const notification = { Records: [{ s3: { bucket: { name: "logs" }, object: { key: "a+b.log" } } }] };
    const test = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "logs" };
    for (const body of [JSON.stringify(notification), JSON.stringify(test), "no JSON", "null", "{}"])
      await handler({ Records: [{ body }] }, context());

    strictEqual(failed().length, 5);
    for (const { reason } of failed().slice(0, 2))
      match(reason, /notification of the bucket itself; have the bucket tell EventBridge/);
    match(failed()[2]!.reason, /JSON/);
    for (const { reason } of failed().slice(3)) match(reason, /not an event that EventBridge has from S3/);
    deepStrictEqual(JSON.parse((failed()[0] as unknown as { message: string }).message), notification);
  });

  it("throws at a refusal that passes, so that the queue brings the event again", async () => {
    const handler = await withoutPauses(() => coldStart());
    put("a.log", lines("a", 3));
    bucket.faults.set("a.log", Array(6).fill({ status: 400 }));

    await rejects(handler(eventOf("a.log"), context()), /ExpiredToken/);
    deepStrictEqual(failed(), []);
    await handler(eventOf("a.log"), context());
    strictEqual(sent().length, 3);
  });

  it("goes on from the byte where it stopped, and at the end of lines that are all sent", async () => {
    const handler = await coldStart();
    put("a.log", lines("a", 1000));
    for (let calls = 0; calls < 5 && again().length === calls; calls++)
      await handler(eventOf("a.log"), context(30_000));

    deepStrictEqual([sent().length, new Set(sent()).size], [1000, 1000]);
    const [note] = noteOf();
    deepStrictEqual([note.records, note.bytes, note.isDone], [1000, lines("a", 1000).length, true]);
    ok(bucket.requests.includes(`GET a.log bytes=${lines("a", 500).length}-`), bucket.requests.join());
  });

  it("tells an object whose next record no call reaches in its time", async () => {
    const handler = await coldStart();
    put("a.log", lines("a", 3));
    await handler(eventOf("a.log"), context(10_000));

    match(failed()[0]!.reason, /time ends before the next of its records is reached/);
    deepStrictEqual([sent(), again(), noteOf()[0]!.isDone], [[], [], false]);
  });

  it("leaves out what is no log: other events, marks of folders, CloudTrail's digests", async () => {
    const handler = await coldStart();
    put("a/", "");
    put("x_CloudTrail-Digest_y.json.gz", gzipSync("{}"));
    put("a.log", "a\n");
    await handler(eventOf("a/"), context());
    await handler(eventOf("x_CloudTrail-Digest_y.json.gz"), context());
    await handler(eventOf("a.log", "Object Deleted"), context());

    deepStrictEqual([sent(), noteOf(), told], [[], [], []]);
  });

  it("reads an object whose key ends like a folder's, where it holds something", async () => {
    const handler = await coldStart();
    put("a/", "a\n");
    await handler(eventOf("a/"), context());

    deepStrictEqual(sent(), ["a\n"]);
  });

  it("waits so that it sends no more than its share", async () => {
    const waits: number[] = [];
    const { setTimeout } = globalThis;
    put("a.log", `${"x".repeat(499_999)}\n`.repeat(12));
    // The function takes its clock at its cold start.
    globalThis.setTimeout = ((run: () => void, ms = 0) => {
      const isLong = ms > 60_000 && ms < 200_000;
      if (isLong) waits.push(ms);
      return setTimeout(run, isLong ? 0 : ms);
    }) as typeof setTimeout;
    try {
      const handler = await coldStart({}, 40_000);
      await handler(eventOf("a.log"), context());
    } finally {
      globalThis.setTimeout = setTimeout;
    }

    // The first call has eight of the lines, four megabytes.
    strictEqual(waits.length, 1);
    ok(waits[0]! > 90_000 && waits[0]! <= 100_000, String(waits));
    strictEqual(sink.accepted(), 12);
  });
});

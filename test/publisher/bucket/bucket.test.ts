import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { Ahead } from "../../../publisher/bucket/ahead";
import { Bucket } from "../../../publisher/bucket/bucket";
import { timeInName } from "../../../publisher/bucket/time-in-name";
import { type BucketStandIn, startBucket } from "./stand-in";

const clock = { now: () => 0, random: () => 0, sleep: async () => {} };

describe("publisher/bucket", () => {
  let standIn: BucketStandIn;
  const bytes = Buffer.alloc(300_000, "0123456789");
  beforeEach(async () => {
    standIn = await startBucket({ "logs/a": "one\n", "logs/b": bytes, "logs/c": "", other: "no" });
  });
  afterEach(() => standIn.close());

  const bucket = (url = "s3://logs.example/logs/"): Bucket => Bucket.at(url, undefined, clock);

  it("lists what begins with the prefix, page by page, by key", async () => {
    const keys: string[] = [];
    for await (const { key } of bucket().list()) keys.push(key);

    deepStrictEqual(keys, ["logs/a", "logs/b", "logs/c"]);
  });

  it("goes on behind the last byte where an answer breaks off, again and again", async () => {
    standIn.faults.set("logs/b", [{ cutAfter: 100_000 }, { cutAfter: 0 }, { cutAfter: 7 }]);

    ok((await bucket().bytes("logs/b")).equals(bytes));
    const froms = standIn.requests.map((request) => Number(/bytes=(\d+)/.exec(request)?.[1] ?? 0));
    ok(froms.length >= 4 && froms.every((from, n) => n === 0 || from >= froms[n - 1]!), String(froms));
  });

  it("waits where it is throttled", async () => {
    standIn.faults.set("logs/a", [{ status: 503 }, { status: 503 }]);

    strictEqual((await bucket().bytes("logs/a")).toString(), "one\n");
  });

  it("reads no second half of another version", async () => {
    standIn.faults.set("logs/b", [{ cutAfter: 1_000, overwrite: Buffer.alloc(300_000, "x") }]);

    await rejects(
      bucket().bytes("logs/b"),
      /^Error: was written anew after its first \d+ bytes had been read$/,
    );
  });

  it("gives up what is gone or forbidden at once, and what gives nothing more after eight tries", async () => {
    for (const status of [403, 404] as const) {
      standIn.faults.set("logs/a", [{ status }]);
      standIn.requests.length = 0;
      await rejects(bucket().bytes("logs/a"), /AccessDenied here|is gone since it was listed/);
      strictEqual(standIn.requests.length, 1);
    }
    standIn.faults.set(
      "logs/b",
      Array.from({ length: 9 }, () => ({ cutAfter: 0 })),
    );
    standIn.requests.length = 0;
    await rejects(bucket().bytes("logs/b"));
    strictEqual(standIn.requests.length, 8);
  });

  it("asks for small objects before their turn, sixteen at a time, each once, and for large ones at their turn", async () => {
    const asked: number[] = [];
    const objects = Array.from({ length: 40 }, (_, n) => ({
      sizeBytes: n === 5 ? 1_000_000 : 10,
      async *read() {
        asked.push(n);
        yield Buffer.from(`${n} `);
      },
    }));
    const ahead = new Ahead(objects);
    let text = "";
    for (const place of objects.keys()) {
      for await (const chunk of ahead.read(place)) text += chunk.toString();
      if (place === 0) deepStrictEqual(asked, [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    }

    strictEqual(text.trim(), [...objects.keys()].join(" "));
    strictEqual(asked.length, 40);
  });
});

describe("publisher/bucket/time-in-name", () => {
  const times: readonly (readonly [name: string, time: string | undefined])[] = [
    [
      "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/01/111122223333_elasticloadbalancing_eu-west-1_app.web.0123456789abcdef_20260301T0905Z_192.0.2.1_abcdefgh.log.gz",
      "2026-03-01T09:05:00.000Z",
    ],
    [
      "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01/111122223333_CloudTrail_eu-west-1_20260301T0910Z_AbCdEf.json.gz",
      "2026-03-01T09:10:00.000Z",
    ],
    [
      "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/01/111122223333_vpcflowlogs_eu-west-1_fl-0123_20260301T0900Z_hash.log.gz",
      "2026-03-01T09:00:00.000Z",
    ],
    ["cdn/E2EXAMPLE.2026-03-01-09.a1b2c3d4.gz", "2026-03-01T09:00:00.000Z"],
    ["access/2026-03-01-09-08-07-0123456789ABCDEF", "2026-03-01T09:08:07.000Z"],
    [
      "raw/2026/03/01/09/web-1-2026-03-01-09-08-07-2f0b2a3c-0000-4000-8000-000000000000.gz",
      "2026-03-01T09:08:07.000Z",
    ],
    ["logs/20269901T0905Z.log", undefined],
    ["logs/2026-03-01/app.log", undefined],
    ["order-12026-03-01-09-08-070.log", undefined],
  ];
  for (const [name, time] of times) {
    it(`finds ${time ?? "none"} in ${name.slice(name.lastIndexOf("/") + 1)}`, () => {
      const ms = timeInName(name);
      strictEqual(ms === undefined ? undefined : new Date(ms).toISOString(), time);
    });
  }
});

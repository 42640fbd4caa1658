import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readArguments } from "../../publisher/arguments";
import { countInputs, describeInputs } from "../../publisher/dry-run";
import { type Part, readContinuation } from "../../publisher/parts";
import { publish } from "../../publisher/publish";
import { type BucketStandIn, startBucket } from "./bucket/stand-in";
import { type Faults, type Sink, startSink } from "./sink";

const lines = (name: string, count: number): string =>
  Array.from({ length: count }, (_, n) => `${name} ${n}\n`).join("");

describe("publisher/find-all, logs that lie in S3", () => {
  const before = process.cwd();
  let dir: string;
  let bucket: BucketStandIn;
  let sink: Sink;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "objects-"));
    process.chdir(dir);
    bucket = await startBucket({
      "alb/": "",
      "alb/app_20260301T0900Z_a.log.gz": gzipSync(lines("a", 700)),
      "alb/app_20260301T0905Z_b.log.gz": gzipSync(lines("b", 600)),
      "alb/app_20260301T0910Z_c.log": lines("c", 500),
      "trail/t_20260301T0900Z_x.json.gz": gzipSync('{"Records":[{"eventName":"A"},{"eventName":"B"}]}'),
    });
  });
  afterEach(async () => {
    process.chdir(before);
    await bucket.close();
    await sink?.close();
    rmSync(dir, { recursive: true });
  });

  async function send(
    parts: readonly Part[],
    faults: Faults = {},
    signal?: AbortSignal,
    meanwhile: () => void = () => {},
  ) {
    await sink?.close();
    sink = await startSink(faults);
    const looking = setInterval(meanwhile, 1);
    const said: string[] = [];
    const options = {
      parts,
      stateDir: dir,
      newline: false,
      timeout: 300,
      inFlight: 1,
      ...(signal && { signal }),
    };
    try {
      return { report: await publish(sink.target, options, (text) => said.push(text)), said };
    } finally {
      clearInterval(looking);
    }
  }
  const sent = (): string[] =>
    [...sink.seen].flatMap(([data, times]) =>
      Array<string>(times).fill(Buffer.from(data, "base64").toString()),
    );

  it("sends each line of each object once, packed or not, and the elements of CloudTrail's", async () => {
    const { report } = await send([{ file: ["s3://logs/alb"], skip: 0 }]);

    strictEqual(report.accepted, 1800);
    strictEqual(new Set(sent()).size, 1800);
    await send([{ file: ["s3://logs/trail/"], records: "Records", skip: 0 }]);
    deepStrictEqual(sent().sort(), ['{"eventName":"A"}', '{"eventName":"B"}']);
  });

  it("takes an object once, however many addresses lead to it", async () => {
    const { report } = await send([{ file: ["s3://logs/alb", "s3://logs/alb/app_20260301T0910Z"], skip: 0 }]);

    strictEqual(report.accepted, 1800);
  });

  it("takes what is of the time that is asked for: by the name, else by the last change", async () => {
    bucket.objects.set("alb/plain.log", { body: Buffer.from("old\n"), changed: "2026-02-01T00:00:00.000Z" });
    const sinceMs = Date.parse("2026-03-01T09:05Z");
    const untilMs = Date.parse("2026-03-01T09:10Z");
    writeFileSync("local.log", "local\n");
    utimesSync("local.log", sinceMs / 1000, sinceMs / 1000);
    const { report } = await send([{ file: ["s3://logs/alb/", "local.log"], sinceMs, untilMs, skip: 0 }]);

    strictEqual(report.accepted, 601);
  });

  it("goes on where it was interrupted, and asks for no object that is sent", async () => {
    const stop = new AbortController();
    const parts = [{ file: ["s3://logs/alb/"], skip: 0 }];
    const { report } = await send(
      parts,
      { slow: 1 },
      stop.signal,
      () => sink.calls.length >= 3 && stop.abort(),
    );
    const first = sent();
    match(report.continueFile ?? "", /^continue-.*\.json$/);
    const { parts: rest } = readContinuation(report.continueFile!);
    bucket.requests.length = 0;
    await send(rest);

    strictEqual(first.length + sent().length, 1800);
    deepStrictEqual(new Set([...first, ...sent()]).size, 1800);
    strictEqual(bucket.requests.includes("GET alb/app_20260301T0900Z_a.log.gz"), false);
  });

  it("names an object that is gone by the time, sends the others, and is not whole then", async () => {
    bucket.faults.set("alb/app_20260301T0905Z_b.log.gz", [{ status: 404 }]);
    const { report } = await send([{ file: ["s3://logs/alb/"], skip: 0 }]);

    strictEqual(report.accepted, 1200);
    match(
      report.problems.join(),
      /^s3:\/\/logs\/alb\/app_20260301T0905Z_b\.log\.gz: is gone since it was listed; nothing of it was sent$/,
    );
  });

  it("names Parquet as what it does not take", async () => {
    bucket.objects.set("flow/x.parquet", { body: Buffer.from("PAR1\x15\x04\x15\x10PAR1", "latin1") });
    const { report } = await send([{ file: ["s3://logs/flow/"], skip: 0 }]);

    match(report.problems.join(), /x\.parquet: is Parquet, and lines, gzip and zstd are read/);
  });

  it("says in one line that nothing is there", async () => {
    await rejects(send([{ file: ["s3://logs/nothing/"], skip: 0 }]), {
      message: /^s3:\/\/logs\/nothing\/: no object is there; allowed: /,
      exitCode: 2,
    });
  });

  it("counts without reading or sending", async () => {
    const { publish: asked, dryRun } = readArguments(
      ["node", "publish", "--file", "s3://logs/alb", "--dry-run", "--since", "2026-03-01T09:05Z"],
      dir,
    );
    const count = await countInputs(asked, () => {});

    strictEqual(dryRun, true);
    deepStrictEqual(
      [count.inputs, count.oldest, count.newest],
      [2, "2026-03-01T09:05:00.000Z", "2026-03-01T09:10:00.000Z"],
    );
    match(
      describeInputs(count),
      /^2 files or objects of 0\.0 MB would be sent, of 2026-03-01T09:05:00\.000Z to /,
    );
    deepStrictEqual([bucket.requests, readdirSync(dir)], [[], []]);
  });
});

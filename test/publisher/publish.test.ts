import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readContinuation } from "../../publisher/parts";
import { type PublishOptions, publish } from "../../publisher/publish";
import { describeReport } from "../../publisher/report";
import { typedTarget } from "../../publisher/target";
import { type Faults, type Sink, startSink } from "./sink";

const base64 = (line: string): string => Buffer.from(line).toString("base64");

describe("publisher/publish", () => {
  const before = process.cwd();
  let dir: string;
  let sink: Sink | undefined;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "publish-"));
    process.chdir(dir); // Files of what was not accepted are made where one is.
  });

  afterEach(async () => {
    process.chdir(before);
    await sink?.close();
    sink = undefined;
    rmSync(dir, { recursive: true });
  });

  const seen = (): string[] => [...(sink?.seen.keys() ?? [])];

  async function run(options: Partial<PublishOptions>, faults: Faults = {}) {
    await sink?.close();
    sink = await startSink(faults);
    const said: string[] = [];
    const report = await publish(
      sink.target,
      { parts: [], stateDir: dir, newline: true, timeout: 300, inFlight: 8, ...options },
      (text) => said.push(text),
    );
    return { report, said };
  }

  it("sends exactly N and says so", async () => {
    const { report } = await run({ parts: [{ messages: 1234, skip: 0 }] }, { failEntries: 0.1, calls: 2 });

    deepStrictEqual([report.accepted, sink?.accepted(), report.unsent], [1234, 1234, 0]);
    match(describeReport(report).join("\n"), /^1,234 records accepted \(0\.0 MB\) in .* records resent$/);
    deepStrictEqual(readdirSync(dir), []);
  });

  it("speaks of one record as of one", async () => {
    const { report } = await run({ parts: [{ messages: 1, skip: 0 }] });

    match(describeReport(report).join("\n"), /^1 record accepted .*; 1 call, 0 records resent$/);
  });

  it("says in one line with stream and region that the stream is not there, and leaves nothing behind [B20]", async () => {
    const refuse = { status: 400, name: "ResourceNotFoundException", message: "Firehose web not found." };

    const { report } = await run({ parts: [{ messages: 100_000, skip: 0 }] }, { refuse });

    const lines = describeReport(report);
    strictEqual(lines.length, 1);
    match(lines[0] ?? "", /^nothing was sent: ResourceNotFoundException: Firehose web .* \(stream web at /);
    deepStrictEqual(readdirSync(dir), []);
  });

  it("saves what was not accepted to a file that --file takes again [B19]", async () => {
    writeFileSync("in.log.gz", gzipSync("one\r\ntwo\nthree"));
    const file = { parts: [{ file: ["in.log.gz"], skip: 0 }], timeout: 0, unsent: "rest.log" };

    const failed = await run(file, { failEntries: 0.5, seed: 2 });
    const first = seen();
    const rest = readFileSync("rest.log", "utf8");
    await run({ parts: [{ file: ["rest.log"], skip: 0 }] });

    strictEqual(first.length > 0 && rest.length > 0, true);
    strictEqual(failed.report.unsentFile, "rest.log");
    deepStrictEqual([...first, ...seen()].sort(), ["one\n", "two\n", "three\n"].map(base64).sort());
  });

  it("sends nothing where records that are not accepted would be written over the input", async () => {
    writeFileSync("in.log", "one\n");

    await rejects(run({ parts: [{ file: ["in.log"], skip: 0 }], unsent: "in.log" }), /--unsent: got EEXIST/);

    deepStrictEqual([sink?.calls.length, readFileSync("in.log", "utf8")], [0, "one\n"]);
  });

  it("sends nothing of what cannot be read again where none of it could be kept", async () => {
    const pipe = join(dir, "pipe");
    execFileSync("mkfifo", [pipe]);
    mkdirSync("gone");
    process.chdir("gone");
    rmSync(join(dir, "gone"), { recursive: true });

    await rejects(run({ parts: [{ file: [pipe], skip: 0 }] }), /--unsent: got ENOENT/);

    deepStrictEqual(sink?.calls, []);
  });

  it("refuses what is too long, makes no empty call, keeps it in a file [B24]", async () => {
    const long = "x".repeat(2_000_000);
    writeFileSync("long.log", long);
    writeFileSync("blank.log", "\n\r\n\n");

    const { report, said } = await run({ parts: [{ file: ["long.log", "blank.log"], skip: 0 }] });

    deepStrictEqual([report.refused, sink?.calls.length], [1, 0]);
    match(
      said[0] ?? "",
      /^long\.log:1: refused, 2000001 bytes; allowed: up to 1024000 bytes; kept in refused-/,
    );
    strictEqual(readFileSync(report.refusedFile ?? "", "utf8"), `${long}\n`);
  });

  /** Interrupts after so many accepted records, and then goes on as often as it takes. */
  async function interrupted(options: Partial<PublishOptions>, after: number, again: number) {
    const accepted: string[] = [];
    const files: string[] = [];
    let next = options;
    for (let n = 0; n <= again; n++) {
      const stop = new AbortController();
      await sink?.close();
      sink = await startSink({ failEntries: 0.02, seed: n + 1 });
      const limited = { ...next, inFlight: 2, signal: stop.signal };
      const watch = setInterval(() => (sink?.accepted() ?? 0) >= after && n < again && stop.abort(), 0);
      const report = await publish(
        sink.target,
        { parts: [], stateDir: dir, newline: true, timeout: 300, ...limited, inFlight: 2 },
        () => {},
      );
      clearInterval(watch);
      accepted.push(...seen().map((record) => Buffer.from(record, "base64").toString()));
      if (!report.continueFile) return { accepted, files, last: report };
      files.push(report.continueFile);
      next = { ...next, ...readContinuation(report.continueFile) };
    }
    return { accepted, files, last: undefined };
  }

  it("writes nothing of an interrupted run of messages but what was under way, and goes on with the rest", async () => {
    const { accepted, files, last } = await interrupted({ parts: [{ messages: 20_000, skip: 0 }] }, 3000, 2);

    strictEqual(files.length > 0, true);
    strictEqual(last?.stopped, undefined);
    strictEqual(accepted.length, 20_000);
    strictEqual(new Set(accepted).size, 20_000);
    for (const name of readdirSync(dir)) strictEqual(statSync(name).size < 100_000, true, name);
  });

  it("goes on with a sample and with a compressed file where it was, and refuses a line once", async () => {
    const lines = Array.from({ length: 8000 }, (_, n) => `line ${n}`);
    writeFileSync(
      "in.log.gz",
      gzipSync([...lines.slice(0, 100), "x".repeat(1_100_000), ...lines.slice(100)].join("\n")),
    );

    const file = await interrupted({ parts: [{ file: ["in.log.gz"], skip: 0 }] }, 2000, 1);
    const sample = await interrupted(
      { parts: [{ messages: 5000, sample: "json-events", endMs: 1e12, skip: 0 }] },
      1000,
      1,
    );

    deepStrictEqual(file.accepted.sort(), lines.map((line) => `${line}\n`).sort());
    deepStrictEqual([sample.accepted.length, new Set(sample.accepted).size], [5000, 5000]);
    strictEqual(readdirSync(dir).filter((name) => name.startsWith("refused-")).length, 1);
  });

  it("says how to go on", async () => {
    const stop = new AbortController();
    const onlyOne = { parts: [{ messages: 5000, skip: 0 }], inFlight: 1, signal: stop.signal };
    const running = run(onlyOne, { slow: 1 });
    const watch = setInterval(() => (sink?.accepted() ?? 0) > 0 && stop.abort(), 0);
    const { report } = await running;
    clearInterval(watch);

    const lines = describeReport(report);
    match(lines.at(-1) ?? "", /^go on with the rest: npm run publish -- --continue continue-.*\.json$/);
    match(lines.join("\n"), /\nstopped: interrupted/);
    const target = typedTarget({ stack: "dev", stream: "web", data: "my logs", local: true });
    match(
      describeReport(report, target).at(-1) ?? "",
      /--continue continue-.*\.json --stream web --data 'my logs' --local$/,
    );
  });

  it("says how to send again what was not accepted, to the same target", async () => {
    const file = { parts: [{ messages: 3, skip: 0 }], timeout: 0, unsent: "not sent.log" };
    const { report } = await run(file, { failEntries: 0.5, seed: 2 });

    match(
      describeReport(report, typedTarget({ stack: "prod", aws: true })).at(-1) ?? "",
      /NOT accepted.*, saved in not sent\.log; send them again: npm run publish -- --file 'not sent\.log' --stack prod --aws$/,
    );
  });

  it("joins stack traces of files, by itself or by the pattern of a first line", async () => {
    writeFileSync("app.log", "INFO a\nERROR b\nValueError: no\n  at c\nINFO d\n");
    writeFileSync("own.log", "#1 a\nb\n#2 c\n");

    await run({ parts: [{ file: ["app.log"], multiline: true, skip: 0 }] });
    const traces = seen();
    await run({ parts: [{ file: ["own.log"], multiline: "^#", skip: 0 }] });

    deepStrictEqual(traces, ["INFO a\n", "ERROR b\nValueError: no\n  at c\n", "INFO d\n"].map(base64));
    deepStrictEqual(seen(), ["#1 a\nb\n", "#2 c\n"].map(base64));
  });

  it("follows a file until it is told to stop, and goes on from there", async () => {
    writeFileSync("app.log", "a\n");
    const follow = async (lines: string, expected: number) => {
      const stop = new AbortController();
      const running = run({ follow: [join(dir, "app.log")], timeout: Infinity, signal: stop.signal });
      appendFileSync("app.log", lines);
      const watch = setInterval(() => (sink?.accepted() ?? 0) >= expected && stop.abort(), 5);
      const { report } = await running;
      clearInterval(watch);
      return report;
    };

    const first = await follow("b\n", 2);
    const sent = seen();
    await follow("c\n", 1);

    deepStrictEqual(sent, ["a\n", "b\n"].map(base64));
    deepStrictEqual(seen(), ["c\n"].map(base64));
    deepStrictEqual([first.stopped, first.unsent], ["interrupted", 0]);
  });

  it("reads again what a followed stream did not accept", async () => {
    writeFileSync("app.log", "a\nb\n");
    const refuse = { status: 400, name: "ResourceNotFoundException" };
    const follow = { follow: [join(dir, "app.log")], timeout: Infinity };

    const { report } = await run(follow, { refuse });
    const stop = new AbortController();
    const watch = setInterval(() => (sink?.accepted() ?? 0) >= 2 && stop.abort(), 5);
    await run({ ...follow, signal: stop.signal });
    clearInterval(watch);

    deepStrictEqual([report.accepted, report.unsent, report.unsentFile], [0, 2, undefined]);
    deepStrictEqual(seen(), ["a\n", "b\n"].map(base64));
  });
});

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Faults, type Sink, startSink } from "../publisher/sink";
import { finish, startCommand } from "./spawned";

const _base64 = (line: string): string => Buffer.from(line).toString("base64");

describe("publisher/main", () => {
  let dir: string;
  let sink: Sink;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "publish-"));
  });

  afterEach(async () => {
    await sink?.close();
    rmSync(dir, { recursive: true });
  });

  const start = (args: readonly string[]): ChildProcess =>
    startCommand("main.ts", ["--stream", "web", ...args], dir, sink.url);

  const publish = async (args: readonly string[], faults: Faults = {}) => {
    await sink?.close();
    sink = await startSink(faults);
    return finish(start(args));
  };

  it("sends exactly N, says so on standard error and as one line of JSON, and exits with 0", async () => {
    const { stdout, stderr, code } = await publish(["1234", "--json"], { failEntries: 0.1, calls: 2 });

    strictEqual(code, 0);
    strictEqual(sink.accepted(), 1234);
    strictEqual(stdout.split("\n").length, 2);
    strictEqual(JSON.parse(stdout).accepted, 1234);
    match(
      stderr[0] ?? "",
      /^sending to stream web at http:\/\/127\.0\.0\.1:\d+ in eu-west-1 \(AWS_ENDPOINT_URL_FIREHOSE\)$/,
    );
    match(stderr[1] ?? "", /^1,234 records accepted \(0\.0 MB\) in .* records resent$/);
    strictEqual(stderr.length, 2);
  });

  it("exits with 2 and one line for wrong usage, and sends nothing", async () => {
    sink = await startSink();
    const wrong = ["", "--file none.log", "--what"];

    for (const args of wrong) {
      const { stderr, code } = await finish(start(args.split(" ").filter(Boolean)));

      strictEqual(code, 2, args);
      strictEqual(stderr.filter((line) => !line.startsWith("sending to")).length, 1, stderr.join("\n"));
    }
    strictEqual(sink.calls.length, 0);
  });

  it("stays below 200 MB with lines of a million bytes", async function () {
    if (!existsSync("/proc/self/status")) this.skip();
    const file = openSync(join(dir, "long.log"), "w");
    const line = Buffer.alloc(1_000_000, "x");
    line[line.length - 1] = 0x0a;
    for (let n = 0; n < 60; n++) writeSync(file, line);
    closeSync(file);
    // Not resourceUsage().maxRSS: a new process takes over the peak of the one that has started it.
    const peak = `/VmHWM:\\s+(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1] * 1024`;
    const report = `const fs = require("node:fs"); process.on("exit", () => fs.writeFileSync("peak", String(${peak})));`;
    writeFileSync(join(dir, "at-exit.cjs"), report);
    sink = await startSink();

    const { code } = await finish(
      startCommand("main.ts", ["--stream", "web", "--file", "long.log"], dir, sink.url, {
        NODE_OPTIONS: `--require ${join(dir, "at-exit.cjs")}`,
      }),
    );

    const peakBytes = Number(readFileSync(join(dir, "peak"), "utf8"));
    strictEqual(code, 0);
    strictEqual(sink.calls.flat().length, 60);
    strictEqual(peakBytes > 50_000_000 && peakBytes < 200_000_000, true, `${peakBytes} bytes`);
  });

  it("ends in good order at Ctrl-C: standard input's lines are accepted or saved, each once", async () => {
    sink = await startSink({
      refuse: { status: 503, name: "ServiceUnavailableException", message: "Slow down." },
    });
    const child = start(["--file", "-", "--json"]);
    const done = finish(child);
    const lines = Array.from({ length: 700 }, (_, n) => `line ${n}`);
    child.stdin?.write(lines.join("\n"));
    while (sink.calls.length === 0 && child.exitCode === null)
      await new Promise((resolve) => setImmediate(resolve));
    child.kill("SIGINT");

    const { stdout, stderr, code } = await done;

    const report = JSON.parse(stdout);
    strictEqual(code, 1);
    strictEqual(report.stopped, "interrupted");
    deepStrictEqual([report.accepted, report.unsent], [0, 700]);
    deepStrictEqual(readFileSync(join(dir, report.unsentFile), "utf8").trimEnd().split("\n"), lines);
    match(stderr.join("\n"), /stopping: calls in flight end, a file says what is left/);
  });
});

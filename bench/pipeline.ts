/**
 * The whole line: `npm run publish` through endpoint, queue, closure, index and backup to the last count.
 * `npm run bench -- pipeline [N]` (1,000,000); CPU is read from /proc, so it is printed on Linux only. Where Java and
 * Maven are there, a real OpenSearch then indexes as many documents for comparison.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openSearchCpuSeconds } from "./opensearch";
import { usageOf } from "./process-usage";

const root = resolve(__dirname, "..");

interface Ready {
  readonly firehose: string;
  readonly dashboard: string;
  readonly streamName: string;
}

const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<"start" | "publish", string>;
};

/** Starts what the npm script starts, with the same flags for Node. */
const launch = (script: keyof typeof scripts, args: string[], env = {}): ChildProcess =>
  spawn(process.execPath, [...scripts[script].split(" ").slice(1), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, ...env },
  });

const firstLine = (child: ChildProcess): Promise<string> =>
  new Promise((done, fail) => {
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) done(text);
    });
    child.once("exit", (code) => fail(new Error(`ended with ${code} before it was ready`)));
  });

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.once("exit", done));

export async function run([count = "1000000"]: string[]): Promise<void> {
  const total = Number(count);
  const data = mkdtempSync(join(tmpdir(), "firehose-bench-"));
  const beginMs = performance.now();
  const server = launch("start", [
    "--firehose-port",
    "0",
    "--dashboard-port",
    "0",
    "--data",
    data,
    "--json",
    "--set",
    "backupIntervalSeconds=1",
  ]);
  try {
    const ready = JSON.parse(await firstLine(server)) as Ready;
    const readySeconds = (performance.now() - beginMs) / 1000;
    const before = usageOf(server.pid!);
    const startMs = performance.now();
    const publisher = launch("publish", [count, "--stream", ready.streamName], {
      AWS_ENDPOINT_URL_FIREHOSE: ready.firehose,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
    });
    let sender = usageOf(publisher.pid!);
    const watch = setInterval(() => {
      const now = usageOf(publisher.pid!);
      if (now.cpuSeconds > 0) sender = now;
    }, 50);
    const code = await exitOf(publisher);
    clearInterval(watch);
    const sentSeconds = (performance.now() - startMs) / 1000;
    let status: Record<string, number>;
    do {
      await new Promise((wake) => setTimeout(wake, 50));
      status = (await (await fetch(`${ready.dashboard}/api/status`)).json()) as Record<string, number>;
    } while (status["waiting"]! > 0 || status["backedUp"]! < status["accepted"]!);
    const seconds = (performance.now() - startMs) / 1000;
    const after = usageOf(server.pid!);
    const perMillion = 1_000_000 / total;
    const ownCpuSeconds = (after.cpuSeconds - before.cpuSeconds) * perMillion;
    console.table({
      "ready after, s": readySeconds.toFixed(2),
      "publisher's exit code": code,
      "records/s to the last count": Math.round(total / seconds),
      "records/s accepted": Math.round(total / sentSeconds),
      "server CPU s per 1M": ownCpuSeconds.toFixed(2),
      "publisher CPU s per 1M": (sender.cpuSeconds * perMillion).toFixed(2),
      "server peak MB": Math.round(after.peakMb),
      indexed: status["indexed"],
    });
    for (const query of ["", "message:bye"]) {
      const askMs = performance.now();
      const answer = (await (await fetch(`${ready.dashboard}/api/count?q=${query}`)).json()) as {
        count: number;
      };
      process.stdout.write(
        `count(${query || "all"}) = ${answer.count} in ${(performance.now() - askMs).toFixed(1)} ms\n`,
      );
    }
    server.kill("SIGTERM");
    await exitOf(server);
    const other = await openSearchCpuSeconds(total);
    process.stdout.write(
      typeof other === "string"
        ? `not compared with a real OpenSearch: ${other}\n`
        : `a real OpenSearch 2.19 indexing the same: ${other.toFixed(2)} CPU s per 1M; ratio ${(ownCpuSeconds / other).toFixed(2)}\n`,
    );
  } finally {
    server.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}

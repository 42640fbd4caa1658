/**
 * The whole line: `npm run publish` through endpoint, queue, closure, index and backup to the last count.
 * `npm run bench -- pipeline [N]` (1,000,000); CPU is read from /proc, so it is printed on Linux only. Where Java and
 * Maven are there, a real OpenSearch then indexes as many documents for comparison.
 */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ready, startRun, startScript } from "../engines/local-run";
import { openSearchCpuSeconds } from "./opensearch";
import { usageOf } from "./process-usage";
import { victoriaLogsFigures } from "./victoria-logs-figures";

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.once("exit", done));

type Status = Record<"accepted" | "indexed" | "waiting" | "backedUp", number>;

export async function run([count = "1000000"]: string[]): Promise<void> {
  const total = Number(count);
  const data = mkdtempSync(join(tmpdir(), "firehose-bench-"));
  const beginMs = performance.now();
  const server = startRun({ data });
  try {
    const ready = await server.ready;
    const readySeconds = (performance.now() - beginMs) / 1000;
    const ownCpuSeconds = await measure(total, readySeconds, ready, server.child);
    await askCounts(ready.dashboard);
    server.child.kill("SIGTERM");
    await server.ended;
    await compare(total, ownCpuSeconds);
  } finally {
    server.child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}

/** Publishes, waits until all is indexed and backed up, and prints the figures; gives the server's CPU s per 1M. */
async function measure(
  total: number,
  readySeconds: number,
  ready: Ready,
  server: ChildProcess,
): Promise<number> {
  const before = usageOf(server.pid!);
  const startMs = performance.now();
  const publisher = await publish(total, ready);
  const sentSeconds = (performance.now() - startMs) / 1000;
  const status = await settled(ready.dashboard);
  const seconds = (performance.now() - startMs) / 1000;
  const after = usageOf(server.pid!);
  const perMillion = 1_000_000 / total;
  const ownCpuSeconds = (after.cpuSeconds - before.cpuSeconds) * perMillion;
  console.table({
    "ready after, s": readySeconds.toFixed(2),
    "publisher's exit code": publisher.code,
    "records/s to the last count": Math.round(total / seconds),
    "records/s accepted": Math.round(total / sentSeconds),
    "server CPU s per 1M": ownCpuSeconds.toFixed(2),
    "publisher CPU s per 1M": (publisher.cpuSeconds * perMillion).toFixed(2),
    "server peak MB": Math.round(after.peakMb),
    indexed: status.indexed,
  });
  return ownCpuSeconds;
}

async function publish(
  total: number,
  { streamName, firehose }: Ready,
): Promise<{ code: number | null; cpuSeconds: number }> {
  const publisher = startScript("publish", [String(total), "--stream", streamName], {
    AWS_ENDPOINT_URL_FIREHOSE: firehose,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  publisher.stdout!.resume();
  publisher.stderr!.resume();
  let { cpuSeconds } = usageOf(publisher.pid!);
  // Nothing is known of a process that has ended.
  const watch = setInterval(() => {
    cpuSeconds = usageOf(publisher.pid!).cpuSeconds || cpuSeconds;
  }, 50);
  const code = await exitOf(publisher);
  clearInterval(watch);
  return { code, cpuSeconds };
}

async function settled(dashboard: string): Promise<Status> {
  for (;;) {
    const status = (await (await fetch(`${dashboard}/api/status`)).json()) as Status;
    if (status.waiting === 0 && status.backedUp >= status.accepted) return status;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function askCounts(dashboard: string): Promise<void> {
  for (const query of ["", "message:bye"]) {
    const askMs = performance.now();
    const { count } = (await (await fetch(`${dashboard}/api/count?q=${query}`)).json()) as { count: number };
    const ms = (performance.now() - askMs).toFixed(1);
    process.stdout.write(`count(${query || "all"}) = ${count} in ${ms} ms\n`);
  }
}

async function compare(total: number, ownCpuSeconds: number): Promise<void> {
  const other = await openSearchCpuSeconds(total);
  process.stdout.write(
    typeof other === "string"
      ? `not compared with a real OpenSearch: ${other}\n`
      : `a real OpenSearch 2.19 indexing the same: ${other.toFixed(2)} CPU s per 1M; ratio ${(ownCpuSeconds / other).toFixed(2)}\n`,
  );
  const figures = await victoriaLogsFigures(total);
  process.stdout.write(
    typeof figures === "string"
      ? `not compared with VictoriaLogs: ${figures}\n`
      : `VictoriaLogs indexing the same: ${figures.cpuSeconds.toFixed(2)} CPU s per 1M; of ${total} acknowledged ` +
          `documents ${figures.lost} are gone after kill -9 (here none, see test/real/crash)\n`,
  );
}

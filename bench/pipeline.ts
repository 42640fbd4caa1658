/**
 * The whole line: `npm run publish` through endpoint, queue, closure, index and backup to the last count.
 * `npm run bench -- pipeline [N]` (1,000,000); CPU is read from /proc, so it is printed on Linux only.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "..");

interface Ready {
  readonly firehose: string;
  readonly dashboard: string;
  readonly streamName: string;
}

const launch = (script: string, args: string[], env = {}): ChildProcess =>
  spawn(process.execPath, ["-r", join(root, "register.cjs"), join(root, script), ...args], {
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

/** CPU seconds and peak memory in MB of a process that is still there. */
function usageOf(pid: number): { cpuSeconds: number; peakMb: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const ticksPerSecond = 100;
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      peakMb: Number(peak) / 1024,
    };
  } catch {
    return { cpuSeconds: Number.NaN, peakMb: Number.NaN };
  }
}

export async function run([count = "1000000"]: string[]): Promise<void> {
  const total = Number(count);
  const data = mkdtempSync(join(tmpdir(), "firehose-bench-"));
  const beginMs = performance.now();
  const server = launch("local/main.ts", [
    "--firehose-port",
    "0",
    "--dashboard-port",
    "0",
    "--data",
    data,
    "--json",
  ]);
  try {
    const ready = JSON.parse(await firstLine(server)) as Ready;
    const readySeconds = (performance.now() - beginMs) / 1000;
    const before = usageOf(server.pid!);
    const startMs = performance.now();
    const publisher = launch("publisher/main.ts", [count, "--stream", ready.streamName], {
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
    console.table({
      "ready after, s": readySeconds.toFixed(2),
      "publisher's exit code": code,
      "records/s to the last count": Math.round(total / seconds),
      "records/s accepted": Math.round(total / sentSeconds),
      "server CPU s per 1M": ((after.cpuSeconds - before.cpuSeconds) * perMillion).toFixed(2),
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
  } finally {
    server.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}

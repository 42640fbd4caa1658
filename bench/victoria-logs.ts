/** VictoriaLogs, built from the module proxy into `.cache` where Go is there. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

const version = "v1.52.1";
const goModule = `github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs@${version}`;
const folder = join(__dirname, "..", ".cache", "victoria-logs", version);
const program = join(folder, "victoria-logs");
const startMs = 30_000;

/** A text tells why there can be none. */
export function victoriaLogsMissing(): string | undefined {
  if (existsSync(program)) return undefined;
  try {
    execFileSync("go", ["version"], { stdio: "ignore" });
  } catch {
    return "Go is not installed";
  }
  process.stdout.write(`building VictoriaLogs ${version}, some minutes\n`);
  mkdirSync(folder, { recursive: true });
  execFileSync("go", ["install", goModule], { env: { ...process.env, GOBIN: folder }, stdio: "inherit" });
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

export class VictoriaLogs {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
  ) {}

  get pid(): number {
    return this.child.pid as number;
  }

  static async start(data: string): Promise<VictoriaLogs> {
    const port = await freePort();
    const kept = ["-retentionPeriod=100y", "-futureRetention=100y"];
    const flags = [`-storageDataPath=${data}`, `-httpListenAddr=127.0.0.1:${port}`, ...kept];
    const child = spawn(program, flags, { stdio: "ignore" });
    const logs = new VictoriaLogs(child, `http://127.0.0.1:${port}`);
    const endMs = performance.now() + startMs;
    while (!(await logs.isReady())) {
      if (child.exitCode !== null || performance.now() > endMs) {
        child.kill("SIGKILL");
        throw new Error(`VictoriaLogs did not start: exit code ${child.exitCode}.`);
      }
      await new Promise((wake) => setTimeout(wake, 50));
    }
    return logs;
  }

  private async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health`)).ok;
    } catch {
      return false;
    }
  }

  private async post(path: string, parameters: Record<string, string>, body?: string): Promise<string> {
    const search = new URLSearchParams(parameters);
    const answer = await fetch(`${this.url}${path}?${search}`, { method: "POST", ...(body && { body }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`VictoriaLogs answered ${answer.status}: ${text.slice(0, 300)}`);
    return text;
  }

  /** Resolves when it has said that it has them. */
  async insert(sources: readonly string[], streamField: string): Promise<void> {
    const fields = { _time_field: "@timestamp", _msg_field: "message", _stream_fields: streamField };
    await this.post("/insert/jsonline", fields, `${sources.join("\n")}\n`);
  }

  /** Makes all that was inserted visible. */
  async flush(): Promise<void> {
    await this.post("/internal/force_flush", {});
  }

  async count(logsQl: string): Promise<number> {
    const answer = await this.post("/select/logsql/query", { query: `${logsQl} | count() n` });
    return Number((JSON.parse(answer) as { n: string }).n);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill(signal);
    await ended;
  }
}

/** The process that is killed, and what it left in its folder. */
import { strict as assert } from "node:assert";
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serialize } from "node:v8";
import { gunzipSync } from "node:zlib";
import type { Plan } from "../../local/plan/plan";
import type { PipelineStatus } from "../../local/status";
import { until } from "../until";
import type { FastClock } from "./crash-clock";

const root = resolve(__dirname, "../..");

interface Ready {
  readonly firehose: string;
  readonly dashboard: string;
  readonly streamName: string;
}

type Status = Omit<PipelineStatus, "rooms">;
type Answer = Status & { readonly rooms: { readonly trouble?: string } };

export class CrashRun {
  readonly ready: Promise<Ready>;
  /** What it printed, and when it was ready, if it was. */
  readonly ended: Promise<{ code: number | null; text: string; readyAfterMs: number | undefined }>;
  private readonly child: ChildProcess;

  constructor(plan: Plan, folder: string, dataFolder: string, clock?: FastClock) {
    const planFile = join(folder, "plan.bin");
    writeFileSync(planFile, serialize(plan));
    const beginMs = performance.now();
    let readyAfterMs: number | undefined;
    let text = "";
    this.child = fork(
      join(__dirname, "crash-run.ts"),
      [planFile, dataFolder, JSON.stringify(clock ?? null)],
      {
        cwd: root,
        execArgv: ["--disable-warning=ExperimentalWarning", "-r", join(root, "register.cjs")],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      },
    );
    this.child.stderr!.on("data", (chunk) => {
      text += chunk;
    });
    this.ended = new Promise((done) => {
      this.child.once("close", (code) => done({ code, text, readyAfterMs }));
    });
    this.ready = new Promise((done, fail) => {
      this.child.once("message", (message) => {
        readyAfterMs = performance.now() - beginMs;
        done(message as Ready);
      });
      this.child.once("close", () => fail(new Error(`ended before it was ready: ${text}`)));
    });
    this.ready.catch(() => {});
  }

  get pid(): number {
    return this.child.pid!;
  }

  kill(): void {
    this.child.kill("SIGKILL");
  }

  terminate(): void {
    this.child.kill("SIGTERM");
  }

  private async ask(): Promise<Answer> {
    const { dashboard } = await this.ready;
    return (await (await fetch(`${dashboard}/api/status`)).json()) as Answer;
  }

  async status(): Promise<Status> {
    const { accepted, indexed, dropped, failed, waiting, lost, backedUp } = await this.ask();
    return { accepted, indexed, dropped, failed, waiting, lost, backedUp };
  }

  /** What holds the line; empty when all is well. */
  async trouble(): Promise<string> {
    return (await this.ask()).rooms.trouble ?? "";
  }

  /** The status once nothing waits and all is backed up. */
  async settled(): Promise<Status> {
    let status = await this.status();
    await until(
      async () => {
        status = await this.status();
        return status.waiting === 0 && status.backedUp === status.accepted;
      },
      () => JSON.stringify(status),
    );
    return status;
  }
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Objects whose writing was begun and not finished. */
export const countUnfinished = (dataFolder: string): number =>
  filesIn(join(dataFolder, "s3")).filter((file) => file.endsWith(".part")).length;

/** Objects of documents that the index refused. */
export function failedDeliveryFiles(dataFolder: string): string[] {
  const all = filesIn(join(dataFolder, "s3"));
  return all.filter((file) => file.includes("/AmazonOpenSearchService_failed/") && !file.endsWith(".part"));
}

/** Of one bucket or all: the sources of failed records by what failed them, and the text of every other object. */
export function readObjects(
  dataFolder: string,
  bucketName = "",
): {
  failed: { transform: string[]; delivery: string[] };
  sources: string[];
} {
  const failed = { transform: [] as string[], delivery: [] as string[] };
  const sources: string[] = [];
  for (const file of filesIn(join(dataFolder, "s3", bucketName))) {
    const bytes = readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    if (!file.includes("/failed/")) {
      sources.push(text);
      continue;
    }
    const kind = file.includes("/processing-failed/") ? "transform" : "delivery";
    for (const line of text.trim().split("\n")) {
      const { rawData, errorMessage } = JSON.parse(line) as { rawData: string; errorMessage: string };
      assert.ok(errorMessage.length > 0, `a reason in ${file}`);
      failed[kind].push(Buffer.from(rawData, "base64").toString());
    }
  }
  return { failed, sources };
}

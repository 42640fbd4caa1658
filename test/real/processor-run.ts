/** One local run with a processor, fed by the real publisher: both as commands, as a person starts them. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ready, type StartedRun, startRun, startScript } from "../../engines/local-run";
import type { PipelineStatus } from "../../local/status";

const mostWaitMs = 120_000;

/** Counts of `/api/status`. */
export type Counts = Omit<PipelineStatus, "rooms">;

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
export type Document = any;

export class ProcessorRun {
  private constructor(
    private readonly run: StartedRun,
    private readonly folder: string,
    private readonly ready: Ready,
  ) {}

  /** @param settings keys of the configuration; lists are written as JSON, as `--set` takes them */
  static async start(settings: Readonly<Record<string, string | readonly string[]>>): Promise<ProcessorRun> {
    const folder = mkdtempSync(join(tmpdir(), "processor-run-"));
    const set = Object.entries(settings).map(
      ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
    );
    const run = startRun({ data: folder, set });
    return new ProcessorRun(run, folder, await run.ready);
  }

  /** A file beside the run's own, for the publisher. */
  file(name: string, content: Buffer): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  /** `npm run publish -- …` into this run; the publisher accepts nothing less than all. */
  async publish(...args: string[]): Promise<void> {
    const child = startScript("publish", [...args, "--local", "--data", this.folder]);
    child.stdout!.resume();
    let text = "";
    child.stderr!.on("data", (chunk) => {
      text += chunk;
    });
    const code = await new Promise((done) => child.once("close", done));
    assert.equal(code, 0, text);
  }

  /** Waits until `accepted` records are accepted and nothing is under way, and gives the counts as they are then. */
  async settled(accepted: number): Promise<Counts> {
    for (let waitedMs = 0; waitedMs < mostWaitMs; waitedMs += 50) {
      const counts = await this.ask<Counts>("/api/status");
      const isDone = counts.waiting === 0 && counts.backedUp >= counts.accepted;
      if (counts.accepted >= accepted && isDone) return counts;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    throw new Error(`${JSON.stringify(await this.ask("/api/status"))} after ${mostWaitMs} ms`);
  }

  /** The counts that the page shows, by the panel's title; the same as a search for the panel's query. */
  async panels(): Promise<Record<string, number>> {
    const { panels } = await this.ask<{ panels: { title: string; query: string; count: number }[] }>(
      "/api/panels",
    );
    for (const { title, query, count } of panels) {
      const found = await this.ask<{ count: number }>(`/api/count?q=${encodeURIComponent(query)}`);
      assert.equal(found.count, count, title);
    }
    return Object.fromEntries(panels.map(({ title, count }) => [title, count]));
  }

  /** All documents in the index. */
  async documents(): Promise<Document[]> {
    const answer = await fetch(`${this.ready.dashboard}/api/export`);
    const lines = (await answer.text()).split("\n").filter(Boolean);
    return lines.map((line) => JSON.parse(line)._source);
  }

  /** Lines of all backup objects, in no order, a character for each byte. */
  backup(): string[] {
    const bucket = join(this.folder, "s3");
    return readdirSync(bucket, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /[/\\]raw(?:[/\\]|$)/.test(entry.parentPath))
      .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1").split("\n"))
      .filter(Boolean);
  }

  /** What the function wrote to its log. */
  log(): string {
    const logs = join(this.folder, "logs");
    return readdirSync(logs)
      .map((name) => readFileSync(join(logs, name), "utf8"))
      .join("");
  }

  async stop(): Promise<void> {
    this.run.child.kill("SIGINT");
    await this.run.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.ready.dashboard}${path}`)).json()) as T;
  }
}

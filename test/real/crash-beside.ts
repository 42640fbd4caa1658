/** What goes on beside the load until the process is killed: failed documents handed in again, an export, readers. */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { kindOf, numbersIn } from "./crash-load";
import { failedDeliveryFiles } from "./crash-process";
import type { Random } from "./opensearch/random";

interface FailedLine {
  readonly rawData: string;
  readonly esDocumentId: string;
  readonly esIndexName: string;
  readonly arrivalTimestamp: number;
}

interface Mended {
  readonly n: number;
  readonly document: { id: string; index: string; arrivalMs: number; source: string };
}

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

/** Every second malformed document is mended; the others stay failed. */
export const isMended = (n: number): boolean => kindOf(n) === "malformed" && n % 2 === 0;

const questions = [
  "/api/search?q=kind%3Aok&size=50",
  "/api/search?q=n%3A%3E100&size=20",
  "/api/search?q=padding%3A%2Fx.*%2F&size=5",
  "/api/count?q=kind%3Aok+AND+n%3A%3E50",
  "/api/fields?q=kind%3Aok",
  "/api/indices",
];

export class CrashBeside {
  /** Replayed, by the answer. */
  readonly indexed = new Set<number>();
  /** Posted; the answer may have been lost in a kill. */
  readonly posted = new Set<number>();
  readonly met = { replays: 0, replaysBegun: 0, exports: 0, exportsBegun: 0, searches: 0 };
  private readonly seen = new Set<string>();
  private readonly mended: Mended[] = [];

  constructor(
    private readonly data: string,
    private readonly random: Random,
  ) {}

  /** Five readers, an export and a replay at a time, until the process is gone. An answer that is no success fails. */
  async goOn({ dashboard }: { dashboard: string }): Promise<void> {
    const readers = Array.from({ length: 5 }, () =>
      untilGone(async () => {
        await ask(`${dashboard}${this.random.pick(questions)}`);
        this.met.searches++;
        await pause(this.random.number(10));
      }),
    );
    const exporting = untilGone(async () => {
      this.met.exportsBegun++;
      const text = await ask(`${dashboard}/api/export?format=ndjson`);
      const numbers = numbersIn(text.split("\n"));
      assert.equal(new Set(numbers).size, numbers.length, "no document is twice in an export");
      this.met.exports++;
    });
    const replaying = untilGone(async () => {
      if (await this.replaySome(dashboard)) return;
      await pause(20);
      // Nothing to post: the end of the process shows here.
      await ask(`${dashboard}/api/status`);
    });
    await Promise.all([...readers, exporting, replaying]);
  }

  /** Hands in every mended document, whatever was answered before; twice, so that the second time all are there. */
  async replayAll({ dashboard }: { dashboard: string }): Promise<void> {
    this.readFailed();
    for (const expected of [["indexed", "already there"], ["already there"]]) {
      for (let at = 0; at < this.mended.length; at += 500) {
        const outcomes = await this.post(dashboard, this.mended.slice(at, at + 500));
        for (const outcome of outcomes) assert.ok(expected.includes(outcome), outcome);
      }
    }
  }

  /** New ones and, now and then, some that are there already. */
  private async replaySome(dashboard: string): Promise<boolean> {
    this.readFailed();
    const again = this.random.chance(0.2);
    const some = this.mended.filter(({ n }) => again || !this.indexed.has(n)).slice(-40);
    if (some.length === 0) return false;
    this.met.replaysBegun++;
    await this.post(dashboard, some);
    this.met.replays++;
    return true;
  }

  private async post(dashboard: string, some: readonly Mended[]): Promise<string[]> {
    const before = new Set(this.posted);
    for (const { n } of some) this.posted.add(n);
    const body = JSON.stringify({ documents: some.map(({ document }) => document) });
    const headers = { "content-type": "application/json" };
    const text = await ask(`${dashboard}/api/replay`, { method: "POST", headers, body });
    const { outcomes } = JSON.parse(text) as { outcomes: unknown[] };
    for (const [i, outcome] of outcomes.entries()) {
      const { n } = some[i]!;
      assert.ok(outcome === "indexed" || outcome === "already there", `${n}: ${JSON.stringify(outcome)}`);
      if (outcome === "already there") assert.ok(before.has(n), `${n} was never handed in`);
      this.indexed.add(n);
    }
    return outcomes as string[];
  }

  /** Objects of failed documents that have come since, each document as a person would mend it. */
  private readFailed(): void {
    for (const file of failedDeliveryFiles(this.data)) {
      if (this.seen.has(file)) continue;
      this.seen.add(file);
      for (const line of readFileSync(file, "utf8").trim().split("\n")) {
        const { rawData, esDocumentId, esIndexName, arrivalTimestamp } = JSON.parse(line) as FailedLine;
        const cut = Buffer.from(rawData, "base64").toString();
        const [n] = numbersIn([cut]);
        if (n === undefined || !isMended(n)) continue;
        const document = { id: esDocumentId, index: esIndexName, arrivalMs: arrivalTimestamp };
        this.mended.push({ n, document: { ...document, source: `${cut}"}` } });
      }
    }
  }
}

async function ask(url: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  assert.equal(answer.status, 200, `${url}: ${text}`);
  return text;
}

/** `fetch` tells of a process that is gone by a TypeError. */
async function untilGone(work: () => Promise<void>): Promise<void> {
  while (true) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return;
    }
  }
}

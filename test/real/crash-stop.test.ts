import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { CrashLoad, processorByContent } from "./crash-load";
import { withStreams } from "./crash-plan";
import { CrashRun } from "./crash-process";
import { proveExactlyOnce } from "./crash-proof";
import { randomFrom } from "./opensearch/random";

const root = resolve(__dirname, "../..");

describe("the local run, stopped under load", () => {
  let evaluated: Plan;
  let folder: string;
  let data: string;
  let run: CrashRun;
  let load: CrashLoad;

  before(async () => {
    evaluated = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stop-"));
    data = join(folder, "data");
    load = new CrashLoad(randomFrom(17));
  });
  afterEach(async () => {
    run.kill();
    await run.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  /** With buffers that would hold everything for 15 minutes. */
  const planWith = (code: string, bufferSizeMiB: number): Plan => {
    const hints = { bufferIntervalSeconds: 900, bufferSizeMiB };
    return withStreams(evaluated, (stream) => ({
      processor: { ...stream.processor!, code, handler: "handler", ...hints },
      destination: { ...stream.destination, ...hints },
      backup: { ...stream.backup, ...hints },
    }));
  };

  /** SIGTERM while three senders are at work; what it printed. */
  async function stopUnderLoad(records: number): Promise<string> {
    const loading = load.sendTo(await run.ready, 3);
    while (load.acknowledged.size < records) await new Promise((wake) => setTimeout(wake, 10));
    run.terminate();
    const { code, text } = await run.ended;
    await loading;
    assert.equal(code, 0, text);
    return text;
  }

  /** Records that are accepted, and those of them that are settled, as the files have it. */
  function onDisk(): { accepted: number; settled: number } {
    const queue = new DatabaseSync(join(data, "queue.sqlite"));
    const index = new DatabaseSync(join(data, "index.sqlite"));
    const next = queue.prepare("SELECT value FROM state WHERE name = 'nextSeq'").get()!;
    const ledger = index.prepare("SELECT indexed + dropped + failed AS settled FROM ledger").get()!;
    queue.close();
    index.close();
    return { accepted: Number(next["value"]) - 1, settled: Number(ledger["settled"]) };
  }

  it("delivers all that was accepted, says nothing is left, and the next start finds nothing to do", async () => {
    run = new CrashRun(planWith(processorByContent, 1), folder, data);
    const text = await stopUnderLoad(2000);
    assert.doesNotMatch(text, /records wait/);
    const { accepted, settled } = onDisk();
    assert.ok(accepted >= load.acknowledged.size);
    assert.equal(settled, accepted);
    run = new CrashRun(planWith(processorByContent, 1), folder, data);
    await run.ready;
    assert.equal((await run.status()).waiting, 0);
    await proveExactlyOnce(run, load, data);
  });

  it("says how many records are left where it cannot deliver all in time, and the next start goes on", async () => {
    const slow = processorByContent.replace(
      "async ({ records }) => (",
      "async ({ records }) => await new Promise((wake) => setTimeout(wake, 2000)) ?? (",
    );
    assert.notEqual(slow, processorByContent);
    run = new CrashRun(planWith(slow, 0.02), folder, data);
    const text = await stopUnderLoad(6000);
    const { accepted, settled } = onDisk();
    assert.ok(settled > 0 && settled < accepted, `${settled} of ${accepted}`);
    assert.match(
      text,
      new RegExp(`^${accepted - settled} records wait in .*; the next start goes on with them\\.$`, "m"),
    );
    run = new CrashRun(planWith(processorByContent, 0.02), folder, data);
    await run.ready;
    run.terminate();
    const { code, text: second } = await run.ended;
    assert.equal(code, 0);
    assert.doesNotMatch(second, /records wait/);
    assert.deepEqual(onDisk(), { accepted, settled: accepted });
    run = new CrashRun(planWith(processorByContent, 1), folder, data);
    await proveExactlyOnce(run, load, data);
  });
});

import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { until } from "../until";
import { CrashLoad, processorByContent } from "./crash-load";
import { withStreams } from "./crash-plan";
import { CrashRun } from "./crash-process";
import { proveExactlyOnce } from "./crash-proof";
import { type SmallDisk, smallDisk, smallDiskMissing } from "./faults-disk";
import { needs } from "./needs";
import { randomFrom } from "./opensearch/random";

const root = resolve(__dirname, "../..");

describe("a full disk", () => {
  let evaluated: Plan;
  let folder: string;
  let data: string;
  let disk: SmallDisk;
  let run: CrashRun;
  let load: CrashLoad;

  before(async function () {
    needs(this, smallDiskMissing());
    evaluated = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "full-disk-"));
    data = join(folder, "data");
    mkdirSync(data);
    disk = smallDisk(join(folder, "disk"));
    load = new CrashLoad(randomFrom(11));
  });
  afterEach(async () => {
    load.stop();
    run.kill();
    await run.ended;
    disk.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const waitUntil = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
    until(holds, async () => `${what}; ${await run.trouble()} ${JSON.stringify(await run.status())}`);

  const planWith = (intervalSeconds: number, bufferSizeMiB: number): Plan => {
    const hints = { bufferIntervalSeconds: intervalSeconds, bufferSizeMiB };
    return withStreams(evaluated, (stream) => ({
      processor: { ...stream.processor!, code: processorByContent, handler: "handler", ...hints },
      destination: { ...stream.destination, ...hints },
      backup: { ...stream.backup, ...hints },
    }));
  };

  /** Under load: the disk becomes full, the run is in trouble, there is room again, the run takes records again. */
  async function fillAndFree(inTrouble: () => boolean | Promise<boolean>): Promise<void> {
    const loading = load.sendTo(await run.ready, 2);
    await waitUntil("there are some records", () => load.acknowledged.size > 500);
    disk.fill(run.pid);
    await waitUntil("the trouble shows", inTrouble);
    disk.free(run.pid);
    const before = load.acknowledged.size;
    await waitUntil("records are taken again", () => load.acknowledged.size > before + 500);
    load.stop();
    await loading;
  }

  /** The same where records are taken all the time, and the status says what is wrong. */
  async function saying(trouble: RegExp): Promise<void> {
    const expected = disk.alone ? trouble : /trying again/;
    await fillAndFree(async () => expected.test(await run.trouble()));
    if (disk.alone) assert.equal(load.refused.size, 0);
  }

  it("holds records back with ServiceUnavailableException where all data is on it, and loses none", async () => {
    data = join(disk.folder, "data");
    run = new CrashRun(planWith(0.05, 0.1), folder, data);
    await fillAndFree(() => load.refused.size > 300);
    console.log(`      ${await proveExactlyOnce(run, load, data)}`);
  });

  it("holds records back where the queue is on it", async () => {
    symlinkSync(join(disk.folder, "queue.sqlite"), join(data, "queue.sqlite"));
    // Nothing leaves the queue, so that it grows.
    run = new CrashRun(planWith(900, 100), folder, data);
    await fillAndFree(() => load.refused.size > 300);
    run.terminate();
    assert.equal((await run.ended).code, 0);
    run = new CrashRun(planWith(0, 1), folder, data);
    console.log(`      ${await proveExactlyOnce(run, load, data)}`);
  });

  it("keeps records in the queue where the index is on it, and says so", async () => {
    symlinkSync(join(disk.folder, "index.sqlite"), join(data, "index.sqlite"));
    run = new CrashRun(planWith(0.05, 0.1), folder, data);
    await saying(/^(deliver|failed records): .*full.*trying again/);
    console.log(`      ${await proveExactlyOnce(run, load, data)}`);
  });

  it("keeps records in the queue where the bucket folder is on it, and says so", async () => {
    symlinkSync(join(disk.folder, "s3"), join(data, "s3"));
    mkdirSync(join(disk.folder, "s3"));
    run = new CrashRun(planWith(0.05, 0.1), folder, data);
    await saying(/^(backup|failed records): .*ENOSPC.*trying again/);
    console.log(`      ${await proveExactlyOnce(run, load, data)}`);
  });
});

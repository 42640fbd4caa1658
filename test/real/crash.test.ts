import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { CrashBeside, isMended } from "./crash-beside";
import { type FastClock, fastClock, fastTime, hourOf } from "./crash-clock";
import { CrashLoad } from "./crash-load";
import { planFor, withStreams } from "./crash-plan";
import { CrashRun, countUnfinished } from "./crash-process";
import { proveExactlyOnce } from "./crash-proof";
import { type Random, randomFrom } from "./opensearch/random";

const kills = Number(process.env["CRASH_KILLS"] ?? 25);
const mostMs = Number(process.env["CRASH_SECONDS"] ?? 140) * 1000;
const seed = Number(process.env["CRASH_SEED"] ?? 1);
const root = resolve(__dirname, "../..");

/** An hour takes 1.8 seconds: each run begins an index or two, and drops what is older than six hours. */
const clockFactor = 2000;
const retentionMs = 6 * 3_600_000;

/** Waits before the kill: within the start, or under load and all that goes on beside it. */
async function untilKill(
  run: CrashRun,
  { load, beside, random }: { load: CrashLoad; beside: CrashBeside; random: Random },
  startMs: number,
): Promise<boolean> {
  if (random.chance(0.2)) {
    await new Promise((wake) => setTimeout(wake, random.number(Math.ceil(startMs))));
    return false;
  }
  const ready = await run.ready;
  const busy = Promise.all([load.sendTo(ready, random.pick([1, 1, 3])), beside.goOn(ready)]);
  // What fails beside the load is told when the process has gone.
  busy.catch(() => {});
  await new Promise((wake) => setTimeout(wake, random.number(random.pick([1500, 1500, 4000]))));
  run.kill();
  await busy;
  return true;
}

describe("the local run, killed again and again", function () {
  this.timeout(600_000 + mostMs);
  const folder = mkdtempSync(join(tmpdir(), "crash-"));
  const data = join(folder, "data");
  let run: CrashRun | undefined;
  after(async () => {
    run?.kill();
    await run?.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (plan: Plan, random: Random, clock: FastClock, indexRetentionDays?: number): CrashRun =>
    new CrashRun(
      withStreams(planFor(plan, random), () => ({ indexRetentionDays })),
      folder,
      data,
      clock,
    );

  it(`has after up to ${kills} kills each acknowledged record exactly once, and nothing twice [B26]`, async () => {
    const random = randomFrom(seed);
    const load = new CrashLoad(random);
    const beside = new CrashBeside(data, random);
    const plan = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
    const clock = fastClock(clockFactor, mostMs + 300_000);
    let startMs = 1500;
    const met = { starting: 0, underLoad: 0, writingObject: 0, droppedIndices: 0 };
    const endMs = performance.now() + mostMs;
    for (let i = 0; i < kills && performance.now() < endMs; i++) {
      run = start(plan, random, clock, retentionMs / 86_400_000);
      const loaded = await untilKill(run, { load, beside, random }, startMs);
      run.kill();
      const { text, readyAfterMs } = await run.ended;
      assert.doesNotMatch(text, /damaged|Error/, `start ${i + 1}: ${text}`);
      startMs = readyAfterMs ?? startMs;
      if (loaded) met.underLoad++;
      else met.starting++;
      if (countUnfinished(data) > 0) met.writingObject++;
      for (const [, names] of text.matchAll(/^retention: dropped (.*)$/gm))
        met.droppedIndices += names!.split(", ").length;
    }
    const tooOldMs = fastTime(clock, Date.now()) - retentionMs;
    run = start(plan, random, clock);
    await run.settled();
    await beside.replayAll(await run.ready);
    const done = met.starting + met.underLoad;
    assert.ok(done >= Math.min(kills, 10), `${done} kills are too few to tell`);
    assert.ok(met.droppedIndices > 0, "indices were dropped");
    const counts = await proveExactlyOnce(run, load, data, {
      isMended,
      // One that was mended has come in anew.
      mayBeDropped: (n) => !isMended(n) && hourOf(fastTime(clock, load.sentMs[n]!)) < tooOldMs,
    });
    const { replays, replaysBegun, exports, exportsBegun, searches } = beside.met;
    console.log(
      `      ${done} kills (${met.starting} while starting, ${met.underLoad} under load, ` +
        `${met.writingObject} while an object was written; ${met.droppedIndices} indices dropped, ` +
        `${replays} of ${replaysBegun} replays and ${exports} of ${exportsBegun} exports answered, ${searches} searches): ${counts}`,
    );
  });
});

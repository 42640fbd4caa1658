/**
 * Kills the local run at random moments under load and starts it again on the same folder. `CRASH_KILLS` sets how
 * often (50), `CRASH_SECONDS` after how long it is enough on a slow machine (140), `CRASH_SEED` the choices (1).
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { CrashLoad, processorByContent } from "./crash-load";
import { CrashRun, countUnfinished } from "./crash-process";
import { proveExactlyOnce } from "./crash-proof";
import { type Random, randomFrom } from "./opensearch/random";

const kills = Number(process.env["CRASH_KILLS"] ?? 50);
const mostMs = Number(process.env["CRASH_SECONDS"] ?? 140) * 1000;
const seed = Number(process.env["CRASH_SEED"] ?? 1);
const root = resolve(__dirname, "../..");

/** The program's plan; the buffers differ from start to start, so that a kill meets each room at work. */
function planFor(plan: Plan, random: Random): Plan {
  const { stream } = plan;
  const hints = () => ({
    bufferIntervalSeconds: random.pick([0, 0, 0.05, 0.2, 1]),
    bufferSizeMiB: random.pick([0.02, 0.1, 1]),
  });
  return {
    ...plan,
    stream: {
      ...stream,
      processor: { ...stream.processor!, code: processorByContent, handler: "handler", ...hints() },
      destination: { ...stream.destination, ...hints() },
      backup: { ...stream.backup, ...hints(), compression: random.pick(["UNCOMPRESSED", "GZIP"]) },
    },
  };
}

/** Waits before the kill: within the start, or under load. */
async function untilKill(run: CrashRun, load: CrashLoad, random: Random, startMs: number): Promise<boolean> {
  if (random.chance(0.2)) {
    await new Promise((wake) => setTimeout(wake, random.number(Math.ceil(startMs))));
    return false;
  }
  const ready = await run.ready;
  const loading = load.sendTo(ready, random.pick([1, 1, 3]));
  await new Promise((wake) => setTimeout(wake, random.number(900)));
  run.kill();
  await loading;
  return true;
}

describe("the local run, killed again and again", function () {
  this.timeout(300_000 + mostMs);
  const folder = mkdtempSync(join(tmpdir(), "crash-"));
  const data = join(folder, "data");
  let run: CrashRun | undefined;
  after(() => {
    run?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has after up to ${kills} kills each acknowledged record exactly once, and nothing twice [B26]`, async () => {
    const random = randomFrom(seed);
    const load = new CrashLoad(random);
    const plan = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
    let startMs = 1500;
    const met = { starting: 0, underLoad: 0, writingObject: 0 };
    const endMs = performance.now() + mostMs;
    for (let i = 0; i < kills && performance.now() < endMs; i++) {
      run = new CrashRun(planFor(plan, random), folder, data);
      const loaded = await untilKill(run, load, random, startMs);
      run.kill();
      const { text, readyAfterMs } = await run.ended;
      assert.doesNotMatch(text, /damaged|Error/, `start ${i + 1}`);
      startMs = readyAfterMs ?? startMs;
      if (loaded) met.underLoad++;
      else met.starting++;
      if (countUnfinished(data) > 0) met.writingObject++;
    }
    run = new CrashRun(planFor(plan, random), folder, data);
    const done = met.starting + met.underLoad;
    assert.ok(done >= Math.min(kills, 10), `${done} kills are too few to tell`);
    const counts = await proveExactlyOnce(run, load, data);
    console.log(
      `      ${done} kills (${met.starting} while starting, ${met.underLoad} under load, ` +
        `${met.writingObject} while an object was written): ${counts}`,
    );
  });
});

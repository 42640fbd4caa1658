/**
 * Kills the local run at random moments under load and starts it again on the same folder. `CRASH_KILLS` sets how
 * often (50), `CRASH_SEED` the choices (1).
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { evaluateApart } from "../../local/plan/evaluate-apart";
import type { Plan } from "../../local/plan/plan";
import { CrashLoad, kindOf, kinds, numbersIn } from "./crash-load";
import { CrashRun, countUnfinished, readObjects } from "./crash-process";
import { type Random, randomFrom } from "./opensearch/random";

const kills = Number(process.env["CRASH_KILLS"] ?? 50);
const seed = Number(process.env["CRASH_SEED"] ?? 1);
const root = resolve(__dirname, "../..");

/** What it does is told by the record's text, so that every fate of a record happens. */
const processorByContent = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, "base64").toString();
  if (text.includes('"kind":"drop"')) return { recordId, result: "Dropped" };
  if (text.includes('"kind":"fail"')) return { recordId, result: "ProcessingFailed" };
  if (text.includes('"kind":"malformed"')) data = Buffer.from(text.slice(0, -2)).toString("base64");
  return { recordId, result: "Ok", data };
}) })`;

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
  this.timeout(60_000 + kills * 10_000);
  const folder = mkdtempSync(join(tmpdir(), "crash-"));
  const data = join(folder, "data");
  let run: CrashRun | undefined;
  after(() => {
    run?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has after ${kills} kills each acknowledged record exactly once, and nothing twice [B26]`, async () => {
    const random = randomFrom(seed);
    const load = new CrashLoad(random);
    const plan = await evaluateApart({ folder: root, stack: "dev", set: ["processor=identity"] });
    let startMs = 1500;
    const met = { starting: 0, underLoad: 0, writingObject: 0 };
    for (let i = 0; i < kills; i++) {
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
    const ready = await run.ready;
    const status = await run.settled();
    const exported = await (await fetch(`${ready.dashboard}/api/export?format=ndjson`)).text();
    const { count } = (await (await fetch(`${ready.dashboard}/api/count`)).json()) as { count: number };
    run.terminate();
    assert.equal((await run.ended).code, 0);
    const { failed, sources } = readObjects(data);
    console.log(
      `      ${kills} kills (${met.starting} while starting, ${met.underLoad} under load, ${met.writingObject} while an object was written): ` +
        `${load.acknowledged.size} acknowledged, ${load.sent - load.acknowledged.size} not, ${status.accepted} accepted, ` +
        `${status.indexed} indexed, ${status.dropped} dropped, ${status.failed} failed`,
    );

    // The backup tells what was accepted: every acknowledged record, and of the others at most what was sent.
    const accepted = numbersIn(sources);
    assertOnce(accepted, "in the backup");
    const isAccepted = new Set(accepted);
    for (const n of load.acknowledged.keys()) assert.ok(isAccepted.has(n), `${n} was acknowledged`);
    for (const n of isAccepted) assert.ok(n >= 1 && n <= load.sent, `${n} was sent`);
    assert.equal(new Set(load.acknowledged.values()).size, load.acknowledged.size, "record ids differ");

    // Each accepted record had exactly the fate that its content asks for.
    const expected = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]]));
    for (const n of [...isAccepted].sort((a, b) => a - b)) expected[kindOf(n)]!.push(n);
    for (const kind of kinds) assert.ok(expected[kind]!.length > 0, `some ${kind}`);
    const indexed = numbersIn(exported.trim().split("\n"));
    assertOnce(indexed, "in the index");
    const byNumber = (a: number, b: number) => a - b;
    assert.deepEqual(indexed.sort(byNumber), expected["ok"]);
    assert.deepEqual(numbersIn(failed.transform).sort(byNumber), expected["fail"]);
    assert.deepEqual(numbersIn(failed.delivery).sort(byNumber), expected["malformed"]);
    assert.deepEqual(
      { ...status, count },
      {
        accepted: accepted.length,
        indexed: indexed.length,
        dropped: expected["drop"]!.length,
        failed: expected["fail"]!.length + expected["malformed"]!.length,
        waiting: 0,
        backedUp: accepted.length,
        count: indexed.length,
      },
    );
    assert.equal(countUnfinished(data), 0, "no unfinished file is left");
  });
});

function assertOnce(numbers: readonly number[], where: string): void {
  const seen = new Set<number>();
  for (const n of numbers) {
    assert.ok(!seen.has(n), `record ${n} is twice ${where}`);
    seen.add(n);
  }
}

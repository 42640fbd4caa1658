/** Five streams in one run that is killed: each must have what was acknowledged for it, once, and nothing of another's. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Plan, StreamPlan } from "../../local/plan/plan";
import { aBucketStream, aPlan, aProcessor, aStreamNamed } from "../local/fakes";
import { CrashLoad, kindOf, numbersIn, processorByContent } from "./crash-load";
import { CrashRun, countUnfinished, readObjects } from "./crash-process";
import { type Random, randomFrom } from "./opensearch/random";

const kills = Number(process.env["CRASH_KILLS"] ?? 25);
const mostMs = Number(process.env["CRASH_SECONDS"] ?? 140) * 1000;

/** Three into indices, two into buckets, one of these as its records come and without a backup. */
function planOf(random: Random): Plan {
  const hints = () => ({
    bufferIntervalSeconds: random.pick([0, 0, 0.05, 0.2]),
    bufferSizeMiB: random.pick([0.02, 0.1, 1]),
  });
  const backup = (name: string) => ({ ...aStreamNamed(name).backup, ...hints(), bucketName: `kept-${name}` });
  const processor = () => aProcessor(processorByContent, hints());
  const search = (name: string): StreamPlan => {
    const stream = aStreamNamed(name, { processor: processor(), backup: backup(name) });
    return { ...stream, destination: { ...stream.destination, ...hints() } };
  };
  const bucket = (name: string, more: Parameters<typeof aBucketStream>[0]): StreamPlan =>
    aBucketStream({
      ...more,
      deliveryStreamName: name,
      destination: {
        ...hints(),
        bucketName: `to-${name}`,
        errorOutputPrefix: "failed/",
        compression: random.pick(["GZIP", "UNCOMPRESSED"]),
      },
    });
  return aPlan(
    search("web"),
    search("orders"),
    search("web-errors"),
    bucket("clicks", { processor: processor(), backup: backup("clicks") }),
    bucket("plain", {}),
  );
}

const byNumber = (a: number, b: number): number => a - b;

const ask = async (url: string): Promise<string> => (await fetch(url)).text();

/** Compares what one stream holds with what was sent into it. */
async function proveStream(
  run: CrashRun,
  stream: StreamPlan,
  load: CrashLoad,
  data: string,
): Promise<string> {
  const { deliveryStreamName: name, backup, destination } = stream;
  const { dashboard } = await run.ready;
  const { accepted, indexed, dropped, failed, lost, waiting } = JSON.parse(
    await ask(`${dashboard}/api/status?stream=${name}`),
  );
  const made = readObjects(data, destination.kind === "s3" ? destination.bucketName : backup!.bucketName);
  const documents =
    destination.kind === "s3"
      ? made.sources
      : (await ask(`${dashboard}/api/export?stream=${name}`)).split("\n");
  const delivered = numbersIn(documents).sort(byNumber);
  const taken = (backup ? numbersIn(readObjects(data, backup.bucketName).sources) : [...delivered]).sort(
    byNumber,
  );

  assert.equal(new Set(taken).size, taken.length, `${name}: nothing is twice`);
  const isTaken = new Set(taken);
  for (const n of load.acknowledged.keys()) assert.ok(isTaken.has(n), `${name}: ${n} was acknowledged`);
  for (const n of taken) assert.ok(n <= load.sent, `${name}: ${n} was sent`);
  const of = (...wanted: string[]): number[] =>
    taken.filter((n) => wanted.includes(stream.processor ? kindOf(n) : "ok"));
  const refused = destination.kind === "search" ? of("malformed") : [];
  const isRefused = new Set(refused);
  assert.deepEqual(
    delivered,
    (stream.processor ? of("ok", "malformed") : taken).filter((n) => !isRefused.has(n)),
    `${name}: delivered`,
  );
  assert.deepEqual(numbersIn(made.failed.transform).sort(byNumber), of("fail"), `${name}: failed`);
  assert.deepEqual(numbersIn(made.failed.delivery).sort(byNumber), refused, `${name}: refused`);
  assert.deepEqual(
    { accepted, indexed, dropped, failed, lost, waiting },
    {
      accepted: taken.length,
      indexed: delivered.length,
      dropped: of("drop").length,
      failed: of("fail").length + refused.length,
      lost: 0,
      waiting: 0,
    },
    name,
  );
  return `${name} ${load.acknowledged.size}/${taken.length}`;
}

describe("the local run of five streams, killed again and again", function () {
  this.timeout(600_000 + mostMs);
  const folder = mkdtempSync(join(tmpdir(), "crash-streams-"));
  const data = join(folder, "data");
  let run: CrashRun | undefined;
  after(async () => {
    run?.kill();
    await run?.ended;
    rmSync(folder, { recursive: true, force: true });
  });

  it(`has after up to ${kills} kills each acknowledged record of each stream exactly once, and none of another's`, async () => {
    const random = randomFrom(Number(process.env["CRASH_SEED"] ?? 5));
    const names = planOf(random).streams.map(({ deliveryStreamName }) => deliveryStreamName);
    const loads = new Map(names.map((name) => [name, new CrashLoad(random)]));
    const endMs = performance.now() + mostMs;
    let done = 0;
    let writing = 0;
    let startMs = 1500;
    for (; done < kills && performance.now() < endMs; done++) {
      run = new CrashRun(planOf(random), folder, data);
      if (random.chance(0.2)) {
        await new Promise((wake) => setTimeout(wake, random.number(Math.ceil(startMs))));
        run.kill();
      } else {
        const { firehose } = await run.ready;
        const busy = Promise.all(
          [...loads].map(([streamName, load]) => load.sendTo({ firehose, streamName }, 1)),
        );
        await new Promise((wake) => setTimeout(wake, random.number(1500)));
        run.kill();
        await busy;
      }
      const { text, readyAfterMs } = await run.ended;
      assert.doesNotMatch(text, /damaged|Error/, `start ${done + 1}: ${text}`);
      startMs = readyAfterMs ?? startMs;
      if (countUnfinished(data) > 0) writing++;
    }
    const last = planOf(random);
    run = new CrashRun(last, folder, data);
    await settledAll(run, names);
    const told: string[] = [];
    for (const stream of last.streams)
      told.push(await proveStream(run, stream, loads.get(stream.deliveryStreamName)!, data));
    assert.equal(countUnfinished(data), 0, "no unfinished file is left");
    run.terminate();
    assert.equal((await run.ended).code, 0);
    assert.ok(done >= Math.min(kills, 8), `${done} kills are too few to tell`);
    process.stdout.write(
      `      ${done} kills, ${writing} while an object was written; acknowledged/accepted: ${told.join(", ")}\n`,
    );
  });

  /** Waits until no stream has anything to do. */
  async function settledAll(run: CrashRun, names: readonly string[]): Promise<void> {
    const { dashboard } = await run.ready;
    for (let i = 0; i < 600; i++) {
      const all = await Promise.all(
        names.map(async (name) => JSON.parse(await ask(`${dashboard}/api/status?stream=${name}`))),
      );
      const isDone = all.every(
        ({ waiting, backedUp, accepted }, at) =>
          waiting === 0 && (names[at] === "plain" || backedUp === accepted),
      );
      if (isDone) return;
      await new Promise((wake) => setTimeout(wake, 100));
    }
    assert.fail("waited a minute in vain");
  }
});

/** Objects that are laid into a folder, with the text that would be uploaded and the real SDK in its thread. */
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { type Clock, systemClock } from "../../../local/clock";
import { openObjectEvents } from "../../../local/object-events";
import type { ObjectsRoom } from "../../../local/objects/objects-room";
import type { FunctionPlan, ObjectFunctionPlan } from "../../../local/plan/plan";
import { logObjectsFactory } from "../../../log-objects/handler";
import { type Sink, startSink } from "../../publisher/sink";
import { temporaryFolder } from "../fakes";

const queueOf = (name: string) => ({
  arn: `arn:aws:sqs:eu-west-1:000000000000:${name}`,
  url: `https://sqs.eu-west-1.amazonaws.com/000000000000/${name}`,
});

/** Waits are short, and each takes the clock as far as it was meant to. */
function hurriedClock(): Clock {
  let aheadMs = 0;
  return {
    nowMs: () => systemClock.nowMs() + aheadMs,
    steadyMs: () => systemClock.steadyMs() + aheadMs,
    wait: (ms, signal) => {
      aheadMs += ms;
      return systemClock.wait(Math.min(ms, 5), signal);
    },
  };
}

describe("ObjectsRoom", () => {
  let text: string;
  let folder: string;
  let sink: Sink;
  let room: ObjectsRoom | undefined;
  let said: string[];

  before(async () => {
    ({ text } = await pulumi.runtime.serializeFunction(logObjectsFactory, { isFactoryFunction: true }));
  });
  beforeEach(async function () {
    folder = temporaryFolder(this);
    said = [];
    sink = await startSink();
  });
  afterEach(async () => {
    await room?.close();
    room = undefined;
    await sink.close();
  });

  function planWith(code = text): ObjectFunctionPlan {
    const fn: FunctionPlan = {
      name: "log-objects",
      arn: "arn:aws:lambda:eu-west-1:000000000000:function:log-objects:1",
      code,
      handler: "handler",
      environment: {
        DELIVERY_STREAM_NAME: "web",
        NOTES_BUCKET: "notes",
        QUEUE_URL: queueOf("events").url,
        FAILED_QUEUE_URL: queueOf("failed").url,
        BYTES_PER_SECOND: "1000000000",
      },
      timeoutSeconds: 300,
      memoryMiB: 512,
      logFormat: "JSON",
    };
    return {
      function: fn,
      sources: [{ bucketName: "logs", prefix: "alb/" }],
      queue: queueOf("events"),
      failedQueue: queueOf("failed"),
      maxReceiveCount: 2,
      batchSize: 1,
      // A thread each, with an SDK of its own.
      concurrency: 1,
    };
  }

  async function start(plan = planWith()): Promise<void> {
    room = openObjectEvents({
      plan: { objectFunctions: [plan], region: "eu-west-1" },
      dataFolder: folder,
      clock: hurriedClock(),
      firehoseUrl: () => sink.url,
      log: (line) => void said.push(line),
    });
    await room!.start();
  }
  const lay = (key: string, body: string | Buffer): string => {
    const file = join(folder, "s3/logs", key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    return file;
  };
  const lines = (name: string, count: number): string =>
    Array.from({ length: count }, (_, n) => `${name} ${n}\n`).join("");
  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((turn) => setTimeout(turn, 5));
  }
  const isIdle = (events: number) => () => {
    const { waiting, done, failed } = room!.status();
    return waiting === 0 && done + failed >= events;
  };
  const failures = (): { object: string; reason: string }[] =>
    readFileSync(join(folder, "failed-objects.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("tells each object once more where its list is damaged, sends none twice, and says so", async () => {
    lay("alb/a.log", lines("a", 3));
    await start();
    await until(isIdle(1));
    await room!.close();
    for (const damaged of ["no database", Buffer.alloc(20_000, 0xa5)]) {
      writeFileSync(join(folder, "objects.sqlite"), damaged);
      await start();
      await until(isIdle(1));
      assert.deepEqual([room!.status().failed, sink.accepted()], [0, 3]);
      await room!.close();
    }
    assert.equal(said.filter((line) => /objects.sqlite, is damaged .*once more/.test(line)).length, 2);
    assert.equal(readdirSync(folder).filter((name) => name.startsWith("objects.sqlite.damaged-")).length, 2);
  });

  it("sends the lines of what is laid into the folder, before the start and after it, each once", async () => {
    lay("alb/early.log", lines("early", 700));
    await start();
    lay("alb/2026/late.log.gz", gzipSync(lines("late", 600)));
    lay("other/x.log", lines("other", 1));
    await until(isIdle(2));

    assert.deepEqual([sink.accepted(), sink.seen.size], [1300, 1300]);
    assert.deepEqual(room!.status(), { waiting: 0, done: 2, failed: 0 });
    assert.equal(readdirSync(join(folder, "s3/notes/notes")).length, 2);
    assert.match(readFileSync(join(folder, "logs/log-objects.log"), "utf8"), /records\\":600/);
  });

  it("makes the folders of the prefixes, so that there is something to lay objects into", async () => {
    await start();

    assert.ok(existsSync(join(folder, "s3/logs/alb")));
  });

  it("knows after a stop what it has sent, and takes what is written anew for another version", async () => {
    const file = lay("alb/a.log", lines("a", 3));
    await start();
    await until(isIdle(1));
    await room!.close();
    await start();
    lay("alb/b.log", lines("b", 2));
    await until(isIdle(2));
    assert.equal(sink.accepted(), 5);

    utimesSync(file, new Date(), new Date());
    await until(isIdle(3));
    assert.equal(sink.accepted(), 8);
  });

  it("writes down what can never be read, with the reason, and says it", async () => {
    await start();
    lay("alb/x.parquet", "PAR1....PAR1");
    lay("alb/cut.gz", gzipSync(lines("cut", 500)).subarray(0, 300));
    await until(() => room!.status().failed === 2 && room!.status().waiting === 0);

    assert.deepEqual(
      failures()
        .map(({ object, reason }) => [object, /is Parquet|unexpected end of file/.exec(reason)?.[0]])
        .sort(),
      [
        ["logs/alb/cut.gz", "unexpected end of file"],
        ["logs/alb/x.parquet", "is Parquet"],
      ],
    );
    assert.equal(said.filter((line) => /^object logs\/alb\//.test(line)).length, 2);
  });

  it("calls again where the function throws, and gives up after as many times as the queue says", async () => {
    const throwing = 'exports.handler = async () => { throw new Error("no") }';
    const plan = planWith(throwing);
    await start(plan);
    lay("alb/a.log", "a\n");
    await until(() => room!.status().failed === 1);

    assert.deepEqual(
      failures().map(({ object, reason }) => [object, reason]),
      [["logs/alb/a.log", "Error: no"]],
    );
    assert.equal(room!.status().waiting, 0);
  });
});

import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import type { Queue } from "../../../local/buffer/queue";
import type { EmbeddedIndex } from "../../../local/rooms";
import { openEmbeddedIndex } from "../../../local/search/embedded-index";
import { until } from "../../until";
import { aPipeline, aProcessor, aStream, ManualClock, type PipelineOfTest, temporaryFolder } from "../fakes";

const hourMs = 3_600_000;

/** A wall clock that somebody sets, above a steady one. */
class JumpingClock extends ManualClock {
  private aheadMs = 0;

  override nowMs(): number {
    return super.nowMs() + this.aheadMs;
  }

  jump(ms: number): void {
    this.aheadMs += ms;
  }
}

const failing = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => ({
  recordId, data, result: Buffer.from(data, "base64").toString().includes("fail") ? "ProcessingFailed" : "Ok" })) })`;

describe("the pipeline while somebody sets the clock", () => {
  let folder: string;
  let clock: JumpingClock;
  let queue: Queue;
  let index: EmbeddedIndex;
  let pipeline: PipelineOfTest;

  beforeEach(async function () {
    folder = temporaryFolder(this);
    clock = new JumpingClock();
    await start();
  });
  afterEach(stop);

  async function start(): Promise<void> {
    mkdirSync(folder, { recursive: true });
    index = await openEmbeddedIndex({ file: join(folder, "index.sqlite"), panels: [] });
    const unheld = aStream({ processor: aProcessor(failing, { bufferIntervalSeconds: 60 }) });
    const held = { bufferIntervalSeconds: 60 };
    const stream = {
      ...unheld,
      destination: { ...unheld.destination, ...held },
      backup: { ...unheld.backup, ...held },
    };
    ({ pipeline, queue } = aPipeline(folder, { stream, index, clock }));
    await pipeline.start();
  }

  async function stop(): Promise<void> {
    await pipeline.close();
    await index.close();
    queue.close();
  }

  async function put(n: number, more = ""): Promise<void> {
    const client = new FirehoseClient({
      endpoint: pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const Data = new TextEncoder().encode(`{"n":${n},"more":"${more}"}`);
    await client.send(new PutRecordCommand({ DeliveryStreamName: "web", Record: { Data } }));
    client.destroy();
  }

  const held = () => {
    const { transformBuffer, deliveryBuffer, backupBuffer } = pipeline.status().rooms;
    return [transformBuffer.records, deliveryBuffer.records, backupBuffer.records];
  };

  /** FIRST the transform's interval passes, THEN the destination's. */
  async function passIntervals(records: number): Promise<void> {
    await clock.advance(60_000);
    await until(() => held().join() === `0,${records},0`);
    await clock.advance(60_000);
    await until(() => pipeline.status().waiting === 0);
  }

  const found = async (): Promise<string[]> => {
    const { hits } = await index.search({ query: "", size: 100 });
    return hits.map(({ _index, source }) => `${_index} ${JSON.parse(source).n}`).sort();
  };

  const keys = (): string[] =>
    (readdirSync(pipeline.bucket.folder, { recursive: true }) as string[])
      .filter((name) => statSync(join(pipeline.bucket.folder, name)).isFile())
      .map((name) => name.replace(/-[0-9a-f-]{36}$/, ""))
      .sort();

  for (const [direction, ms] of [
    ["forwards", hourMs],
    ["backwards", -hourMs],
  ] as const) {
    it(`measures the age of its buffers on the steady clock when it is set an hour ${direction}`, async () => {
      await put(1);
      await clock.advance(59_000);
      clock.jump(ms);
      await clock.advance(0);
      assert.deepEqual(held(), [1, 0, 1], "the jump makes nothing due");
      await clock.advance(1000);
      await until(() => held().join() === "0,1,0");
      clock.jump(-ms);
      await clock.advance(59_000);
      assert.deepEqual(held(), [0, 1, 0]);
      await clock.advance(1000);
      await until(() => pipeline.status().waiting === 0);
      assert.deepEqual(await found(), ["web-2026-03-01-09 1"]);
    });
  }

  it("names indices and objects by the arrival of each record, and loses none over jumps and a start", async () => {
    await put(1);
    clock.jump(hourMs);
    await put(2);
    await put(3, "fail");
    await passIntervals(3);
    clock.jump(-2 * hourMs);
    await put(4);
    await put(5, "fail");
    await stop();
    await start();
    clock.jump(-hourMs);
    await put(6);
    await passIntervals(3);
    assert.deepEqual(await found(), [
      "web-2026-03-01-07 6",
      "web-2026-03-01-08 4",
      "web-2026-03-01-09 1",
      "web-2026-03-01-10 2",
    ]);
    assert.deepEqual(keys(), [
      "2026/03/01/08/web-1-2026-03-01-08-10-07",
      "2026/03/01/09/web-1-2026-03-01-09-08-07",
      "failed/processing-failed/2026/03/01/08/web-1-2026-03-01-08-10-07",
      "failed/processing-failed/2026/03/01/10/web-1-2026-03-01-10-08-07",
    ]);
    const { accepted, indexed, failed, waiting, backedUp } = pipeline.status();
    assert.deepEqual([accepted, indexed, failed, waiting, backedUp], [6, 4, 2, 0, 6]);
    const sources = (readdirSync(pipeline.bucket.folder, { recursive: true }) as string[])
      .map((name) => join(pipeline.bucket.folder, name))
      .filter((file) => statSync(file).isFile() && !file.includes("/failed/"))
      .map((file) => readFileSync(file, "utf8"));
    assert.deepEqual(
      Array.from(sources.join("").matchAll(/"n":(\d)/g), ([, n]) => Number(n)).sort(),
      [1, 2, 3, 4, 5, 6],
    );
  });
});

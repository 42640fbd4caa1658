import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Queue } from "../../../local/buffer/queue";
import type { SearchStreamPlan } from "../../../local/plan/plan";
import { until } from "../../until";
import { aPipeline, aStream, MemoryIndex, type PipelineOfTest, temporaryFolder } from "../fakes";

const texts = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, "utf8"));

describe("a bucket folder that cannot be written for a while", () => {
  let folder: string;
  let index: MemoryIndex;
  let pipeline: PipelineOfTest;
  let queue: Queue;

  beforeEach(function () {
    folder = join(temporaryFolder(this), "data");
    mkdirSync(folder);
    index = new MemoryIndex();
  });
  afterEach(async () => {
    await pipeline.close();
    queue.close();
  });

  async function start(stream: SearchStreamPlan, maxBytes = 1_000_000): Promise<void> {
    ({ pipeline, queue } = aPipeline(folder, { stream, index: index.asIndex(), maxBytes }));
    await pipeline.start();
  }

  async function put(text: string): Promise<boolean> {
    const client = new FirehoseClient({
      endpoint: pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
    const Records = [{ Data: new TextEncoder().encode(text) }];
    try {
      await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
      return true;
    } catch (error) {
      assert.equal((error as Error).name, "ServiceUnavailableException");
      return false;
    } finally {
      client.destroy();
    }
  }

  /** A file where the folder of these objects has to be. */
  const block = (prefix: string): void => writeFileSync(join(pipeline.bucket.folder, prefix), "");
  const unblock = (prefix: string): void => rmSync(join(pipeline.bucket.folder, prefix));

  it("takes records again when the backup has caught up, though no delivery comes after it", async () => {
    const stream = aStream();
    await start({ ...stream, backup: { ...stream.backup, prefix: "raw/" } }, 3);
    block("raw");
    assert.equal(await put("123"), true);
    await until(
      () => /^backup: /.test(pipeline.status().rooms.trouble ?? "") && index.documents.length === 1,
    );
    assert.equal(await put("4"), false, "the queue is full");
    unblock("raw");
    await until(() => pipeline.status().backedUp === 1);
    assert.equal(await put("4"), true);
    await pipeline.drain(5000);
    assert.equal(texts(join(pipeline.bucket.folder, "raw")).sort().join(""), "1234");
  });

  it("takes records again after a start in which nothing is left to do", async () => {
    await start(aStream(), 3);
    const { trim } = queue;
    // The last run ended between the settlement and the queue's tidying.
    queue.trim = () => {};
    assert.equal(await put("123"), true);
    await pipeline.drain(5000);
    await pipeline.close();
    queue.trim = trim;
    queue.close();
    await start(aStream(), 3);
    assert.equal(await put("4"), true);
  });

  it("writes failed records when it can be written again, though no more fail", async () => {
    await start(aStream());
    block("failed");
    assert.equal(await put("no json"), true);
    await until(() => pipeline.status().failed === 1 && pipeline.status().rooms.trouble !== undefined);
    assert.match(pipeline.status().rooms.trouble ?? "", /^failed records: .*trying again/);
    unblock("failed");
    await until(
      () =>
        existsSync(join(pipeline.bucket.folder, "failed")) && pipeline.status().rooms.trouble === undefined,
    );
    const [line] = texts(join(pipeline.bucket.folder, "failed"));
    assert.equal(Buffer.from(JSON.parse(line!).rawData, "base64").toString(), "no json");
  });

  it("has written every failed record when a stop has drained it", async () => {
    await start(aStream());
    const outbox = index.outbox.bind(index);
    let calls = 0;
    index.outbox = () => (++calls === 1 ? Promise.reject(new Error("busy")) : outbox());
    assert.equal(await put("no json"), true);
    await pipeline.drain(5000);
    await pipeline.close();
    assert.equal(texts(join(pipeline.bucket.folder, "failed")).length, 1);
  });

  it("lets the next run begin all the same, which writes everything when it can", async () => {
    const stream = aStream();
    const prefixed = { ...stream, backup: { ...stream.backup, prefix: "raw/" } };
    await start(prefixed);
    block("failed");
    block("raw");
    assert.equal(await put("no json"), true);
    await until(() => pipeline.status().failed === 1 && queue.unfinishedBackups().length === 1);
    await pipeline.close();
    queue.close();
    await start(prefixed);
    assert.equal(await put("2"), true);
    assert.match(pipeline.status().rooms.trouble ?? "", /trying again/);
    unblock("failed");
    unblock("raw");
    await until(() => pipeline.status().backedUp === 2 && pipeline.status().rooms.trouble === undefined);
    assert.deepEqual(texts(join(pipeline.bucket.folder, "raw")).sort(), ["2", "no json"]);
    assert.equal(texts(join(pipeline.bucket.folder, "failed")).length, 1);
  });
});

/** What was acknowledged and is gone is said with numbers, counts as lost, and holds nothing up. */
import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { Queue } from "../../local/buffer/queue";
import type { SearchStreamPlan } from "../../local/plan/plan";
import { until } from "../until";
import { aPipeline, aStream, MemoryIndex, type PipelineOfTest, settle, temporaryFolder } from "./fakes";

type Mode = SearchStreamPlan["backup"]["mode"];

const streamWith = (mode: Mode, bufferIntervalSeconds = 0): SearchStreamPlan => {
  const stream = aStream();
  return {
    ...stream,
    destination: { ...stream.destination, bufferIntervalSeconds },
    backup: { ...stream.backup, mode, bufferIntervalSeconds },
  };
};

describe("records that are lost", () => {
  let folder: string;
  let index: MemoryIndex;
  let run: { pipeline: PipelineOfTest; queue: Queue } | undefined;
  let log: string[];

  beforeEach(function () {
    folder = join(temporaryFolder(this), "data");
    mkdirSync(folder);
    index = new MemoryIndex();
    log = [];
  });
  afterEach(() => stop());

  async function start(stream = streamWith("AllDocuments")): Promise<PipelineOfTest> {
    run = aPipeline(folder, { stream, index: index.asIndex(), log: (text) => log.push(text) });
    await run.pipeline.start();
    return run.pipeline;
  }

  async function stop(): Promise<void> {
    await run?.pipeline.close();
    run?.queue.close();
    run = undefined;
  }

  async function put(...numbers: number[]): Promise<void> {
    const client = new FirehoseClient({
      endpoint: run!.pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
    const Records = numbers.map((n) => ({ Data: new TextEncoder().encode(`${n}\n`) }));
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
    client.destroy();
  }

  const counts = (pipeline: PipelineOfTest) => {
    const { accepted, indexed, dropped, failed, waiting, lost, backedUp } = pipeline.status();
    assert.equal(accepted, indexed + dropped + failed + waiting + lost, "the sum holds");
    return { accepted, indexed, waiting, lost, backedUp };
  };

  /** The bytes of all objects of the backup, and how many objects they are. */
  function inBucket(): { text: string; objects: number } {
    const files = (readdirSync(join(folder, "s3"), { recursive: true }) as string[])
      .map((name) => join(folder, "s3", name))
      .filter((file) => statSync(file).isFile());
    return { text: files.map((file) => readFileSync(file, "utf8")).join(""), objects: files.length };
  }

  const forget = (...firstSeqs: number[]): void => {
    const db = new DatabaseSync(join(folder, "queue.sqlite"));
    for (const seq of firstSeqs) db.prepare("DELETE FROM calls WHERE first_seq = ?").run(seq);
    db.close();
  };

  it("are passed over where they stood, first, in the middle and last, and said once", async () => {
    await start(streamWith("AllDocuments", 900));
    for (const numbers of [[1, 2], [3], [4, 5], [6], [7, 8]]) await put(...numbers);
    await stop();
    forget(1, 4, 7);
    const pipeline = await start();
    assert.match(log.join("\n"), /6 accepted records are lost, numbers 1 to 2, 4 to 5, 7 to 8:/);
    await pipeline.drain(5000);
    assert.deepEqual(counts(pipeline), { accepted: 8, indexed: 2, waiting: 0, lost: 6, backedUp: 2 });
    assert.deepEqual(inBucket().text.split("\n").sort(), ["", "3", "6"]);
    await stop();
    log = [];
    const again = await start();
    await put(9);
    await again.drain(5000);
    assert.deepEqual(log, []);
    assert.deepEqual(counts(again), { accepted: 9, indexed: 3, waiting: 0, lost: 6, backedUp: 3 });
  });

  it("are those of a log that was deleted: a mark beside the queue knows how far it had come", async () => {
    await start(streamWith("AllDocuments", 900));
    await put(1, 2);
    await stop();
    const pipeline = await start(streamWith("AllDocuments", 900));
    await put(3, 4, 5);
    assert.equal(pipeline.status().accepted, 5);
    // As a killed process leaves it, but for the log.
    const killed = join(folder, "..", "killed");
    mkdirSync(killed);
    for (const name of ["queue.sqlite", "queue.mark"]) copyFileSync(join(folder, name), join(killed, name));
    await stop();
    rmSync(folder, { recursive: true });
    renameSync(killed, folder);
    const next = await start();
    assert.match(log.join("\n"), /3 accepted records are lost, numbers 3 to 5:/);
    await put(6);
    await next.drain(5000);
    assert.deepEqual(counts(next), { accepted: 6, indexed: 3, waiting: 0, lost: 3, backedUp: 3 });
  });

  it("are those that an index had which is gone; what the queue still has is delivered again", async () => {
    const first = await start();
    await put(1, 2);
    await first.drain(5000);
    await stop();
    await start(streamWith("AllDocuments", 900));
    await put(3);
    await stop();
    index = new MemoryIndex();
    const second = await start();
    assert.match(log.join("\n"), /it knows of 0 settled records, the queue of 2\./);
    assert.match(log.join("\n"), /2 accepted records are lost, numbers 1 to 2:/);
    await second.drain(5000);
    assert.deepEqual(counts(second), { accepted: 3, indexed: 1, waiting: 0, lost: 2, backedUp: 3 });
  });

  it("are none where the data folder is removed below a run: nothing more is taken, and that is said", async () => {
    const pipeline = await start();
    await put(1);
    while (pipeline.status().waiting > 0) await settle();
    renameSync(folder, `${folder}-gone`);
    await assert.rejects(put(2), { name: "ServiceUnavailableException", message: /folder was removed/ });
    await until(() => log.length > 0);
    assert.match(log.join(), /folder was removed or replaced below this run/);
    assert.equal(pipeline.status().accepted, 1);
    await settle();
  });

  it("are none when the backup mode changes from run to run: counts and objects are of the same records", async () => {
    const first = await start(streamWith("FailedDocumentsOnly"));
    await put(1, 2);
    await first.drain(5000);
    assert.deepEqual(counts(first), { accepted: 2, indexed: 2, waiting: 0, lost: 0, backedUp: 0 });
    await stop();
    const second = await start(streamWith("AllDocuments"));
    assert.equal(second.unfinished(), 0, "nothing waits for a backup that was not wanted");
    await put(3);
    await second.drain(5000);
    assert.deepEqual(counts(second), { accepted: 3, indexed: 3, waiting: 0, lost: 0, backedUp: 1 });
    assert.deepEqual(inBucket(), { text: "3\n", objects: 1 });
    await stop();
    const third = await start(streamWith("FailedDocumentsOnly"));
    await put(4);
    await third.drain(5000);
    assert.equal(third.status().backedUp, 1);
    assert.equal(inBucket().objects, 1);
  });

  it("are none where an object of the backup was begun before the mode changed: it is finished", async () => {
    const stream = streamWith("AllDocuments", 900);
    await start(stream);
    await put(1, 2);
    run!.queue.beginBackup({ key: "raw/object", firstSeq: 1, lastSeq: 2 });
    await stop();
    const next = await start(streamWith("FailedDocumentsOnly"));
    await next.drain(5000);
    assert.deepEqual(counts(next), { accepted: 2, indexed: 2, waiting: 0, lost: 0, backedUp: 2 });
    assert.deepEqual(inBucket(), { text: "1\n2\n", objects: 1 });
  });

  it("leave no empty object behind, and an object that cannot be written yet keeps its records in the queue", async () => {
    await start(streamWith("AllDocuments", 900));
    await put(1);
    await put(2);
    run!.queue.beginBackup({ key: "raw/lost", firstSeq: 1, lastSeq: 1 });
    run!.queue.beginBackup({ key: "raw/there", firstSeq: 2, lastSeq: 2 });
    await stop();
    forget(1);
    run = aPipeline(folder, { stream: streamWith("FailedDocumentsOnly"), index: index.asIndex() });
    const { pipeline } = run;
    const { put: write } = pipeline.bucket;
    pipeline.bucket.put = () => {
      throw new Error("disk full");
    };
    await pipeline.start();
    while (pipeline.status().waiting > 0) await settle();
    pipeline.bucket.put = write;
    await until(() => pipeline.status().backedUp > 0);
    assert.deepEqual(counts(pipeline), { accepted: 2, indexed: 1, waiting: 0, lost: 1, backedUp: 1 });
    assert.deepEqual(inBucket(), { text: "2\n", objects: 1 });
  });
});

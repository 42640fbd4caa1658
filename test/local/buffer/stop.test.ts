import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect } from "node:net";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import type { Queue } from "../../../local/buffer/queue";
import { type Clock, systemClock } from "../../../local/clock";
import type { SearchStreamPlan } from "../../../local/plan/plan";
import { BulkDestination } from "../../../local/remote/bulk-destination";
import type { Destination } from "../../../local/rooms";
import { aPipeline, aProcessor, aStream, MemoryIndex, type PipelineOfTest, temporaryFolder } from "../fakes";

describe("a stop of the pipeline", () => {
  let folder: string;
  let queue: Queue;
  let pipeline: PipelineOfTest;
  let index: MemoryIndex;

  beforeEach(async function () {
    folder = temporaryFolder(this);
    index = new MemoryIndex();
    await start(aStream());
  });

  async function start(
    stream: SearchStreamPlan,
    destination?: Destination,
    clock: Clock = systemClock,
  ): Promise<void> {
    ({ pipeline, queue } = aPipeline(folder, {
      stream,
      clock,
      index: index.asIndex(),
      ...(destination === undefined ? {} : { destination }),
    }));
    await pipeline.start();
  }

  async function stop(): Promise<void> {
    await pipeline.close();
    queue.close();
  }
  afterEach(stop);

  async function put(text: string): Promise<void> {
    const client = new FirehoseClient(options());
    const Data = new TextEncoder().encode(text);
    await client.send(new PutRecordCommand({ DeliveryStreamName: "web", Record: { Data } }));
    client.destroy();
  }

  const options = () => ({
    endpoint: pipeline.firehoseUrl,
    region: "eu-west-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });

  /** The stop ends although the room is busy for an hour; its record is delivered by the next run. */
  async function stopsAndGoesOn(): Promise<void> {
    await put("1");
    await pipeline.drain(300);
    assert.equal(pipeline.status().waiting, 1);
    await stop();
    assert.equal(index.documents.length, 0);
    await start(aStream());
    await pipeline.drain(5000);
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ["1"],
    );
  }

  it("ends while clients send call after call, and all that was acknowledged is delivered", async () => {
    const client = new FirehoseClient(options());
    // Every connection has a call under way nearly all the time.
    const append = queue.append.bind(queue);
    queue.append = (records, arrivalMs) => systemClock.wait(20).then(() => append(records, arrivalMs));
    const acknowledged: number[] = [];
    let sent = 0;
    let over = false;
    const sender = async (): Promise<void> => {
      while (!over) {
        const n = ++sent;
        const Data = new TextEncoder().encode(String(n));
        try {
          await client.send(new PutRecordCommand({ DeliveryStreamName: "web", Record: { Data } }));
        } catch {
          return;
        }
        acknowledged.push(n);
      }
    };
    const sending = Promise.all([sender(), sender(), sender()]);
    while (acknowledged.length < 50) await systemClock.wait(5);
    const patience = new AbortController();
    const drained = pipeline.drain(120_000).then(() => "drained");
    const stillOpen = systemClock.wait(60_000, patience.signal).then(() => "still open");
    const first = await Promise.race([drained, stillOpen]);
    patience.abort();
    over = true;
    await sending;
    client.destroy();
    assert.equal(first, "drained");
    const there = new Set(index.documents.map(({ source }) => Number(source)));
    assert.deepEqual(
      acknowledged.filter((n) => !there.has(n)),
      [],
    );
    assert.equal(there.size, index.documents.length);
    assert.equal(pipeline.status().waiting, 0);
  });

  it("ends though a client does not finish its call", async () => {
    await stop();
    const waits: number[] = [];
    await start(aStream(), undefined, {
      ...systemClock,
      wait: (ms, signal) => {
        waits.push(ms);
        return systemClock.wait(Math.min(ms, 50), signal);
      },
    });
    const { port } = new URL(pipeline.firehoseUrl);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    socket.write(
      "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: Firehose_20150804.PutRecord\r\nContent-Length: 100\r\n\r\n{",
    );
    await once(socket, "ready");
    await systemClock.wait(100);
    const closed = once(socket, "close");
    await pipeline.drain(1000);
    await closed;
    assert.ok(waits.includes(5000), "not cut off at once");
    assert.equal(pipeline.status().accepted, 0);
  });

  it("delivers what the function puts back into the stream while it is drained", async () => {
    await stop();
    const code = `exports.handler = async ({ records }) => {
      const textOf = ({ data }) => Buffer.from(data, "base64").toString();
      const more = records.map(textOf).filter((text) => text.startsWith("["));
      if (more.length > 0) {
        const Records = more.flatMap((text) => JSON.parse(text)).map((one) => ({ Data: Buffer.from(String(one)).toString("base64") }));
        const answer = await fetch(process.env.AWS_ENDPOINT_URL_FIREHOSE, { method: "POST",
          headers: { "X-Amz-Target": "Firehose_20150804.PutRecordBatch" },
          body: JSON.stringify({ DeliveryStreamName: "web", Records }) });
        if (!answer.ok) throw new Error(await answer.text());
      }
      return { records: records.map((record) => textOf(record).startsWith("[")
        ? { recordId: record.recordId, result: "Dropped" }
        : { recordId: record.recordId, result: "Ok", data: record.data }) };
    }`;
    await start(aStream({ processor: aProcessor(code, { bufferIntervalSeconds: 900, numberOfRetries: 0 }) }));
    await put("[2,3]");
    assert.equal(pipeline.status().waiting, 1);
    await pipeline.drain(10_000);
    const { accepted, indexed, dropped, failed, waiting } = pipeline.status();
    assert.deepEqual([accepted, indexed, dropped, failed, waiting], [3, 2, 1, 0, 0]);
  });

  it("ends while a function hangs, and the next run delivers", async () => {
    await stop();
    const code = "exports.handler = async () => new Promise(() => {})";
    await start(aStream({ processor: aProcessor(code, { timeoutSeconds: 900 }) }));
    await stopsAndGoesOn();
  });

  it("ends while a real OpenSearch is away, and the next run delivers", async () => {
    await stop();
    const { destination: plan } = aStream({
      destination: { ...aStream().destination, retryDurationSeconds: 7200 },
    });
    const client = { bulk: () => Promise.reject(new Error("connect ECONNREFUSED")) };
    const destination = new BulkDestination({
      client,
      plan,
      ledger: index,
      clock: systemClock,
    });
    await start(aStream(), destination);
    await stopsAndGoesOn();
  });
});

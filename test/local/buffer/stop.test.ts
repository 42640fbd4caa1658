import { strict as assert } from "node:assert";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { FirehoseClient, PutRecordCommand } from "@aws-sdk/client-firehose";
import { Queue } from "../../../local/buffer/queue";
import { systemClock } from "../../../local/clock";
import { Pipeline } from "../../../local/pipeline";
import { aPlan, aStream, MemoryIndex, temporaryFolder } from "../fakes";

describe("a stop of the pipeline", () => {
  let queue: Queue;
  let pipeline: Pipeline;
  let index: MemoryIndex;

  beforeEach(async function () {
    const folder = temporaryFolder(this);
    queue = Queue.open({ file: join(folder, "queue.sqlite") });
    index = new MemoryIndex();
    pipeline = new Pipeline({
      plan: aPlan(aStream()),
      dataFolder: folder,
      firehosePort: 0,
      queue,
      index: index.asIndex(),
      clock: systemClock,
      log: () => {},
    });
    await pipeline.start();
  });
  afterEach(async () => {
    await pipeline.close();
    queue.close();
  });

  it("ends while clients send call after call, and all that was acknowledged is delivered", async () => {
    const client = new FirehoseClient({
      endpoint: pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      maxAttempts: 1,
    });
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
    const drained = pipeline.drain(5000).then(() => "drained");
    const first = await Promise.race([drained, systemClock.wait(4000).then(() => "still open")]);
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
    assert.equal(pipeline.status().accepted, 0);
  });
});

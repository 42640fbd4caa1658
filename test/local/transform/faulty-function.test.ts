import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { until } from "../../until";
import { aPipeline, aProcessor, aStream, MemoryIndex, temporaryFolder } from "../fakes";

interface Fault {
  readonly title: string;
  /** What the function does where `bad` holds, that is where a record says so. */
  readonly body: string;
  readonly errorCode: string;
  readonly errorMessage: RegExp;
  readonly attemptsMade: number;
}

const faults: readonly Fault[] = [
  {
    title: "hangs",
    // As a loop without an end, but costs no CPU time; lambda-function.test.ts has the loop.
    body: "if (bad) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
    errorCode: "Lambda.FunctionError",
    errorMessage: /Sandbox.Timedout: Task timed out after 2 seconds/,
    attemptsMade: 2,
  },
  {
    title: "eats memory",
    body: "if (bad) for (const a = []; ; ) a.push(new Array(1_000_000).fill(a.length + 0.5));",
    errorCode: "Lambda.FunctionError",
    errorMessage: /Runtime.OutOfMemory/,
    attemptsMade: 2,
  },
  {
    title: "exits",
    body: "if (bad) process.exit(0);",
    errorCode: "Lambda.FunctionError",
    errorMessage: /Runtime.ExitError: Runtime exited with status 0/,
    attemptsMade: 2,
  },
  {
    title: "answers text",
    body: 'if (bad) return "records";',
    errorCode: "Lambda.MissingRecordId",
    errorMessage: /no record with this recordId/,
    attemptsMade: 1,
  },
  {
    title: "answers records that are none",
    body: "if (bad) return { records: [null, 7, {}, []] };",
    errorCode: "Lambda.MissingRecordId",
    errorMessage: /no record with this recordId/,
    attemptsMade: 1,
  },
  {
    title: "answers data that is no text",
    body: "if (bad) return { records: records.map(({ recordId }) => ({ recordId, result: 'Ok', data: { a: 1 } })) };",
    errorCode: "Lambda.InvalidReturnFormat",
    errorMessage: /has no data/,
    attemptsMade: 1,
  },
];

describe("a function that fails for some records", () => {
  for (const { title, body, errorCode, errorMessage, attemptsMade } of faults) {
    it(`${title}: its records fail with the reason, the others arrive [B04]`, async function () {
      const code = `exports.handler = async ({ records }) => {
        const bad = records.some(({ data }) => Buffer.from(data, "base64").toString().includes("bad"));
        ${body}
        return { records: records.map(({ recordId, data }) => ({ recordId, result: "Ok", data })) };
      }`;
      // Long enough for a thread to start in, also on a busy machine.
      const timeoutSeconds = title === "hangs" ? 2 : 20;
      const processor = aProcessor(code, { timeoutSeconds, memoryMiB: 64, numberOfRetries: 1 });
      const folder = temporaryFolder(this);
      const index = new MemoryIndex();
      const stream = aStream({ processor });
      const { pipeline, queue } = aPipeline(folder, { stream, index: index.asIndex() });
      await pipeline.start();
      const client = new FirehoseClient({
        endpoint: pipeline.firehoseUrl,
        region: "eu-west-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      });
      const batches = [['"good 1"'], ['"bad 1"', '"bad 2"'], ['"good 2"']];
      try {
        for (const [i, texts] of batches.entries()) {
          const Records = texts.map((text) => ({ Data: new TextEncoder().encode(text) }));
          await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
          // Each batch is one call of the function.
          const through = batches.slice(0, i + 1).flat().length;
          await until(() => pipeline.status().waiting === 0);
          assert.equal(pipeline.status().accepted, through);
        }
        await pipeline.drain(5000);
        const { indexed, failed, dropped } = pipeline.status();
        assert.deepEqual({ indexed, failed, dropped }, { indexed: 2, failed: 2, dropped: 0 });
        assert.deepEqual(
          index.documents.map(({ source }) => source),
          ['"good 1"', '"good 2"'],
        );
        const failedFolder = join(pipeline.bucket.folder, "failed");
        const lines = readdirSync(failedFolder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .flatMap((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8").trim().split("\n"))
          .map((line) => JSON.parse(line));
        assert.deepEqual(
          lines.map((line) => [
            Buffer.from(line.rawData, "base64").toString(),
            line.errorCode,
            line.attemptsMade,
          ]),
          [
            ['"bad 1"', errorCode, attemptsMade],
            ['"bad 2"', errorCode, attemptsMade],
          ],
        );
        assert.match(lines[0].errorMessage, errorMessage);
      } finally {
        client.destroy();
        await pipeline.close();
        queue.close();
      }
    });
  }
});

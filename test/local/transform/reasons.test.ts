import { strict as assert } from "node:assert";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { FailedObject } from "../../../local/rooms";
import { reasonsIn } from "../../../local/transform/reasons";
import { aPipeline, aProcessor, aStream, MemoryIndex, temporaryFolder } from "../fakes";

const failure = (reason: unknown, ...recordIds: unknown[]) => ({ processingFailed: { reason, recordIds } });

describe("the reasons of failed records", () => {
  it("are read from the function's log in both of its formats, by record id", () => {
    const json = JSON.stringify({ level: "WARN", requestId: "r", message: failure("no JSON", "1", "2") });
    const asText = JSON.stringify({ level: "WARN", message: JSON.stringify(failure("no time", "3")) });
    const text = `2026-03-01T00:00:00.000Z\tr\tWARN\t${JSON.stringify(failure("no {line}", "4"))}`;
    assert.deepEqual(
      [...reasonsIn([json, asText, text])],
      [
        ["1", "no JSON"],
        ["2", "no JSON"],
        ["3", "no time"],
        ["4", "no {line}"],
      ],
    );
  });

  it("are not found in lines that only look like one", () => {
    const lines = ['"processingFailed"', "{", "null", '{"message":null}', '{"processingFailed":7}', "[1]"];
    const odd = [failure(7, "1"), failure("x"), { processingFailed: { reason: "x", recordIds: "1" } }];
    assert.equal(reasonsIn([...lines, ...odd.map((one) => JSON.stringify(one))]).size, 0);
  });

  it("stand in the failed lines and, once a run, on the terminal; a record without one has none", async function () {
    const code = `exports.handler = async ({ records }) => {
      const bad = records.filter(({ data }) => Buffer.from(data, "base64").toString().startsWith("bad"));
      console.warn({ processingFailed: { reason: "it begins with bad", count: bad.length, recordIds: bad.map(({ recordId }) => recordId) } });
      return { records: records.map(({ recordId }) => ({ recordId, result: "ProcessingFailed" })) };
    }`;
    const index = new MemoryIndex();
    const log: string[] = [];
    const stream = aStream({ processor: aProcessor(code) });
    const { pipeline, queue } = aPipeline(temporaryFolder(this), {
      stream,
      index: index.asIndex(),
      log: (text) => log.push(text),
    });
    await pipeline.start();
    const client = new FirehoseClient({
      endpoint: pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    for (const texts of [["bad 1", "other"], ["bad 2"]]) {
      const Records = texts.map((text) => ({ Data: new TextEncoder().encode(text) }));
      await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
    }
    await pipeline.drain(10_000);
    const objects: FailedObject[] = index.entries.flatMap(({ failedObjects }) => failedObjects);
    const lines = objects.flatMap(({ body }) =>
      body
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    );
    const byText = lines.map(({ rawData, reason }) => [Buffer.from(rawData, "base64").toString(), reason]);
    await pipeline.close();
    queue.close();
    client.destroy();
    assert.deepEqual(byText.sort(), [
      ["bad 1", "it begins with bad"],
      ["bad 2", "it begins with bad"],
      ["other", undefined],
    ]);
    const told = log.filter((text) => text.startsWith("Records begin to fail"));
    assert.equal(told.length, 1);
    assert.match(
      told[0]!,
      /Lambda.ProcessingFailedStatus: it begins with bad. .*failed\/processing-failed.*npm run replay/,
    );
  });
});

import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { Queue } from "../../local/buffer/queue";
import type { SearchStreamPlan } from "../../local/plan/plan";
import {
  aPipeline,
  aProcessor,
  aStream,
  MemoryIndex,
  type PipelineOfTest,
  type PipelineOfTestOptions,
  temporaryFolder,
} from "./fakes";

/** Answers each record by what its text begins with. */
const byContent = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, "base64").toString();
  const result = text.startsWith("drop") ? "Dropped" : text.startsWith("fail") ? "ProcessingFailed" : "Ok";
  return { recordId, result, data: Buffer.from(text.toUpperCase()).toString("base64") };
}) })`;

/** Every object below a folder by its key. */
function objects(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true }) as string[]) {
    const file = join(folder, name);
    if (statSync(file).isFile()) found.set(name, readFileSync(file, "utf8"));
  }
  return found;
}

describe("LocalPipeline", () => {
  let folder: string;
  let index: MemoryIndex;
  const open: { pipeline: PipelineOfTest; queue: Queue }[] = [];

  beforeEach(function () {
    folder = temporaryFolder(this);
    index = new MemoryIndex();
  });
  afterEach(async () => {
    for (const { pipeline, queue } of open.splice(0)) {
      await pipeline.close();
      queue.close();
    }
  });

  async function start(stream: SearchStreamPlan, changes: Partial<PipelineOfTestOptions> = {}) {
    const made = aPipeline(folder, { stream, index: index.asIndex(), ...changes });
    const { pipeline, queue } = made;
    open.push(made);
    await pipeline.start();
    const client = new FirehoseClient({
      endpoint: pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const put = (...texts: string[]) =>
      client.send(
        new PutRecordBatchCommand({
          DeliveryStreamName: "web",
          Records: texts.map((text) => ({ Data: new TextEncoder().encode(text) })),
        }),
      );
    return { pipeline, put, queue };
  }

  const addsUp = ({ pipeline }: { pipeline: PipelineOfTest }): void => {
    const { accepted, indexed, dropped, failed, waiting } = pipeline.status();
    assert.equal(accepted, indexed + dropped + failed + waiting);
  };

  it("has a call that is under way finished by the function that was replaced, and later records by the other", async () => {
    const begun = join(folder, "begun");
    const go = join(folder, "go");
    const naming = (
      name: string,
      before: string,
    ): string => `const { existsSync, writeFileSync } = require("node:fs");
      exports.handler = async ({ records }) => { ${before}
        const data = Buffer.from('{"by":"${name}"}').toString("base64");
        return { records: records.map(({ recordId }) => ({ recordId, result: "Ok", data })) }; }`;
    const waiting = `writeFileSync("${begun}", "");
      while (!existsSync("${go}")) await new Promise((wake) => setTimeout(wake, 2));`;
    const run = await start(aStream({ processor: aProcessor(naming("first", waiting)) }));
    await run.put("1");
    while (!existsSync(begun)) await new Promise((wake) => setTimeout(wake, 2));
    await run.put("2");
    run.pipeline.replaceFunction(aProcessor(naming("second", "")));
    run.pipeline.replaceFunction(aProcessor(naming("third", "")));
    writeFileSync(go, "");
    await run.pipeline.drain(10_000);
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ['{"by":"first"}', '{"by":"third"}'],
    );
    addsUp(run);
  });

  it("settles each record in exactly one place, and the counts add up [B06]", async () => {
    const run = await start(aStream({ processor: aProcessor(byContent) }));
    await run.put('{"a":1}\n', "drop me", "fail me", "not json");
    await run.pipeline.drain(10_000);
    const { accepted, indexed, dropped, failed, waiting } = run.pipeline.status();
    assert.deepEqual(
      { accepted, indexed, dropped, failed, waiting },
      { accepted: 4, indexed: 1, dropped: 1, failed: 2, waiting: 0 },
    );
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ['{"A":1}'],
    );
    addsUp(run);
  });

  it("keeps failed records with their reason: the source for the transform, the document for the delivery", async () => {
    const run = await start(aStream({ processor: aProcessor(byContent) }));
    await run.put("fail me", "not json");
    await run.pipeline.drain(10_000);
    const failed = [...objects(run.pipeline.bucket.folder)].filter(([key]) => key.startsWith("failed/"));
    const lines = new Map(failed.map(([key, text]) => [key.split("/")[1], JSON.parse(text)]));
    const transform = lines.get("processing-failed");
    assert.equal(transform.errorCode, "Lambda.ProcessingFailedStatus");
    assert.equal(Buffer.from(transform.rawData, "base64").toString(), "fail me");
    assert.equal(transform.attemptsMade, 1);
    const delivery = lines.get("AmazonOpenSearchService_failed");
    assert.equal(delivery.errorCode, "400");
    assert.equal(Buffer.from(delivery.rawData, "base64").toString(), "NOT JSON");
    assert.match(delivery.esIndexName, /^web-\d{4}-\d\d-\d\d-\d\d$/);
  });

  it("backs up every record as it came, dropped ones too, without any delimiter [B13] [B49]", async () => {
    const run = await start(aStream({ processor: aProcessor(byContent) }));
    await run.put("abc", "drop", "abc");
    await run.pipeline.drain(10_000);
    const kept = [...objects(run.pipeline.bucket.folder)].filter(([key]) => !key.startsWith("failed/"));
    assert.equal(kept.map(([, text]) => text).join(""), "abcdropabc");
    assert.match(kept[0]?.[0] ?? "", /^\d{4}\/\d\d\/\d\d\/\d\d\/web-1-/);
    assert.equal(run.pipeline.status().backedUp, 3);
  });

  it("keeps no sources where the backup is for failed documents only", async () => {
    const stream = aStream();
    const run = await start({ ...stream, backup: { ...stream.backup, mode: "FailedDocumentsOnly" } });
    await run.put('{"a":1}');
    await run.pipeline.drain(10_000);
    assert.deepEqual([...objects(run.pipeline.bucket.folder)], []);
    assert.equal(run.pipeline.status().indexed, 1);
  });

  it("tries a throwing function NumberOfRetries times more, then fails the batch [B04]", async () => {
    const processor = aProcessor("exports.handler = async () => { throw new Error('broken') }", {
      numberOfRetries: 2,
    });
    const run = await start(aStream({ processor }));
    await run.put("a");
    await run.pipeline.drain(10_000);
    const [[, text] = ["", ""]] = [...objects(run.pipeline.bucket.folder)].filter(([key]) =>
      key.startsWith("failed/"),
    );
    const { errorCode, errorMessage, attemptsMade } = JSON.parse(text);
    assert.deepEqual(
      { errorCode, errorMessage, attemptsMade },
      { errorCode: "Lambda.FunctionError", errorMessage: "Error: broken", attemptsMade: 3 },
    );
  });

  it("delivers all when the function works at the second try [B04]", async () => {
    const code = `let calls = 0; const good = ${byContent.replace("exports.handler = ", "")};
      exports.handler = async (event) => { if (++calls === 1) throw new Error("once"); return good(event) }`;
    const run = await start(aStream({ processor: aProcessor(code) }));
    await run.put("1");
    await run.pipeline.drain(10_000);
    assert.equal(run.pipeline.status().indexed, 1);
  });

  it("does not call again a function that answers nonsense [B04]", async () => {
    const code =
      "let calls = 0; exports.handler = async () => { if (++calls > 1) process.exit(1); return {} }";
    const run = await start(aStream({ processor: aProcessor(code) }));
    await run.put("a");
    await run.pipeline.drain(10_000);
    const [[, text] = ["", ""]] = [...objects(run.pipeline.bucket.folder)].filter(([key]) =>
      key.startsWith("failed/"),
    );
    const { errorCode, attemptsMade } = JSON.parse(text);
    assert.deepEqual({ errorCode, attemptsMade }, { errorCode: "Lambda.MissingRecordId", attemptsMade: 1 });
  });

  it("delivers without a transform as it came, the newline at the end taken off [B16]", async () => {
    const run = await start(aStream());
    await run.put('{"a":1}\r\n', '{"b":"x\\n"}\n');
    await run.pipeline.drain(10_000);
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ['{"a":1}', '{"b":"x\\n"}'],
    );
  });

  it("hands no empty document to the destination: it fails alone, its neighbours arrive", async () => {
    const written: string[] = [];
    const destination = {
      write: (documents: Parameters<MemoryIndex["write"]>[0]) => {
        written.push(...documents.map(({ source }) => source));
        return index.write(documents);
      },
      settle: (entry: Parameters<MemoryIndex["settle"]>[0]) => index.settle(entry),
    };
    const run = await start(aStream(), { destination });
    await run.put("1", "\n", " ", "2");
    await run.pipeline.drain(10_000);
    assert.deepEqual(written, ["1", "2"]);
    const { indexed, failed, waiting } = run.pipeline.status();
    assert.deepEqual([indexed, failed, waiting], [2, 2, 0]);
  });

  it("goes on after a stop where it was, nothing twice", async () => {
    const held = { ...aStream().destination, bufferIntervalSeconds: 900 };
    const first = await start(aStream({ destination: held }));
    await first.put("1", "2");
    await first.pipeline.close();
    first.queue.close();
    open.pop();
    assert.equal(index.documents.length, 0);
    const second = await start(aStream());
    await second.put("3");
    await second.pipeline.drain(10_000);
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ["1", "2", "3"],
    );
    assert.equal(new Set(index.documents.map(({ id }) => id)).size, 3);
    const kept = [...objects(second.pipeline.bucket.folder).values()];
    assert.equal(kept.join("").split("").sort().join(""), "123");
    addsUp(second);
  });

  it("holds everything while the destination fails, says so, and delivers once when it works again", async () => {
    let broken = true;
    const destination = {
      write: (documents: Parameters<MemoryIndex["write"]>[0]) =>
        broken ? Promise.reject(new Error("disk full")) : index.write(documents),
      settle: (entry: Parameters<MemoryIndex["settle"]>[0]) => index.settle(entry),
    };
    const run = await start(aStream(), { destination });
    await run.put("1", "2");
    await run.pipeline.drain(300);
    assert.match(run.pipeline.status().rooms.trouble ?? "", /deliver: disk full; trying again/);
    assert.equal(run.pipeline.status().waiting, 2);
    broken = false;
    await run.pipeline.drain(10_000);
    assert.deepEqual(
      index.documents.map(({ source }) => source),
      ["1", "2"],
    );
    assert.equal(run.pipeline.status().rooms.trouble, undefined);
  });

  it("answers ServiceUnavailableException while too much waits, and takes records again after that", async () => {
    const held = { ...aStream().destination, bufferIntervalSeconds: 900 };
    mkdirSync(folder, { recursive: true });
    const run = await start(aStream({ destination: held }));
    Object.assign(run.queue, { maxBytes: 2 });
    await run.put("12");
    await assert.rejects(run.put("3"), { name: "ServiceUnavailableException" });
    assert.equal(run.pipeline.status().accepted, 1);
  });
});

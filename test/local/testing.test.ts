import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { ServiceUnavailableException } from "@aws-sdk/client-firehose";
import type { StreamPlan } from "../../local/plan/plan";
import { startPipeline, type TestPipeline } from "../../local/testing";
import { aBucketStream, aPlan, aProcessor, aStreamNamed } from "./fakes";

const code = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) =>
  Buffer.from(data, "base64").includes("fail") ? { recordId, result: "ProcessingFailed" } : { recordId, result: "Ok", data }) })`;

describe("the test kit", () => {
  let run: TestPipeline | undefined;
  afterEach(async () => {
    await run?.close();
    run = undefined;
  });

  async function start(streams: readonly StreamPlan[], functionHangs = false): Promise<TestPipeline> {
    run = await startPipeline({ plan: aPlan(...streams), functionHangs });
    return run;
  }
  const web = () => aStreamNamed("web", { processor: aProcessor(code) });

  it("sends records, and tells what became of each stream's", async () => {
    const { put, settled, stream } = await start([web(), aBucketStream()]);
    await put([{ message: "hello" }, '{"message":"bye"}', Buffer.from('{"message":"fail"}')]);
    await stream("clicks").put(Array.from({ length: 501 }, () => "x"));
    await settled();
    await stream("clicks").settled();

    assert.equal(await run!.count("message:bye"), 1);
    assert.deepEqual((await run!.documents()).map(({ message }) => message).sort(), ["bye", "hello"]);
    const [failed, ...others] = await run!.failed();
    assert.deepEqual([failed?.data, others.length], ['{"message":"fail"}', 0]);
    assert.match((await run!.backup()).map(({ text }) => text).join(""), /hello.*bye.*fail/);
    const clicks = await stream("clicks").objects();
    assert.equal(clicks.map(({ text }) => text).join(""), "x".repeat(501));
    assert.throws(() => stream("orders"), /no stream orders; there are web, clicks/);
    await assert.rejects(run!.count("("), /./);
  });

  it("holds what the destination does not take, and delivers it afterwards", async () => {
    const { put, settled, count, fault } = await start([web()]);
    const end = fault("destination answers 503");
    await put([{ n: 1 }]);
    await assert.rejects(
      settled(50),
      /^Error: after 50 ms the stream web is not settled: 1 record (not|under) .*; 1 accepted in all$/,
    );
    assert.equal(await count(), 0);
    end();
    await settled();
    assert.equal(await count(), 1);
  });

  it("waits for no buffering interval, and finds failed records without a prefix of their own", async () => {
    const stream = web();
    const processor = { ...stream.processor!, bufferIntervalSeconds: 900 };
    const destination = { ...stream.destination, bufferIntervalSeconds: 900 };
    const backup = { ...stream.backup!, bufferIntervalSeconds: 900, errorOutputPrefix: "", prefix: "" };
    const { put, settled, count } = await start([
      { ...stream, processor, destination, backup } as StreamPlan,
    ]);
    await put([{ message: "hello" }, "fail"]);
    await settled();
    assert.equal(await count(), 1);
    assert.deepEqual(
      (await run!.failed()).map(({ data }) => data),
      ["fail"],
    );
    assert.equal((await run!.backup()).length, 1);
  });

  it("refuses records while the disk is full", async () => {
    const { put, settled, count, fault } = await start([web()]);
    const end = fault("disk full");
    await assert.rejects(put([{ n: 1 }]), ServiceUnavailableException);
    end();
    await put([{ n: 2 }]);
    await settled();
    assert.equal(await count(), 1);
  });

  it("lets functions hang, and the clock jump", async () => {
    const { put, settled, failed, jumpClock, backup } = await start([web()], true);
    jumpClock(365 * 86_400_000);
    await put([{ n: 1 }]);
    await settled();
    const [record] = await failed();
    assert.deepEqual([record?.errorCode, record?.data], ["Lambda.FunctionError", '{"n":1}']);
    const [source] = await backup();
    assert.match(source!.key, new RegExp(`^${new Date(Date.now() + 365 * 86_400_000).getUTCFullYear()}/`));
  });

  it("answers OpenSearch's clients, and leaves them the port that they look at first", async () => {
    const { put, settled, search } = await start([web()]);
    await put([{ message: "hello" }]);
    await settled();
    const answer = await fetch(`${search}/_count?q=message:hello`);
    assert.equal(((await answer.json()) as { count: number }).count, 1);
    assert.notEqual(new URL(search!).port, "9200");
    await run!.close();
    assert.equal((await start([aBucketStream()])).search, undefined);
  });

  it("leaves nothing behind", async () => {
    const { dashboard, search, data, close } = await start([web()]);
    assert.ok(existsSync(data));
    await close();
    run = undefined;
    for (const url of [dashboard, search!]) await assert.rejects(fetch(url));
    assert.ok(!existsSync(data));
  });
});

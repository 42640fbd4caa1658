import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { emitted, eventOf, read, run } from "./emitted";
import { withFirehose } from "./firehose";

const payload = (...messages: string[]) =>
  JSON.stringify({
    messageType: "DATA_MESSAGE",
    owner: "111122223333",
    logGroup: "/aws/lambda/shop",
    logStream: "2026/03/01/[$LATEST]ab",
    subscriptionFilters: ["all"],
    logEvents: messages.map((message, i) => ({ id: `e${i}`, timestamp: 1_772_323_200_000 + i, message })),
  });
const call = async (...records: (string | Buffer)[]) =>
  read(await (await emitted("cloudwatch-logs")).handler(eventOf(records)));

describe("processor cloudwatch-logs", () => {
  it("drops control messages and fails unknown ones [B51]", async () => {
    const control = JSON.stringify({
      messageType: "CONTROL_MESSAGE",
      owner: "CloudwatchLogs",
      logEvents: [
        { id: "", timestamp: 1, message: "CWL CONTROL MESSAGE: Checking health of destination Firehose." },
      ],
    });
    const answers = await run("cloudwatch-logs", gzipSync(control), control.replace("CONTROL_M", "OTHER_M"));
    deepEqual(answers, [{ result: "Dropped" }, { result: "ProcessingFailed" }]);
  });

  it("reads gzip and what Firehose has decompressed alike, and fails the rest alone [B53]", async () => {
    const [plain, packed, word, broken] = await run(
      "cloudwatch-logs",
      payload("hello"),
      gzipSync(payload("hello")),
      "hello",
      gzipSync(payload("hello")).subarray(0, 60),
    );
    deepEqual(plain, packed);
    equal(plain && "document" in plain && plain.document.message, "hello");
    deepEqual([word, broken], [{ result: "ProcessingFailed" }, { result: "ProcessingFailed" }]);
  });

  it("parses JSON messages into an object of their own, digits kept", async () => {
    const [answer] = await run("cloudwatch-logs", payload('{"id":9007199254740993,"b.":1}\n'));
    ok(answer && "text" in answer);
    ok(answer.text.includes('"json":{"id":"9007199254740993","b_":1}'), answer.text);
  });

  it("answers with the first event and puts the others into the stream, one document each [B15]", async () => {
    await withFirehose([], async (firehose) => {
      const [answer] = await call(gzipSync(payload("a", "b", "c")));
      equal(answer && "document" in answer && answer.document.message, "a");
      equal(firehose.streams[0], "web");
      deepEqual(
        firehose.taken().map((text) => JSON.parse(text).message),
        ["b", "c"],
      );
      ok(firehose.taken().every((text) => text.endsWith("\n") && text.indexOf("\n") === text.length - 1));
    });
  });

  it("leaves its own documents alone when they come back [B08]", async () => {
    await withFirehose([], async (firehose) => {
      await call(payload("a", "b", "c"));
      const before = firehose.taken();
      const answers = await call(...before);
      deepEqual(
        answers.map((answer) => "text" in answer && `${answer.text}\n`),
        before,
      );
      equal(firehose.calls.length, 1);
    });
  });

  it("splits a payload that grows beyond the answer's room into single events [B08]", async () => {
    await withFirehose([], async (firehose) => {
      const large = "x".repeat(200_000);
      const record = gzipSync(payload(...Array.from({ length: 35 }, (_, i) => `${i} ${large}`)));
      ok(record.length < 150_000);
      const { handler } = await emitted("cloudwatch-logs");
      const answer = await handler(eventOf([record]));
      ok(JSON.stringify(answer).length < 6_291_456);
      equal(answer.records[0]?.result, "Ok");
      equal(firehose.taken().length, 34);
      ok(firehose.calls.every((records) => Buffer.byteLength(records.join("")) <= 4_194_304));
    });
  });

  it("puts nothing of a record for whose document the answer has no room [B07]", async () => {
    await withFirehose([], async (firehose) => {
      const long = "x".repeat(250_000);
      const records = Array.from({ length: 30 }, (_, i) =>
        gzipSync(payload(`${i} ${long}`, `other of ${i}`)),
      );
      const answers = await call(...records);
      const whole = answers.flatMap((answer, i) => ("document" in answer ? [`other of ${i}`] : []));
      ok(whole.length > 10 && whole.length < 30);
      deepEqual(
        firehose.taken().map((text) => JSON.parse(text).message),
        whole,
      );
    });
  });

  it("sends again only what was not taken, after throttling too [B09]", async () => {
    await withFirehose(
      ["ServiceUnavailableException", "ServiceUnavailableException", [1]],
      async (firehose) => {
        const [answer] = await call(payload("a", "b", "c", "d"));
        equal(answer?.result, "Ok");
        deepEqual(
          firehose.calls.map((records) => records.length),
          [3, 3, 3, 1],
        );
        deepEqual(
          firehose.taken().map((text) => JSON.parse(text).message),
          ["b", "d", "c"],
        );
      },
    );
  });

  it("fails the record, not the batch, where the stream takes nothing [B09]", async () => {
    await withFirehose(["AccessDeniedException"], async (firehose) => {
      const answers = await call(payload("a", "b"), payload("c"));
      deepEqual(
        answers.map(({ result }) => result),
        ["ProcessingFailed", "Ok"],
      );
      equal(firehose.calls.length, 1);
    });
  });

  it("gives up in the end where throttling does not [B09]", async () => {
    await withFirehose(Array(20).fill("ServiceUnavailableException"), async (firehose) => {
      const [answer] = await call(payload("a", "b"));
      equal(answer?.result, "ProcessingFailed");
      equal(firehose.calls.length, 6);
    });
  });
});

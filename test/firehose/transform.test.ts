import { strict as assert } from "node:assert";
import { readTransformAnswer } from "../../firehose/transform";

const b64 = (text: string): string => Buffer.from(text).toString("base64");
const ok = (recordId: string, text: string) => ({ recordId, result: "Ok", data: b64(text) });
const kinds = (outcomes: ReturnType<typeof readTransformAnswer>) =>
  outcomes.map((outcome) => (outcome.kind === "failed" ? outcome.errorCode : outcome.kind));

describe("readTransformAnswer", () => {
  it("fails the record that the function forgot, and delivers the others [B01]", () => {
    const outcomes = readTransformAnswer(["r1", "r2", "r3"], { records: [ok("r1", "A"), ok("r3", "C")] });
    assert.deepEqual(kinds(outcomes), ["ok", "Lambda.MissingRecordId", "ok"]);
    assert.deepEqual(outcomes[2], { kind: "ok", data: b64("C") });
  });

  it("ignores ids that were never sent [B01]", () => {
    const outcomes = readTransformAnswer(["r1"], { records: [ok("foreign", "x"), ok("r1", "A")] });
    assert.deepEqual(outcomes, [{ kind: "ok", data: b64("A") }]);
  });

  it("delivers neither of two answers with the same id [B03]", () => {
    const outcomes = readTransformAnswer(["r1", "r2"], {
      records: [ok("r1", '{"a":1}'), ok("r1", '{"a":2}')],
    });
    assert.deepEqual(kinds(outcomes), ["Lambda.DuplicatedRecordId", "Lambda.MissingRecordId"]);
  });

  it("fails every record of an answer without records [B04]", () => {
    for (const answer of [
      {},
      null,
      undefined,
      "text",
      7,
      { records: null },
      { records: "r1" },
      { records: [null] },
    ]) {
      assert.deepEqual(
        kinds(readTransformAnswer(["r1"], answer)),
        ["Lambda.MissingRecordId"],
        JSON.stringify(answer),
      );
    }
  });

  it("takes a result in the wrong case as a failure that names the legal values [B05]", () => {
    const [outcome] = readTransformAnswer(["r1"], { records: [{ ...ok("r1", "{}"), result: "ok" }] });
    assert.ok(outcome?.kind === "failed");
    assert.equal(outcome.errorCode, "Lambda.InvalidResult");
    assert.match(outcome.errorMessage, /"ok".*Ok, Dropped, ProcessingFailed/);
  });

  it("tells Dropped and ProcessingFailed apart [B06]", () => {
    const records = [
      { recordId: "r1", result: "Dropped" },
      { recordId: "r2", result: "ProcessingFailed" },
    ];
    assert.deepEqual(kinds(readTransformAnswer(["r1", "r2"], { records })), [
      "dropped",
      "Lambda.ProcessingFailedStatus",
    ]);
  });

  it("fails Ok without data, or with data of which nothing is left", () => {
    const records = [
      { recordId: "r1", result: "Ok" },
      { recordId: "r2", result: "Ok", data: "" },
      { recordId: "r3", result: "Ok", data: "==" },
      { recordId: "r4", result: "Ok", data: 7 },
      { recordId: "r5", result: "Ok", data: "YQ" },
    ];
    const failed = "Lambda.InvalidReturnFormat";
    assert.deepEqual(kinds(readTransformAnswer(["r1", "r2", "r3", "r4", "r5"], { records })), [
      failed,
      failed,
      failed,
      failed,
      "ok",
    ]);
  });

  it("finds each record whatever the order of the answer", () => {
    const outcomes = readTransformAnswer(["r1", "r2"], { records: [ok("r2", "2"), ok("r1", "1")] });
    assert.deepEqual(
      outcomes.map((outcome) => outcome.kind === "ok" && outcome.data),
      [b64("1"), b64("2")],
    );
  });
});

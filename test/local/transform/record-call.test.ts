import { strict as assert } from "node:assert";
import { outcomeKinds } from "../../../local/outcomes";
import { eventOf, packAnswer, recordIdOf, recordIdsOf } from "../../../local/transform/record-call";

const around = {
  invocationId: "i",
  deliveryStreamArn: "arn:aws:firehose:eu-west-1:1:s",
  region: "eu-west-1",
};
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const ok = (seq: number, text: string) => ({ recordId: recordIdOf(seq), result: "Ok", data: base64(text) });

describe("a call with records as columns", () => {
  it("gives the function the event that Firehose would", () => {
    const call = {
      around,
      firstSeq: 9,
      arrivalsMs: Float64Array.of(1, 2),
      ends: Uint32Array.of(3, 5),
      body: Buffer.from("abcde"),
    };
    const event = eventOf(call, recordIdsOf(call));
    assert.deepEqual(JSON.parse(JSON.stringify(event)), {
      ...around,
      records: [
        { recordId: "00000000000000000009", approximateArrivalTimestamp: 1, data: base64("abc") },
        { recordId: "00000000000000000010", approximateArrivalTimestamp: 2, data: base64("de") },
      ],
    });
  });

  for (const [firstSeq, count] of [
    [1, 0],
    [1, 1],
    [8, 4],
    [99_998, 1005],
    [2 ** 53 - 3, 3],
  ] as const)
    it(`counts ${count} ids on from ${firstSeq}`, () => {
      const ids = recordIdsOf({ firstSeq, ends: new Uint32Array(count) });
      assert.deepEqual(
        ids,
        Array.from({ length: count }, (_, at) => recordIdOf(firstSeq + at)),
      );
    });

  it("packs an answer of the usual form, and knows its size as JSON", () => {
    const answer = {
      records: [
        ok(1, "one"),
        { recordId: recordIdOf(2), result: "Dropped" },
        { recordId: recordIdOf(3), result: "ProcessingFailed", data: base64("three") },
        ok(4, "four!"),
      ],
    };
    const packed = packAnswer(answer, [1, 2, 3, 4].map(recordIdOf))!;
    const { ok: good, dropped, failed } = outcomeKinds;
    assert.deepEqual([...packed.kinds], [good, dropped, failed, good]);
    assert.deepEqual([...packed.ends], [3, 3, 3, 8]);
    assert.equal(Buffer.from(packed.body).toString(), "onefour!");
    assert.equal(packed.bytes, JSON.stringify(answer).length);
  });

  for (const [what, answer] of Object.entries({
    "another order": { records: [ok(2, "b"), ok(1, "a")] },
    "a record too few": { records: [ok(1, "a")] },
    "another id": { records: [ok(1, "a"), ok(3, "c")] },
    "another result": { records: [ok(1, "a"), { ...ok(2, "b"), result: "ok" }] },
    "a member that it need not have": { records: [ok(1, "a"), { ...ok(2, "b"), metadata: {} }] },
    "Ok without data": { records: [ok(1, "a"), { recordId: recordIdOf(2), result: "Ok" }] },
    "data that is no base64": { records: [ok(1, "a"), { ...ok(2, "b"), data: "YQ= ä" }] },
    "no records": null,
    "something beside the records": { records: [ok(1, "a"), ok(2, "b")], more: 1 },
  }))
    it(`leaves an answer with ${what} to the reader of texts`, () => {
      assert.equal(packAnswer(answer, [1, 2].map(recordIdOf)), undefined);
    });
});

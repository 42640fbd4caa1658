import { deepStrictEqual, throws } from "node:assert/strict";
import { failedEntries } from "../../../publisher/wire/failed-entries";
import { seeded } from "../sink";

const read = (body: unknown, records: number) =>
  failedEntries(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), records);

const ok = { RecordId: "r" };
const bad = { ErrorCode: "InternalFailure", ErrorMessage: "no" };

describe("publisher/wire/failed-entries", () => {
  it("finds nothing failed where there is a RecordId for each record, however the JSON is written", () => {
    for (const body of [
      { Encrypted: false, FailedPutCount: 0, RequestResponses: [ok, ok] },
      { RequestResponses: [ok, ok], FailedPutCount: 0 },
      {
        FailedPutCount: 0,
        RequestResponses: [
          { ...ok, ErrorCode: null },
          { ...ok, ErrorCode: "" },
        ],
      },
    ]) {
      deepStrictEqual(read(body, 2), []);
      deepStrictEqual(read(JSON.stringify(body, null, 2), 2), []);
    }
  });

  it("believes the entries, not the count: an error code beside FailedPutCount 0 has failed [B17]", () => {
    const failed = [{ position: 1, errorCode: "InternalFailure", errorMessage: "no" }];

    for (const FailedPutCount of [0, 1, undefined, "0", null]) {
      deepStrictEqual(read({ FailedPutCount, RequestResponses: [ok, bad] }, 2), failed);
    }
    deepStrictEqual(read({ FailedPutCount: 0, RequestResponses: [ok, { ...ok, ...bad }] }, 2), failed);
    deepStrictEqual(read({ FailedPutCount: 0, RequestResponses: [{ ErrorCode: 500 }] }, 1), [
      { position: 0, errorCode: "500", errorMessage: "" },
    ]);
  });

  it("counts ids however long they are and whatever they say [B17]", () => {
    const random = seeded(5);
    const words = ["Record", "Id", "R", '\\"', ":", "RecordId", '\\"RecordId\\":\\"', "x"];
    const word = () => words[Math.floor(random() * words.length)]!;
    for (let n = 0; n < 300; n++) {
      const ids = Array.from({ length: 1 + (n % 7) }, () => `${word()}${word()}${word()}`);
      const entries = ids.map((id) => `{"RecordId":"${id}"}`);
      const body = `{"Encrypted":false,"FailedPutCount":0,"RequestResponses":[${entries.join(",")}]}`;

      deepStrictEqual(read(body, ids.length), []);
      throws(() => read(body, ids.length + 1), { code: "NO_ANSWER" });
      throws(() => read(body, ids.length - 1), { code: "NO_ANSWER" });
    }
  });

  const noAnswers: Record<string, [unknown, number]> = {
    "an empty object": [{}, 1],
    "an empty body": ["", 1],
    "a page": ["<html>welcome</html>", 1],
    null: [null, 1],
    "a list": [[ok], 1],
    "a text": ['"ok"', 1],
    "an answer cut in the middle": ['{"FailedPutCount":0,"RequestResponses":[{"RecordId":"r"}', 1],
    "fewer entries than records": [{ FailedPutCount: 0, RequestResponses: [ok] }, 2],
    "no entries": [{ FailedPutCount: 0, RequestResponses: [] }, 2],
    "more entries than records": [{ FailedPutCount: 0, RequestResponses: [ok, ok] }, 1],
    "entries that are a text": [{ FailedPutCount: 0, RequestResponses: "ok" }, 2],
    "entries that are an object": [{ FailedPutCount: 0, RequestResponses: { length: 1, 0: ok } }, 1],
    "an entry without id or error": [{ FailedPutCount: 0, RequestResponses: [ok, {}] }, 2],
    "an entry that is null": [{ FailedPutCount: 0, RequestResponses: [ok, null] }, 2],
    "an empty id": [{ FailedPutCount: 0, RequestResponses: [{ RecordId: "" }] }, 1],
    "an id that is a number": [{ FailedPutCount: 0, RequestResponses: [{ RecordId: 7 }] }, 1],
    "a count above the entries that failed": [{ FailedPutCount: 2, RequestResponses: [ok, bad] }, 2],
    "an id in a message only": [
      '{"FailedPutCount":0,"RequestResponses":[{"ErrorMessage":"\\"RecordId\\":\\"x\\""}]}',
      1,
    ],
  };
  for (const [what, [body, records]] of Object.entries(noAnswers)) {
    it(`takes ${what} for no answer [B17]`, () => {
      throws(() => read(body, records), {
        code: "NO_ANSWER",
        message: /^the server's answer is none to PutRecordBatch: /,
      });
    });
  }
});

import { deepEqual, equal, ok } from "node:assert/strict";
import { arrivalMs, documentOf, run } from "./emitted";

const read = (event: string) => documentOf("json-events", event);

describe("processor json-events", () => {
  it("renames keys that an index refuses [B41]", async () => {
    const document = await read('{"":"x",".a":1,"b.":2,"c..d":3," ":4,"_id":"i","ok":4,"a.b":5}');
    delete document["@timestamp"];
    deepEqual(document, { _: ["x", "4"], _a: 1, b_: 2, c__d: 3, _id_: "i", ok: 4, a: ["b=5"] });
  });

  it("gives a key with dots the name that it has as an object, whatever else is there [B41]", async () => {
    const document = await read('{"a":1,"a.b":2,"a_b":3,"o":{"x":1},"o.y":2}');
    delete document["@timestamp"];
    deepEqual(document, { a: ["1", "b=2"], a_b: 3, o: ["x=1", "y=2"] });
  });

  it("keeps every digit [B42]", async () => {
    const numbers = '"n":[-12.75,1.50,2e3,1e20],"m":9007199254740992,"u":"a"';
    const [answer] = await run("json-events", `{"id":9007199254740993,${numbers},"bad.":1}`);
    ok(answer && "text" in answer);
    // As text, what a double would round.
    ok(answer.text.includes(`"id":"9007199254740993",${numbers}`), answer.text);
  });

  it("tells seconds from milliseconds, and both from texts [B43]", async () => {
    const times = {
      "1772323200": "2026-03-01T00:00:00.000Z",
      "1772323200000": "2026-03-01T00:00:00.000Z",
      "1772323200123456": "2026-03-01T00:00:00.123Z",
      '"2026-03-01T00:00:00Z"': "2026-03-01T00:00:00.000Z",
      '"2026-03-01 01:00:00+0100"': "2026-03-01T00:00:00.000Z",
      '"2026-03-01T00:00:00"': "2026-03-01T00:00:00.000Z",
      "1772323200.5": "2026-03-01T00:00:00.500Z",
      '"1772323200"': "2026-03-01T00:00:00.000Z",
    };
    for (const [ts, expected] of Object.entries(times)) {
      const document = await read(`{"ts":${ts},"page":"/"}`);
      equal(document["@timestamp"], expected, ts);
      equal(document.ts, ts.replaceAll('"', ""));
    }
  });

  it("takes the arrival where the time is implausible, and keeps the raw value [B43]", async () => {
    const arrival = new Date(arrivalMs).toISOString();
    for (const ts of ["0", "5", '"-"', '"2026-02-30T00:00:00Z"', "99999999999999", "null"]) {
      const document = await read(`{"ts":${ts}}`);
      equal(document["@timestamp"], arrival, ts);
      equal(JSON.stringify(document.ts).replaceAll('"', ""), ts.replaceAll('"', ""));
    }
    deepEqual((await read('{"ts":{"a":1}}')).ts, ["a=1"]);
    const own = await read('{"@timestamp":"never","ts":1772323200}');
    equal(own["@timestamp"], "2026-03-01T00:00:00.000Z");
    equal(own.timestamp_raw, "never");
  });

  it("keeps what is too deep or too much as text", async () => {
    const deep = await read(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`);
    deepEqual(deep.a, [`${"a.".repeat(15)}a=${'{"a":'.repeat(23)}1${"}".repeat(23)}`]);
    const wide = await read(
      JSON.stringify(Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]))),
    );
    equal(Object.keys(wide).length, 102);
    equal(wide.overflow.length, 400);
    equal(wide.overflow[399], "k499=499");
  });

  it("gives a date that it knows one form, and guesses none in other fields [B38]", async () => {
    const answers = await run(
      "json-events",
      '{"ts":"2026-01-02","seen":"2026-01-02"}',
      '{"ts":"-","seen":"-","ver":"128.0."}',
    );
    const [dated, undated] = answers.map((answer) => "document" in answer && answer.document);
    deepEqual(dated, { "@timestamp": "2026-01-02T00:00:00.000Z", ts: "2026-01-02", seen: "2026-01-02" });
    const arrival = new Date(arrivalMs).toISOString();
    deepEqual(undated, { "@timestamp": arrival, ts: "-", seen: "-", ver: "128.0." });
  });

  it("takes a thousand levels, and fails alone what has more", async () => {
    const nested = (levels: number) => `{"ts":1772323200,"a":${"[".repeat(levels)}${"]".repeat(levels)}}`;
    const brackets = JSON.stringify({ text: "[".repeat(5000) });
    const answers = await run("json-events", nested(999), nested(1000), nested(400_000), brackets);
    deepEqual(
      answers.map(({ result }) => result),
      ["Ok", "ProcessingFailed", "ProcessingFailed", "Ok"],
    );
  });

  it("fails alone what is no JSON object", async () => {
    const answers = await run("json-events", "hello", "[1]", "7", "null", "", '{"a":1', '{"a":1}');
    deepEqual(
      answers.map(({ result }) => result),
      [...Array.from({ length: 6 }, () => "ProcessingFailed"), "Ok"],
    );
  });
});

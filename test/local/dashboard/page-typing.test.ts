/** What the page makes of what is typed: times, habits of other languages, and how a query may go on. */
import assert from "node:assert/strict";
import { join } from "node:path";

const page = join(__dirname, "../../../local/dashboard/page");
// biome-ignore lint/suspicious/noExplicitAny: the page is plain JavaScript, for browsers
const load = (name: string): any => require(join(page, name));

describe("a time that is typed", () => {
  const { timeOf } = load("typed-time.js");
  /** A Saturday. */
  const now = new Date(2026, 10, 28, 10, 30, 15, 500).getTime();
  const local = (...parts: [number, number, number, ...number[]]) => new Date(...parts).getTime();

  for (const [text, ms, endMs] of [
    ["now", now],
    ["-15m", now - 900_000],
    ["now-15m", now - 900_000],
    ["+1h", now + 3_600_000],
    [" -1d-2h ", local(2026, 10, 27, 8, 30, 15, 500)],
    ["now/d", local(2026, 10, 28), local(2026, 10, 29)],
    ["now-1d/d", local(2026, 10, 27), local(2026, 10, 28)],
    ["now/w", local(2026, 10, 23), local(2026, 10, 30)],
    ["now/M", local(2026, 10, 1), local(2026, 11, 1)],
    ["now-1y/y", local(2025, 0, 1), local(2026, 0, 1)],
    ["now/h", local(2026, 10, 28, 10), local(2026, 10, 28, 11)],
    ["2026-11-27", local(2026, 10, 27), local(2026, 10, 28)],
    ["2026-11-28 10:00", local(2026, 10, 28, 10)],
    ["2026-11-28T10:00:05", local(2026, 10, 28, 10, 0, 5)],
    ["2026-11-28T10:00:00.250Z", Date.UTC(2026, 10, 28, 10, 0, 0, 250)],
    ["9:05", local(2026, 10, 28, 9, 5)],
  ] as [string, number, number?][]) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.equal(timeOf(text, now), ms);
      assert.equal(timeOf(text, now, true), endMs ?? ms);
    });
  }

  for (const text of [
    "",
    "15m",
    "now-",
    "now-1x",
    "2026-02-30",
    "25:00",
    "yesterday",
    "1969-01-01",
    "/d",
    "-",
  ]) {
    it(`takes ${JSON.stringify(text)} for none`, () => assert.equal(timeOf(text, now), undefined));
  }
});

describe("a hint about a query", () => {
  const { hintFor } = load("hints.js");
  const fields = ["message", "status", "user.name", "userAgent", "event.took_ms"];

  for (const [query, meant] of [
    ["not bye", "NOT bye"],
    ["hello and not bye", "hello AND NOT bye"],
    ['"this and that" or x', '"this and that" OR x'],
    ["status = 500", "status:500"],
    ["status=500 AND bye", "status:500 AND bye"],
    ['user.name == "a b"', 'user.name:"a b"'],
    ["status != 500", "NOT status:500"],
    ["status >= 500", "status:>=500"],
    ["Status:500", "status:500"],
    ["name:Ada", "user.name:Ada"],
    ["bye AND mesage:hello", "bye AND message:hello"],
    ["useragent:x", "userAgent:x"],
    ["took:5", "event.took_ms:5"],
    ["colour:red", undefined],
  ] as const) {
    it(`says of ${query} that ${meant ?? "nothing like it"} was meant`, () => {
      const hint = hintFor(query, fields);
      assert.ok(hint);
      assert.equal(hint.query, meant);
    });
  }

  for (const query of [
    "",
    "bye",
    "NOT bye",
    "and",
    "rock and",
    '"not bye"',
    '"status = 500"',
    "status:>=500",
    "status:[400 TO 499]",
    "message.keyword:x",
    "user:x",
    "_exists_:colour",
    "_id:x AND @timestamp:now",
    '"colour:red"',
    "(broken",
    "us*:x",
  ]) {
    it(`leaves ${query || "an empty query"} as it is`, () => assert.equal(hintFor(query, fields), undefined));
  }
});

describe("how a query may go on", () => {
  const { completionsOf } = load("completion.js");
  const fields = [
    { name: "status", top: [{ value: "500" }, { value: "503" }, { value: "200" }] },
    { name: "state", top: [{ value: "not ready" }, { value: "" }] },
    { name: "state.keyword", top: [] },
    { name: "status.text", top: [] },
    { name: "stated.text", top: [] },
    { name: "a b", top: [] },
  ];

  it("offers the last queries before anything is typed", () => {
    assert.deepEqual(completionsOf("", fields, ["x", "y"]), ["x", "y"]);
  });

  it("completes fields, values of a field, and the last queries that begin so", () => {
    assert.deepEqual(
      completionsOf("bye AND St", fields, []),
      ["status", "state", "stated.text"].map((name) => `bye AND ${name}:`),
    );
    assert.deepEqual(completionsOf("(-stat", fields, [])[1], "(-state:");
    assert.deepEqual(completionsOf("status:50", fields, ["status:503 AND x"]), [
      "status:500",
      "status:503",
      "status:503 AND x",
    ]);
    assert.deepEqual(completionsOf("state:", fields, []), ['state:"not ready"']);
    assert.deepEqual(completionsOf("a", fields, []), ["a\\ b:"]);
    assert.deepEqual(completionsOf("zzz", fields, []), []);
  });
});

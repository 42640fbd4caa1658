import assert from "node:assert/strict";
import { RestOfTest } from "./rest-of-test";

describe("hits of the search API", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  const sorts = async (body: object): Promise<unknown[]> => {
    const { json } = await rest.search({ _source: false, ...body });
    return json.hits.hits.map(({ _id, sort }: { _id: string; sort: unknown[] }) => [_id, ...sort]);
  };

  it("come newest first where no order is asked for, without scores", async () => {
    const { json } = await rest.search({});

    assert.deepEqual(
      json.hits.hits.map(({ _id, _score }: { _id: string; _score: unknown }) => [_id, _score]),
      [
        ["2", null],
        ["1", null],
        ["0", null],
      ],
    );
    assert.deepEqual(json.hits.total, { value: 3, relation: "eq" });
    assert.equal(json.hits.max_score, null);
    assert.equal(json.timed_out, false);
  });

  it("are ordered by numbers, texts, flags and addresses, those without a value last", async () => {
    assert.deepEqual(await sorts({ sort: [{ ratio: "desc" }] }), [
      ["1", 2],
      ["0", 1.5],
      ["2", "-Infinity"],
    ]);
    assert.deepEqual(await sorts({ sort: [{ level: "asc" }, "_id"] }), [
      ["0", 1.2, "0"],
      ["1", "Infinity", "1"],
      ["2", "Infinity", "2"],
    ]);
    assert.deepEqual(await sorts({ sort: [{ "host.name": { order: "desc" } }] }), [
      ["1", "web-2"],
      ["0", "web-1"],
      ["2", null],
    ]);
    assert.deepEqual(await sorts({ sort: [{ "host.name": { order: "asc", missing: "_first" } }] }), [
      ["2", null],
      ["0", "web-1"],
      ["1", "web-1"],
    ]);
    assert.deepEqual(await sorts({ sort: [{ ok: "desc" }] }), [
      ["0", 1],
      ["1", 0],
      ["2", -2147483648],
    ]);
    assert.deepEqual(await sorts({ sort: [{ "client.ip": "desc" }] }), [
      ["1", "2001:db8::1"],
      ["0", "10.0.0.1"],
      ["2", null],
    ]);
    assert.deepEqual(await sorts({ sort: [{ status: { order: "asc", missing: 300 } }] }), [
      ["0", 200],
      ["2", 300],
      ["1", 404],
    ]);
  });

  it("go on behind the last one of a page", async () => {
    assert.deepEqual(
      await sorts({ sort: [{ "@timestamp": "desc" }, "_id"], size: 1, search_after: [1795860000000, "2"] }),
      [["1", 1795687200000, "1"]],
    );
    assert.deepEqual(await sorts({ sort: [{ "host.name": "asc" }, "_id"], search_after: ["web-1", "0"] }), [
      ["1", "web-1", "1"],
      ["2", null, "2"],
    ]);
  });

  it("hold the part of a document that is wanted, digit for digit", async () => {
    const source = async (_source: unknown) =>
      (await rest.search({ query: { ids: { values: ["2"] } }, _source })).text;

    assert.match(await source("big"), /"_source":\{"big":9007199254740993\}/);
    assert.match(await source({ excludes: ["mess*", "big", "@*"] }), /"_source":\{"status":"many"\}/);
    assert.doesNotMatch(await source(false), /_source/);
    assert.match(await source(true), /"_ignored":\["status"\].*"big":9007199254740993/);
  });

  it("hold the values of fields as they are read", async () => {
    const { json } = await rest.search({
      query: { ids: { values: ["1"] } },
      fields: ["status", { field: "@timestamp", format: "epoch_millis" }, "note*"],
      _source: false,
    });

    assert.deepEqual(json.hits.hits[0].fields, {
      "@timestamp": ["1795687200000"],
      status: [404, 404, 500],
      note: ["Free text"],
      "note.keyword": ["Free text"],
    });
  });

  it("are counted as far as it is asked for", async () => {
    const total = async (track_total_hits: unknown) =>
      (await rest.search({ size: 0, track_total_hits })).json.hits.total;

    assert.deepEqual(await total(2), { value: 2, relation: "gte" });
    assert.deepEqual(await total(true), { value: 3, relation: "eq" });
    assert.equal(await total(false), undefined);
  });

  it("are asked for in the address as well", async () => {
    const { json } = await rest.ask(
      "GET",
      "/small/_search?q=message:hello&sort=@timestamp:asc&size=1&_source_includes=message",
    );

    assert.deepEqual(json.hits.hits, [
      { _index: "small", _id: "0", _score: null, _source: { message: "hello world" }, sort: [1795600800000] },
    ]);
  });

  const wrong: readonly [string, object, string, RegExp][] = [
    ["a key that nobody knows", { nope: 1 }, "parsing_exception", /VALUE_NUMBER in \[nope\]/],
    [
      "a window that is too large",
      { from: 9_999, size: 2 },
      "search_phase_execution_exception",
      /all shards failed/,
    ],
    ["an order by a text", { sort: ["message"] }, "search_phase_execution_exception", /all shards failed/],
    [
      "an order by a field that there is not",
      { sort: ["nope"] },
      "search_phase_execution_exception",
      /all shards failed/,
    ],
    ["a negative size", { size: -1 }, "illegal_argument_exception", /\[size\]/],
    ["a time without a unit", { timeout: 5 }, "illegal_argument_exception", /unit is missing/],
    ["a scroll", { scroll: "1m" }, "illegal_argument_exception", /\[scroll\] is not taken/],
    ["a point in time", { pit: { id: "x" } }, "illegal_argument_exception", /\[pit\] is not taken/],
    ["an order by score", { sort: ["_score"] }, "illegal_argument_exception", /no scores/],
  ];
  for (const [title, body, type, reason] of wrong) {
    it(`are refused for ${title}`, async () => {
      const { status, json } = await rest.search(body);

      assert.equal(status, 400);
      assert.equal(json.status, 400);
      assert.equal(json.error.type, type);
      assert.match(json.error.reason, reason);
    });
  }

  it("are refused for a body that is no JSON", async () => {
    const broken = await rest.ask("POST", "/_search", '{"size":1,}');
    const cut = await rest.ask("POST", "/_search", '{"size":1');

    assert.deepEqual([broken.status, broken.json.error.type], [400, "json_parse_exception"]);
    assert.deepEqual([cut.status, cut.json.error.type], [400, "json_e_o_f_exception"]);
  });
});

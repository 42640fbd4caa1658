import assert from "node:assert/strict";
import { MergedSearcher } from "../../local/merged-searcher";
import { RestOfTest, searcherOver } from "./rest/rest-of-test";

const stream = (minute: number, messages: readonly string[], more: object = {}) =>
  searcherOver(
    messages.map((message, at) => ({
      "@timestamp": `2026-11-25T10:0${minute + 2 * at}:00Z`,
      message,
      ...more,
    })),
  );

describe("several streams asked as one", () => {
  const one = stream(0, ["hello a", "bye b", "hello c"], { status: 200, ratio: 1 });
  const other = stream(1, ["hello d", "bye e"], { status: 404, only: 7 });
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest(new MergedSearcher(() => [one, other])).start();
  });
  after(() => rest.close());

  const messages = async (body: object) => {
    const { json } = await rest.search(body);
    return json.hits.hits
      .map(({ _source }: { _source: { message: string } }) => _source.message.at(-1))
      .join("");
  };

  it("give one list, newest first", async () => {
    assert.equal(await messages({}), "cebda");
    assert.equal(await messages({ from: 1, size: 2 }), "eb");
  });

  it("give one order by any field, also one that only some have", async () => {
    assert.equal(await messages({ sort: [{ status: "desc" }, { "@timestamp": "asc" }] }), "deabc");
    assert.equal(await messages({ sort: [{ only: "asc" }, { "@timestamp": "desc" }] }), "edcba");
    assert.equal((await rest.search({ sort: ["nowhere"] })).status, 400);
  });

  it("are counted together", async () => {
    const { json } = await rest.search({
      size: 0,
      query: { match: { message: "hello" } },
      aggs: {
        states: { terms: { field: "status" }, aggs: { sum: { sum: { field: "status" } } } },
        numbers: { cardinality: { field: "status" } },
        stats: { stats: { field: "status" } },
      },
    });

    assert.equal(json.hits.total.value, 3);
    assert.deepEqual(json.aggregations.states.buckets, [
      { key: 200, doc_count: 2, sum: { value: 400 } },
      { key: 404, doc_count: 1, sum: { value: 404 } },
    ]);
    assert.deepEqual(json.aggregations.numbers, { value: 2 });
    assert.deepEqual(json.aggregations.stats, { count: 3, min: 200, max: 404, avg: 268, sum: 804 });
    assert.equal((await rest.ask("GET", "/_count")).json.count, 5);
  });

  it("tell the fields of both where they write to one index name", async () => {
    const { json } = await rest.ask("GET", "/small/_mapping");

    assert.ok(json.small.mappings.properties.ratio);
    assert.ok(json.small.mappings.properties.only);
  });
});

import assert from "node:assert/strict";
import { Client } from "@opensearch-project/opensearch";
import { MemoryBudget } from "../../../local/memory-budget";
import { until } from "../../until";
import { RestOfTest, searcherOver } from "./rest-of-test";

describe("several searches in one request to the search API", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  const all = `{"size":0}`;
  const send = (lines: readonly string[], path = "/small/_msearch") =>
    rest.ask("POST", path, lines.map((line) => `${line}\n`).join(""));

  it("have an answer each, in their order, of the indices that each names", async () => {
    const { status, json } = await send([
      "{}",
      `{"query":{"match":{"message":"hello"}}}`,
      `{"index":["none*"]}`,
      all,
      `{"index":"small"}`,
      `{"size":1,"_source":["ok"],"sort":["_id"]}`,
    ]);
    const { json: one } = await rest.search({ size: 1, _source: ["ok"], sort: ["_id"] });

    assert.equal(status, 200);
    assert.deepEqual(
      json.responses.map((answer: { status: number; hits: { total: { value: number } } }) => [
        answer.status,
        answer.hits.total.value,
      ]),
      [
        [200, 2],
        [200, 0],
        [200, 3],
      ],
    );
    assert.deepEqual(json.responses[2].hits, one.hits);
  });

  it("have their own errors, beside which the others are answered", async () => {
    const { status, json } = await send([
      `{"index":"none"}`,
      all,
      "{}",
      `{"query":{"query_string":{"query":"(a"}}}`,
      `{"index":"none","ignore_unavailable":true}`,
      all,
      "{}",
      all,
    ]);

    assert.equal(status, 200);
    assert.deepEqual(
      json.responses.map((answer: { status: number; error?: { type: string } }) => [
        answer.status,
        answer.error?.type,
      ]),
      [
        [404, "index_not_found_exception"],
        [400, "search_phase_execution_exception"],
        [200, undefined],
        [200, undefined],
      ],
    );
  });

  for (const [what, text, said] of [
    ["no text", "", /request body or source parameter is required/],
    ["no line", "\n", /no requests added/],
    ["a line without its end", `{}\n${all}`, /terminated by a newline/],
    ["one line for two", "{}\n", /has 1 lines/],
    ["a word that says nothing of where", `{"nope":1}\n${all}\n`, /key \[nope\] is not supported/],
    ["what is not taken", `{"routing":"a"}\n${all}\n`, /\[routing\] is not taken/],
    ["a name that is none", `{"index":{}}\n${all}\n`, /START_OBJECT in \[index\]/],
    ["a body that is no search", `{}\n{"nope":1}\n`, /nope/],
  ] as const)
    it(`are refused as a whole, of ${what}`, async () => {
      const { status, json } = await rest.ask("POST", "/_msearch", text);
      assert.equal(status, 400);
      assert.match(json.error.reason, said);
    });

  it("end where there is no room for their answers, and hold none afterwards", async () => {
    const answers = new MemoryBudget(4000);
    const searcher = searcherOver();
    let searches = 0;
    const find: typeof searcher.find = (...asked) => {
      searches++;
      return searcher.find(...asked);
    };
    const narrow = await new RestOfTest({ ...searcher, find }, { answers }).start();
    try {
      const search = "{}\n{}\n";
      const { status: one } = await narrow.ask("POST", "/_msearch", search);
      const { status, json } = await narrow.ask("POST", "/_msearch", search.repeat(100));
      assert.deepEqual([one, status, json.error.type], [200, 429, "circuit_breaking_exception"]);
      assert.ok(searches < 10, `${searches} searches`);
      await until(async () => answers.bytes === 0);
    } finally {
      await narrow.close();
    }
  });

  it("count as a number where that is asked for", async () => {
    const { json } = await send(["{}", all], "/small/_msearch?rest_total_hits_as_int=true");
    assert.equal(json.responses[0].hits.total, 3);
  });

  it("are what OpenSearch's client sends", async () => {
    const client = new Client({ node: rest.url });
    const { body } = await client.msearch({
      body: [{ index: "small" }, { size: 0 }, {}, { size: 1 }] as never,
    });
    await client.close();
    assert.deepEqual(
      body.responses.map((answer) => "hits" in answer && answer.hits.hits.length),
      [0, 1],
    );
  });
});

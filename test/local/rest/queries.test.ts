import assert from "node:assert/strict";
import { RestOfTest } from "./rest-of-test";

/** Each as a real OpenSearch 2.19 was seen to answer. */
const cases: readonly [string, object, readonly string[]][] = [
  ["matches any word of a text", { match: { message: "hello bye" } }, ["0", "1", "2"]],
  [
    "matches all words with the operator and",
    { match: { message: { query: "Hello WORLD", operator: "and" } } },
    ["0", "2"],
  ],
  [
    "matches so many words as are asked for",
    { match: { message: { query: "hello big there", minimum_should_match: "75%" } } },
    ["2"],
  ],
  [
    "finds a phrase, with a slop",
    { match_phrase: { message: { query: "hello world", slop: 2 } } },
    ["0", "2"],
  ],
  ["finds a phrase as it stands", { match_phrase: { message: "hello world" } }, ["0"]],
  ["finds a term as it is", { term: { message: "Hello" } }, []],
  ["finds a number written as a fraction", { term: { status: "404.0" } }, ["1"]],
  ["finds no fraction in whole numbers", { term: { status: 404.5 } }, []],
  ["finds one of several terms", { terms: { "host.name": ["web-2", "nope"] } }, ["1"]],
  ["finds a network", { term: { "client.ip": "10.0.0.0/8" } }, ["0"]],
  [
    "finds a range of times, its ends rounded",
    { range: { "@timestamp": { gte: "2026-11-26||/d", lt: "2026-11-28" } } },
    ["1"],
  ],
  [
    "reads times by the clock of a zone",
    {
      range: {
        "@timestamp": { gte: "2026-11-25T12:00:00", lte: "2026-11-25T12:00:00", time_zone: "+02:00" },
      },
    },
    ["0"],
  ],
  [
    "takes seconds since 1970",
    { range: { "@timestamp": { gte: 1795687200, format: "epoch_second" } } },
    ["1", "2"],
  ],
  ["finds what has a field", { exists: { field: "note" } }, ["1"]],
  ["finds what has any field of an object", { exists: { field: "host" } }, ["0", "1"]],
  ["finds ids", { ids: { values: ["2", "0", "9"] } }, ["0", "2"]],
  [
    "joins clauses",
    { bool: { must: { match: { message: "world" } }, must_not: [{ term: { ok: false } }] } },
    ["0", "2"],
  ],
  [
    "asks for one of the optional clauses where nothing is required",
    { bool: { should: [{ term: { ok: true } }, { term: { ok: false } }] } },
    ["0", "1"],
  ],
  [
    "asks for so many of the optional clauses",
    {
      bool: {
        should: [{ match: { message: "hello" } }, { term: { ok: true } }, { exists: { field: "note" } }],
        minimum_should_match: 2,
      },
    },
    ["0"],
  ],
  [
    "finds nothing beside a clause that cannot be",
    { bool: { must: [{ term: { nosuch: 1 } }, { term: { status: "x" } }] } },
    [],
  ],
  [
    "reads query_string with its operator",
    { query_string: { query: "hello big", default_operator: "AND" } },
    ["2"],
  ],
  [
    "reads query_string on some fields alone",
    { query_string: { query: "free", fields: ["message", "note"] } },
    ["1"],
  ],
  ["finds nothing for an empty query_string", { query_string: { query: "" } }, []],
  ["tells a value that no number is", { term: { status: "x" } }, ["400 query_shard_exception"]],
  ["tells a value that no time is", { range: { "@timestamp": { gte: "soon" } } }, ["400 parse_exception"]],
  ["lets a lenient match pass", { match: { status: { query: "x", lenient: true } } }, []],
  [
    "is strict in a query_string of named fields",
    { query_string: { query: "status:x", default_field: "message" } },
    ["400 query_shard_exception"],
  ],
  ["tells a text that is no query", { query_string: { query: "(" } }, ["400 query_shard_exception"]],
  ["tells a query that nobody knows", { nope: {} }, ["400 parsing_exception"]],
  ["tells a mistake within a clause", { bool: { must: [{ nope: {} }] } }, ["400 x_content_parse_exception"]],
  ["names a query that is not taken", { fuzzy: { message: "helo" } }, ["400 illegal_argument_exception"]],
];

describe("queries of the search API", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  for (const [title, query, ids] of cases) {
    it(title, async () => {
      assert.deepEqual(await rest.ids(query), ids);
    });
  }

  it("says which query it does not take, and which it does", async () => {
    const { json } = await rest.search({ query: { wildcard: { message: "h*" } } });

    assert.match(json.error.reason, /^\[wildcard\] is not taken .*query_string.*docs\/rest-api\.md/);
  });
});

import assert from "node:assert/strict";
import { RestOfTest } from "./rest-of-test";

describe("the search API", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  it("says what it is, to GET and HEAD", async () => {
    const { json } = await rest.ask("GET", "/");
    const head = await rest.ask("HEAD", "/");

    assert.equal(json.version.distribution, "opensearch");
    assert.equal(json.cluster_name, "test-dev");
    assert.deepEqual([head.status, head.text], [200, ""]);
  });

  it("says whether indices and documents are there, to HEAD alone", async () => {
    for (const [path, status] of [
      ["/small", 200],
      ["/sm*", 200],
      ["/none-*", 200],
      ["/none-*?allow_no_indices=false", 404],
      ["/none", 404],
      ["/none,small", 404],
      ["/none,small?ignore_unavailable=true", 200],
      ["/_none", 400],
      ["/small?x=1", 400],
      ["/small/_doc/0", 200],
      ["/small/_doc/9", 404],
      ["/small/_source/0", 200],
      ["/small/_source/9", 404],
    ] as const) {
      const head = await rest.ask("HEAD", path);
      assert.deepEqual([path, head.status, head.text], [path, status, ""]);
    }
    const { status, json } = await rest.ask("GET", "/small");
    assert.deepEqual([status, json.error.type], [400, "illegal_argument_exception"]);
  });

  it("is healthy where it answers", async () => {
    const { json } = await rest.ask("GET", "/_cluster/health");

    assert.deepEqual([json.status, json.number_of_nodes, json.active_primary_shards], ["green", 1, 1]);
  });

  it("lists indices as a table, with names and chosen columns, and as JSON", async () => {
    const named = await rest.ask("GET", "/_cat/indices?v&h=index,docs.count");
    const json = await rest.ask("GET", "/_cat/indices/sm*?format=json&bytes=b");

    assert.equal(named.text, "index docs.count\nsmall          3\n");
    assert.deepEqual(
      [json.json[0].index, json.json[0]["docs.count"], json.json[0].health],
      ["small", "3", "green"],
    );
    assert.match(json.json[0]["store.size"], /^\d+$/);
  });

  it("refuses units, formats and columns that there are not, instead of taking others", async () => {
    for (const [wrong, said] of [
      ["bytes=x", /\[bytes=x\] is not taken .*: taken are b, kb/],
      ["format=xml", /\[format=xml\] is not taken .*: taken are text and json/],
      ["s=foo", /unknown sort key \[foo\]/],
    ] as const) {
      const { status, json } = await rest.ask("GET", `/_cat/indices?${wrong}`);
      assert.equal(status, 400);
      assert.match(json.error.reason, said);
    }
    for (const right of ["bytes=g", "bytes=tb", "format=text", "s=creation.date:desc,dc"])
      assert.equal((await rest.ask("GET", `/_cat/indices?h=index,ss&${right}`)).status, 200);
    assert.equal((await rest.ask("GET", "/_cat/indices?h=ss&bytes=g")).text, "0\n");
  });

  it("counts, by query and in a table", async () => {
    const all = await rest.ask("GET", "/_count");
    const some = await rest.ask("POST", "/small/_count", { query: { match: { message: "hello" } } });
    const table = await rest.ask("GET", "/_cat/count/small?h=count");

    assert.deepEqual(all.json, { count: 3, _shards: { total: 1, successful: 1, skipped: 0, failed: 0 } });
    assert.equal(some.json.count, 2);
    assert.equal(table.text, "3\n");
  });

  it("tells which fields there are", async () => {
    const { json } = await rest.ask("GET", "/small/_mapping");
    const { properties } = json.small.mappings;

    assert.deepEqual(properties.host, { properties: { name: { type: "keyword" } } });
    assert.deepEqual(properties.status, { type: "long", ignore_malformed: true });
    assert.equal(properties.note.fields.keyword.type, "keyword");
  });

  it("tells what can be done with fields", async () => {
    const { json } = await rest.ask("GET", "/_field_caps?fields=mess*,status,note*");

    assert.deepEqual(json.fields.message, { text: { type: "text", searchable: true, aggregatable: false } });
    assert.deepEqual(json.fields["note.keyword"], {
      keyword: { type: "keyword", searchable: true, aggregatable: true },
    });
    assert.equal(
      (await rest.ask("GET", "/_field_caps")).json.error.type,
      "action_request_validation_exception",
    );
  });

  it("hands out a document by its id, digit for digit", async () => {
    const found = await rest.ask("GET", "/small/_doc/2?_source=big");
    const missing = await rest.ask("GET", "/small/_doc/9");

    assert.equal(
      found.text,
      '{"_index":"small","_id":"2","_version":1,"found":true,"_source":{"big":9007199254740993}}',
    );
    assert.deepEqual([missing.status, missing.json], [404, { _index: "small", _id: "9", found: false }]);
  });

  it("hands out a document without what is known of it, and tells one that there is not as an error", async () => {
    const found = await rest.ask("GET", "/small/_source/2?_source_includes=big,message");
    const refused = await Promise.all(
      ["/small/_source/9", "/none/_source/2", "/small/_source/2?_source=false"].map((path) =>
        rest.ask("GET", path),
      ),
    );

    assert.equal(found.text, '{"message":"hello there big world","big":9007199254740993}');
    assert.deepEqual(
      refused.map(({ json: { status, error } }) => [status, error.type, error.reason]),
      [
        [404, "resource_not_found_exception", "Document not found [small]/[9]"],
        [404, "index_not_found_exception", "no such index [none]"],
        [
          400,
          "action_request_validation_exception",
          "Validation Failed: 1: fetching source can not be disabled;",
        ],
      ],
    );
  });

  it("knows indices by name and pattern, and tells one that there is not", async () => {
    const total = async (path: string) => (await rest.ask("GET", path)).json.hits.total.value;

    assert.equal(await total("/sm*,other*/_search"), 3);
    assert.equal(await total("/_all/_search"), 3);
    assert.equal(await total("/*,-sm*/_search"), 0);
    assert.equal(await total("/nope,small/_search?ignore_unavailable=true"), 3);
    const { status, json } = await rest.ask("GET", "/nope/_search");
    assert.deepEqual([status, json.error.type, json.error.index], [404, "index_not_found_exception", "nope"]);
    assert.equal((await rest.ask("GET", "/nope*/_search?allow_no_indices=false")).status, 404);
  });

  it("names what it does not take", async () => {
    const untaken = [
      ["PUT", "/small/_doc/1"],
      ["POST", "/_bulk"],
      ["POST", "/_mget"],
      ["DELETE", "/small"],
      ["POST", "/_search/scroll"],
      ["POST", "/small/_search/point_in_time"],
      ["GET", "/_search?scroll=1m"],
    ] as const;
    for (const [method, path] of untaken) {
      const { status, json } = await rest.ask(method, path);
      assert.equal(status, 400, path);
      assert.match(json.error.reason, /is not taken by the search API of a local run/, path);
    }
  });

  it("refuses a parameter that nobody knows", async () => {
    const { json } = await rest.ask("GET", "/_search?nope=1");

    assert.equal(json.error.reason, "request [/_search] contains unrecognized parameter: [nope]");
  });

  it("refuses pages of other sites, and names that are not this machine's", async () => {
    const status = async (headers: Record<string, string>) =>
      (await rest.ask("GET", "/_search", undefined, headers)).status;

    assert.equal(await status({ origin: "http://evil.example" }), 403);
    assert.equal(await status({ "sec-fetch-site": "cross-site" }), 403);
    assert.equal(await status({ authorization: "Basic YTpi" }), 200);
  });

  it("indents where it is asked to", async () => {
    assert.match(
      (await rest.ask("GET", "/small/_doc/2?pretty")).text,
      /^\{\n {2}"_index": "small",[\s\S]*"big": 9007199254740993\n/,
    );
  });
});

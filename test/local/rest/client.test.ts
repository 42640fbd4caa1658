/** OpenSearch's own client for JavaScript, as an application uses it. */
import assert from "node:assert/strict";
import { Client, errors } from "@opensearch-project/opensearch";
import { RestOfTest } from "./rest-of-test";

describe("the search API and OpenSearch's client for JavaScript", () => {
  let rest: RestOfTest;
  let client: Client;
  before(async () => {
    rest = await new RestOfTest().start();
    client = new Client({ node: rest.url });
  });
  after(async () => {
    await client.close();
    await rest.close();
  });

  it("agree on who answers", async () => {
    assert.equal((await client.ping()).body, true);
    assert.match((await client.info()).body.version.number, /^2\.19\./);
    assert.match((await client.cluster.health()).body.status, /^(green|yellow)$/);
  });

  it("tell whether an index and a document are there", async () => {
    const asked = [
      client.indices.exists({ index: "small" }),
      client.indices.exists({ index: "large" }),
      client.exists({ index: "small", id: "0" }),
      client.exists({ index: "small", id: "9" }),
      client.existsSource({ index: "small", id: "0" }),
    ];

    assert.deepEqual(
      (await Promise.all(asked)).map(({ body }) => body),
      [true, false, true, false, true],
    );
  });

  it("find documents, in their order and a page at a time", async () => {
    // Their types would have each key in each of them.
    const sort = [{ "@timestamp": "desc" }, { _id: "asc" }] as never;
    const query = { match: { message: "world" } };
    const { body: first } = await client.search({ index: "small", body: { query, sort, size: 1 } });
    const [hit] = first.hits.hits;
    const { body: second } = await client.search({
      index: "small",
      body: { query, sort, size: 2, search_after: hit!.sort as never },
    });

    assert.deepEqual(first.hits.total, { value: 3, relation: "eq" });
    assert.deepEqual([hit!._id, ...second.hits.hits.map(({ _id }) => _id)], ["2", "1", "0"]);
  });

  it("count, by a query and by values", async () => {
    const { body: counted } = await client.count({
      index: "sm*",
      body: { query: { exists: { field: "ratio" } } },
    });
    const aggs = { hosts: { terms: { field: "host.name" } }, ratios: { stats: { field: "ratio" } } } as never;
    const { body: grouped } = await client.search({ index: "small", body: { size: 0, aggs } });
    // biome-ignore lint/suspicious/noExplicitAny: an aggregation has the shape that was asked for
    const { hosts, ratios } = grouped.aggregations as any;

    assert.equal(counted.count, 2);
    assert.deepEqual(
      hosts.buckets.map(({ key, doc_count }: { key: string; doc_count: number }) => [key, doc_count]),
      [
        ["web-1", 2],
        ["web-2", 1],
      ],
    );
    assert.deepEqual([ratios.count, ratios.sum], [2, 3.5]);
  });

  it("read one document, its index's types, and what there is", async () => {
    const { body: document } = await client.get({ index: "small", id: "1" });
    const { body: source } = await client.getSource({ index: "small", id: "1" });
    const { body: mapping } = await client.indices.getMapping({ index: "small" });
    const { body: indices } = await client.cat.indices({ format: "json" });

    assert.equal(document._source?.["message"], "bye world");
    assert.deepEqual(source, document._source);
    assert.deepEqual(mapping["small"]?.mappings.properties?.["ratio"], { type: "double" });
    assert.deepEqual(
      (indices as { index: string }[]).map(({ index }) => index),
      ["small"],
    );
  });

  it("tell what is refused as the client's own errors", async () => {
    const refused = async (call: Promise<unknown>): Promise<[number | undefined, string]> => {
      const error = await call.then(
        () => assert.fail("was answered"),
        (thrown: unknown) => thrown as InstanceType<typeof errors.ResponseError>,
      );
      assert.ok(error instanceof errors.ResponseError, String(error));
      return [error.statusCode, String(error.body?.error?.type ?? error.body?.found)];
    };

    assert.deepEqual(await refused(client.search({ index: "none" })), [404, "index_not_found_exception"]);
    assert.deepEqual(await refused(client.search({ body: { query: { nothing: {} } } as never })), [
      400,
      "parsing_exception",
    ]);
    assert.deepEqual(await refused(client.get({ index: "small", id: "9" })), [404, "false"]);
    assert.equal((await refused(client.index({ index: "small", body: { a: 1 } })))[0], 400);
  });
});

import assert from "node:assert/strict";
import { RestOfTest } from "./rest-of-test";

describe("aggregations of the search API", () => {
  let rest: RestOfTest;
  before(async () => {
    rest = await new RestOfTest().start();
  });
  after(() => rest.close());

  const ask = async (a: object, query: object = { match_all: {} }) => {
    const { json } = await rest.search({ size: 0, query, aggs: { a } });
    return json.aggregations?.a ?? `${json.status} ${json.error.type}`;
  };
  const buckets = (found: { buckets: { key: unknown; doc_count: number }[] }) =>
    found.buckets.map(({ key, doc_count }) => [key, doc_count]);

  it("count values, each document once for each", async () => {
    assert.deepEqual(buckets(await ask({ terms: { field: "status" } })), [
      [200, 1],
      [404, 1],
      [500, 1],
    ]);
    assert.deepEqual(buckets(await ask({ terms: { field: "host.name" } })), [
      ["web-1", 2],
      ["web-2", 1],
    ]);
    assert.deepEqual(buckets(await ask({ terms: { field: "client.ip" } })), [
      ["10.0.0.1", 1],
      ["2001:db8::1", 1],
    ]);
    assert.deepEqual(buckets(await ask({ terms: { field: "nosuch" } })), []);
  });

  it("order buckets, and say how many documents are in those left out", async () => {
    const found = await ask({ terms: { field: "host.name", size: 1, order: { _key: "desc" } } });
    assert.deepEqual(found, {
      doc_count_error_upper_bound: 0,
      sum_other_doc_count: 2,
      buckets: [{ key: "web-2", doc_count: 1 }],
    });
    const byNumber = await ask({
      terms: { field: "host.name", order: { "s.max": "asc" } },
      aggs: { s: { stats: { field: "ratio" } } },
    });
    assert.deepEqual(buckets(byNumber), [
      ["web-1", 2],
      ["web-2", 1],
    ]);
  });

  it("give numbers over a field", async () => {
    assert.deepEqual(await ask({ stats: { field: "status" } }), {
      count: 4,
      min: 200,
      max: 500,
      avg: 377,
      sum: 1508,
    });
    assert.deepEqual(await ask({ stats: { field: "nosuch" } }), {
      count: 0,
      min: null,
      max: null,
      avg: null,
      sum: 0,
    });
    assert.deepEqual(await ask({ cardinality: { field: "status" } }), { value: 3 });
    assert.deepEqual(await ask({ max: { field: "@timestamp" } }), {
      value: 1795860000000,
      value_as_string: "2026-11-28T10:00:00.000Z",
    });
  });

  it("draw bars of time, those between without documents too", async () => {
    const found = await ask({ date_histogram: { field: "@timestamp", fixed_interval: "1d" } });

    assert.deepEqual(
      found.buckets.map((one: { key_as_string: string; doc_count: number }) => [
        one.key_as_string.slice(0, 10),
        one.doc_count,
      ]),
      [
        ["2026-11-25", 1],
        ["2026-11-26", 1],
        ["2026-11-27", 0],
        ["2026-11-28", 1],
      ],
    );
  });

  it("draw bars by the calendar and the clock of a zone", async () => {
    const keys = async (options: object) =>
      (await ask({ date_histogram: { field: "@timestamp", min_doc_count: 1, ...options } })).buckets.map(
        (one: { key_as_string: string }) => one.key_as_string,
      );

    assert.deepEqual(await keys({ calendar_interval: "month", format: "yyyy-MM" }), ["2026-11"]);
    assert.deepEqual(
      (await keys({ calendar_interval: "day", time_zone: "America/New_York" }))[0],
      "2026-11-25T00:00:00.000-05:00",
    );
    assert.deepEqual(await keys({ calendar_interval: "week" }), ["2026-11-23T00:00:00.000Z"]);
  });

  it("divide by ranges and by queries", async () => {
    assert.deepEqual(
      await ask({
        range: {
          field: "status",
          ranges: [
            { from: 400, to: 500 },
            { to: 300, key: "good" },
          ],
        },
      }),
      {
        buckets: [
          { key: "good", to: 300, doc_count: 1 },
          { key: "400.0-500.0", from: 400, to: 500, doc_count: 1 },
        ],
      },
    );
    assert.deepEqual(
      await ask({ filters: { filters: { hello: { match: { message: "hello" } } }, other_bucket: true } }),
      {
        buckets: { hello: { doc_count: 2 }, _other_: { doc_count: 1 } },
      },
    );
  });

  it("stand within buckets", async () => {
    const found = await ask({
      filters: { filters: { none: { match_none: {} }, all: { match_all: {} } } },
      aggs: {
        s: { sum: { field: "ratio" } },
        h: { terms: { field: "host.name" }, aggs: { m: { min: { field: "status" } } } },
      },
    });

    assert.deepEqual(found.buckets.none, {
      doc_count: 0,
      s: { value: 0 },
      h: { doc_count_error_upper_bound: 0, sum_other_doc_count: 0, buckets: [] },
    });
    assert.equal(found.buckets.all.s.value, 3.5);
    assert.deepEqual(found.buckets.all.h.buckets, [
      { key: "web-1", doc_count: 2, m: { value: 200 } },
      { key: "web-2", doc_count: 1, m: { value: 404 } },
    ]);
  });

  it("are refused where they cannot be", async () => {
    assert.equal(await ask({ terms: { field: "message" } }), "400 search_phase_execution_exception");
    assert.equal(await ask({ stats: { field: "host.name" } }), "400 search_phase_execution_exception");
    assert.equal(await ask({ nope: {} }), "400 parsing_exception");
    assert.equal(await ask({ composite: {} }), "400 illegal_argument_exception");
    assert.equal(
      await ask({ date_histogram: { field: "@timestamp", fixed_interval: "1M" } }),
      "400 x_content_parse_exception",
    );
    assert.equal(
      await ask({ date_histogram: { field: "@timestamp", fixed_interval: "1ms" } }),
      "400 search_phase_execution_exception",
    );
  });
});

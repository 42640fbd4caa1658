/** Charts over one field: by the embedded index, and as a real OpenSearch is asked. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson } from "../../local/exact-json";
import { fieldCharts } from "../../local/field-charts";
import { RemoteCharts } from "../../local/remote/charts";
import { type EmbeddedIndex, type FieldCharts, QueryError } from "../../local/rooms";
import { openEmbeddedIndex } from "../../local/search/embedded-index";

const startMs = Date.UTC(2026, 2, 1, 9);
const minuteMs = 60_000;

describe("charts over a field of the embedded index", () => {
  let folder: string;
  let index: EmbeddedIndex;
  let charts: FieldCharts;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "charts-"));
    const opened = await openEmbeddedIndex({
      file: join(folder, "index.sqlite"),
      panels: [],
      template: { settings: {}, mappings: { properties: { ip: { type: "ip" } } } },
    });
    index = opened;
    charts = fieldCharts(opened);
    const sources = [
      { message: "GET /cart", took: 10, ok: true, ip: "10.0.0.1" },
      { message: "GET /cart", took: 30, ok: true, ip: "10.0.0.1" },
      { message: "GET /login", took: 3, ok: false, ip: "2001:db8::1" },
      { message: "GET /help", ok: true },
    ].map((source, k) => ({ "@timestamp": new Date(startMs + k * 40_000).toISOString(), ...source }));
    await index.write(
      sources.map((source, k) => ({
        seq: k + 1,
        id: `e.${k + 1}`,
        index: k < 3 ? "web-1" : "web-2",
        arrivalMs: startMs,
        source: JSON.stringify(source),
      })),
    );
    await index.settle({ throughSeq: 4, indexed: 4, dropped: 0, failed: 0, failedObjects: [] });
  });
  after(async () => {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const top = async (field: string, more: object = {}) => {
    const { values, others } = await charts.topValues({ query: "", field, size: 2, ...more });
    return [...values.map(({ value, count }) => `${value} ${count}`), others];
  };

  it("lists the most frequent values of texts, numbers, addresses and flags, and how many more there are", async () => {
    assert.deepEqual((await top("message"))[0], "GET /cart 2");
    assert.deepEqual((await top("message"))[2], 1);
    assert.deepEqual((await top("ip")).sort(), [0, "10.0.0.1 2", "2001:db8::1 1"]);
    assert.deepEqual(await top("ok"), ["true 3", "false 1", 0]);
    assert.deepEqual(await top("took", { query: "took:>20" }), ["30 1", 0]);
    assert.deepEqual(await top("none"), [0]);
  });

  it("follows query, time and index", async () => {
    assert.deepEqual(await top("message", { query: "message:cart" }), ["GET /cart 2", 0]);
    assert.deepEqual(await top("message", { fromMs: startMs + minuteMs, toMs: startMs + 2 * minuteMs }), [
      "GET /login 1",
      0,
    ]);
    assert.deepEqual(await top("message", { index: "*-2" }), ["GET /help 1", 0]);
    assert.deepEqual(await top("message", { query: "cart" }), ["GET /cart 2", 0]);
    await assert.rejects(top("message", { query: "(" }), QueryError);
  });

  it("sums numbers up for each interval, without those that have none", async () => {
    const { bars } = await charts.numbersOverTime({ query: "", field: "took", intervalMs: minuteMs });

    assert.deepEqual(bars, [
      { startMs, count: 2, min: 10, avg: 20, max: 30 },
      { startMs: startMs + minuteMs, count: 1, min: 3, avg: 3, max: 3 },
    ]);
    await assert.rejects(
      charts.numbersOverTime({ query: "", field: "took", intervalMs: 1, maxBars: 2 }),
      /more than 2 bars/,
    );
    await assert.rejects(
      charts.numbersOverTime({ query: "", field: "message", intervalMs: minuteMs }),
      QueryError,
    );
  });
});

describe("charts over a field of a real OpenSearch", () => {
  const chartsOf = (answer: string | undefined, asked: object[] = []) =>
    new RemoteCharts(async (_request, body) => {
      asked.push(body);
      return answer === undefined ? undefined : parseJson(answer);
    });

  it("reads its values and numbers, digits and all", async () => {
    const values =
      '{"aggregations":{"top":{"buckets":[{"key":1.0,"doc_count":7},{"key":1,"key_as_string":"true","doc_count":2}]},"all":{"value":5}}}';
    assert.deepEqual(await chartsOf(values).topValues({ query: "", field: "a", size: 2 }), {
      values: [
        { value: "1.0", count: 7 },
        { value: "true", count: 2 },
      ],
      others: 3,
      timedOut: false,
    });
    const numbers =
      '{"timed_out":true,"aggregations":{"time":{"buckets":[{"key":60000,"of":{"count":2,"min":1.0,"avg":1.5,"max":2.0}},{"key":120000,"of":{"count":0,"min":null}}]}}}';
    assert.deepEqual(await chartsOf(numbers).numbersOverTime({ query: "", field: "a", intervalMs: 60_000 }), {
      bars: [{ startMs: 60_000, count: 2, min: 1, avg: 1.5, max: 2 }],
      timedOut: true,
    });
    assert.deepEqual(await chartsOf(undefined).topValues({ query: "", field: "a", size: 2 }), {
      values: [],
      others: 0,
      timedOut: true,
    });
  });

  it("asks the copy of a text, and says why where there is none", async () => {
    const asked: string[] = [];
    const charts = (copy: string) =>
      new RemoteCharts(async (_request, body) => {
        const { field } = (body as { aggs: { top: { terms: { field: string } } } }).aggs.top.terms;
        asked.push(field);
        if (field === "message") throw new QueryError({ message: "Text fields are not optimised" });
        return parseJson(copy);
      });
    const found = await charts(
      '{"aggregations":{"top":{"buckets":[{"key":"x","doc_count":1}]},"all":{"value":1}}}',
    ).topValues({ query: "", field: "message", size: 2 });

    assert.deepEqual([found.values, asked], [[{ value: "x", count: 1 }], ["message", "message.keyword"]]);
    await assert.rejects(
      charts('{"aggregations":{"top":{"buckets":[]}}}').topValues({ query: "", field: "message", size: 2 }),
      /not optimised/,
    );
  });
});

/** What the page asks beside a search, answered by a real OpenSearch: charts, order by a column, what was around. */
import { strict as assert } from "node:assert";
import { openSearchMissing } from "../../engines/opensearch/node";
import { OpenSearchSearcher } from "../../local/remote/opensearch-searcher";
import { DashboardOfTest } from "../local/dashboard/dashboard-of-test";
import { needs } from "./needs";
import { sharedOpenSearch } from "./opensearch/shared-node";

const startMs = Date.UTC(2026, 2, 1, 9);
const index = "remote-page-2026-03-01";

/** Four in a minute each, two minutes; the last one has a number that does not fit. */
const documents = [200, 200, 404, 503, 200, 404, 404, "odd"].map((status, k) => ({
  "@timestamp": new Date(startMs + Math.floor(k / 4) * 60_000 + k).toISOString(),
  message: `request ${k}`,
  state: k % 4 === 3 ? "bad" : "good",
  status,
  ip: `10.0.0.${k % 2}`,
}));

describe("the page's questions to a real OpenSearch", () => {
  const dashboard = new DashboardOfTest();
  let url = "";
  before(async function () {
    needs(this, openSearchMissing());
    ({ url } = await sharedOpenSearch());
    const mappings = {
      properties: {
        status: { type: "long", ignore_malformed: true },
        ip: { type: "ip" },
      },
    };
    await send("PUT", `/${index}`, JSON.stringify({ mappings }), "application/json");
    const lines = documents.flatMap((one, k) => [{ index: { _id: `d${k}` } }, one]);
    const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
    await send("POST", `/${index}/_bulk?refresh=true`, body, "application/x-ndjson");
    const searcher = new OpenSearchSearcher({ url, indexName: "remote-page", panels: [] });
    await dashboard.start({ searcher, charts: searcher.charts });
  });
  after(() => dashboard.close());

  async function send(method: string, path: string, body: string, type: string): Promise<void> {
    const answer = await fetch(url + path, { method, headers: { "content-type": type }, body });
    assert.ok(answer.ok, await answer.text());
  }
  const get = async (path: string) => (await dashboard.get(path)).json;
  const messages = (hits: { sourceText: string }[]) => hits.map((hit) => JSON.parse(hit.sourceText).message);

  it("counts a field's most frequent values, of a number, an address and a text by its whole values", async () => {
    const { values, others } = await get("/api/charts/values?field=status&size=2");
    const states = await get("/api/charts/values?field=state&size=5");
    const ips = await get("/api/charts/values?field=ip&size=5&q=status:200");

    assert.deepEqual([values, others].flat(), [{ value: "200", count: 3 }, { value: "404", count: 3 }, 1]);
    assert.deepEqual(states.values, [
      { value: "good", count: 6 },
      { value: "bad", count: 2 },
    ]);
    assert.deepEqual(ips.values, [
      { value: "10.0.0.0", count: 2 },
      { value: "10.0.0.1", count: 1 },
    ]);
  });

  it("draws a number over time, and says of a field without numbers that it has none", async () => {
    const asked = `intervalMs=60000&fromMs=${startMs}&toMs=${startMs + 120_000}`;
    const { bars } = await get(`/api/charts/numbers?field=status&${asked}`);
    const wrong = await dashboard.get(`/api/charts/numbers?field=state&${asked}`);

    assert.deepEqual(bars, [
      { startMs, count: 4, min: 200, avg: 326.75, max: 503 },
      { startMs: startMs + 60_000, count: 3, min: 200, avg: 336, max: 404 },
    ]);
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.error.message, /state/);
  });

  it("orders the documents by a column, a text behind the numbers", async () => {
    const { hits, sorted_among: among } = await get("/api/search?sort=status:desc&size=3&source=text");
    const least = await get("/api/search?sort=status:asc&size=2&source=text");

    assert.deepEqual([messages(hits)[0], among], ["request 7", 8]);
    assert.deepEqual(messages(least.hits), ["request 4", "request 1"]);
  });

  it("tells what was before and after a time", async () => {
    const around = await get(`/api/around?atMs=${startMs + 2}&size=2`);

    assert.deepEqual(messages(around.before), ["request 1", "request 0"]);
    assert.deepEqual(messages(around.after), ["request 2", "request 3"]);
  });
});

import assert from "node:assert/strict";
import type { Hit } from "../../../local/rooms";
import { DashboardOfTest } from "./dashboard-of-test";

describe("matches in the order of a field", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
    const sources = [
      { n: 5, who: { name: "Bob" } },
      { n: "10", who: { name: "ada" } },
      {},
      { n: [7, 1] },
      { n: "x" },
      { n: 5, who: { name: "Eve" } },
    ];
    for (const [k, source] of sources.entries()) dashboard.searcher.add(JSON.stringify(source), k);
  });
  afterEach(() => dashboard.close());

  const ids = async (sort: string, more = "") => {
    const { json } = await dashboard.get(`/api/search?size=10&sort=${sort}${more}`);
    return [json.hits.map((hit: Hit) => hit._id).join(""), json.sorted_among];
  };

  it("puts numbers as numbers, texts behind them, and what has no such field last; the newer first among equals", async () => {
    assert.deepEqual(await ids("n:asc"), ["614253", 6]);
    assert.deepEqual(await ids("n:desc"), ["524613", 6]);
    assert.deepEqual(await ids("who.name:asc"), ["216543", 6]);
    assert.deepEqual(await ids("@timestamp:asc"), ["123456", 6]);
  });

  it("takes a page of them", async () => {
    const { json } = await dashboard.get("/api/search?sort=n:desc&from=1&size=2");

    assert.deepEqual(
      json.hits.map((hit: Hit) => hit._id),
      ["2", "4"],
    );
    assert.equal(json.total, 6);
  });

  it("says how many of the matches were put in order", async () => {
    const { searcher } = dashboard;
    const search = searcher.search.bind(searcher);
    searcher.search = async (request, patience) => ({ ...(await search({ ...request, size: 2 }, patience)) });

    assert.deepEqual(await ids("n:asc"), ["65", 2]);
  });

  it("refuses an order that there is not", async () => {
    const { status, json } = await dashboard.get("/api/search?sort=n:up");

    assert.equal(status, 400);
    assert.match(json.error.message, /sort is "n:up", allowed is FIELD:asc or FIELD:desc/);
  });
});

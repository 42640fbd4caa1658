/** A field as a chart, in a real browser. */
import assert from "node:assert/strict";
import { QueryError, type SearchRequest } from "../../local/rooms";
import { pageOverServer } from "./page-over-server";

describe("the page's charts in a browser", () => {
  const suite = pageOverServer();
  const button = (name: string) => suite.page.getByRole("button", { name, exact: true });
  const bars = () => suite.page.locator(".chart .bars .value").allTextContents();
  let asked: (SearchRequest & { field: string })[];
  /** Of a terms chart: the documents that match, by their value. */
  async function countValues({ field, query }: { field: string; query: string }) {
    const { hits } = await suite.dashboard.searcher.search({ query, size: 100 });
    const counts = new Map<string, number>();
    for (const { source } of hits) {
      const value = String(JSON.parse(source)[field]);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const values = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
    return { values: values.slice(0, 2), others: Math.max(0, values.length - 2), timedOut: false };
  }

  beforeEach(async () => {
    asked = [];
    const { dashboard } = suite;
    await dashboard.close();
    const startMs = Math.floor(Date.now() / 60_000) * 60_000;
    await dashboard.start({
      charts: {
        topValues: async (request) => {
          asked.push(request);
          return countValues(request);
        },
        numbersOverTime: async (request) => {
          asked.push(request);
          if (request.field !== "status")
            throw new QueryError({ message: `${request.field} has no numbers` });
          const bar = { count: 3, min: 200, avg: 301, max: 503 };
          return {
            bars: [bar, bar].map((one, k) => ({ startMs: startMs - k * 60_000, ...one })).reverse(),
            timedOut: true,
          };
        },
      },
    });
    for (const [state, status] of [
      ["ok", 200],
      ["ok", 200],
      ["ok", 404],
      ["bad", 503],
      ["odd", 404],
    ] as const)
      dashboard.searcher.add(JSON.stringify({ message: "check", state, status }));
  });

  it("shows the top values of a field from the list by keyboard alone, follows the query, and filters by one", async () => {
    await suite.go();
    const field = suite.page.locator(".fields summary", { hasText: "state" });
    await field.focus();
    await suite.page.keyboard.press("Enter");
    await suite.page
      .locator(".fields details[open]")
      .getByRole("button", { name: "Chart of state", exact: true })
      .focus();
    await suite.page.keyboard.press("Enter");
    await suite.page.locator(".chart .bars").waitFor();

    assert.deepEqual(await bars(), ["ok3", "odd1"]);
    await suite.page.getByText("1 other value.", { exact: true }).waitFor();
    assert.match(suite.page.url(), /chart=state/);
    await suite.fitsEveryone("chart-values");
    await suite.ask("404");
    await suite.page.locator(".chart .value", { hasText: /^ok1$/ }).waitFor();
    assert.deepEqual((await bars()).sort(), ["odd1", "ok1"]);
    await suite.page.locator(".chart .value", { hasText: "ok" }).click();

    await suite.page.locator(".filter .what", { hasText: "state is ok" }).waitFor();
    await button("Close the chart").click();
    await suite.page.locator(".chart").waitFor({ state: "detached" });
  });

  it("draws a number over time from an open document, and says that it is a part", async () => {
    await suite.go();
    await suite.rows().first().click();
    await button("Chart of status").click();

    const plot = suite.page.getByRole("img", {
      name: "status over time: 200 to 503, on average 301",
      exact: true,
    });
    await plot.waitFor();
    await suite.page.locator(".chart .part").waitFor();
    const { field, fromMs } = asked.at(-1)!;
    assert.deepEqual([field, typeof fromMs], ["status", "number"]);
    await suite.fitsEveryone("chart-numbers");
    await button("Top values").click();
    await suite.page.locator(".chart .bars").waitFor();
  });

  it("says why there is no chart", async () => {
    await suite.go("?chart=state");
    await button("Over time").click();

    await suite.page.getByRole("alert").filter({ hasText: "state has no numbers" }).waitFor();
  });
});

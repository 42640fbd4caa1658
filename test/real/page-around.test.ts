/** One document by its address, and its neighbours in time, over the program as `npm start` runs it. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

describe("the page's surrounding documents in a browser", () => {
  const suite = pageSuite();
  const message = (text: string) => suite.page.locator(".around .message", { hasText: text });

  before(async () => {
    const startMs = Date.now() - 600_000;
    await suite.send(
      Array.from({ length: 41 }, (_none, k) => {
        const time = new Date(startMs + k * 1_000).toISOString();
        return JSON.stringify({
          "@timestamp": time,
          message: `event ${k}`,
          kind: k === 20 ? "odd" : "usual",
        });
      }),
    );
  });

  it("shows what came before and after a document, whatever the query, and more of it", async () => {
    await suite.go("?q=kind:odd");
    await suite.shows("[data-total]", "1");
    await suite.rows().first().click();
    await suite.page.getByRole("link", { name: "Surrounding documents" }).click();
    await message("event 15").waitFor();

    assert.deepEqual(
      await suite.page.locator(".around .message").allTextContents(),
      [25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15].map((k) => `event ${k}`),
    );
    await suite.fitsEveryone("around");
    await suite.page.getByRole("button", { name: "More" }).first().click();
    await message("event 0").waitFor();
    await suite.page.getByText("The document", { exact: true }).waitFor();
    assert.equal(await suite.page.locator(".around .message").count(), 41);
    await suite.page.getByRole("link", { name: "Back to the search" }).click();
    await suite.shows("[data-total]", "1");
  });

  it("opens a document by its address alone, and goes on to a neighbour", async () => {
    await suite.go("?q=kind:odd");
    await suite.rows().first().click();
    await suite.page.getByRole("link", { name: "Surrounding documents" }).click();
    await suite.page.waitForURL(/doc=/);
    const doc = new URL(suite.page.url()).searchParams.get("doc")!;

    await suite.go(`?doc=${encodeURIComponent(doc)}`);
    await suite.page.locator(".whole pre", { hasText: '"event 20"' }).waitFor();
    await suite.page.locator(".around .row", { hasText: "event 21" }).click();
    await suite.page.getByRole("link", { name: "Surrounding documents" }).click();

    await suite.page.locator(".chosen .whole pre", { hasText: '"event 21"' }).waitFor();
  });

  it("says so where there is no such document", async () => {
    await suite.go("?doc=example-2026/none");

    await suite.page.getByText("There is no document").waitFor();
  });

  it("finds a document by its _id and its _index", async () => {
    await suite.go("?q=kind:odd");
    await suite.rows().first().click();
    await suite.page.getByRole("button", { name: /^Show only _id/ }).click();
    await suite.page.locator(".filter", { hasText: "_id is" }).waitFor();
    await suite.page.getByRole("button", { name: /^Show only _index/ }).click();
    await suite.page.locator(".filter", { hasText: "_index is" }).waitFor();

    await suite.shows("[data-total]", "1");
  });
});

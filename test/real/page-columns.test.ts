/** Columns to choose, to order and to sort by, and what stands in a line of the list. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pageOverServer } from "./page-over-server";

describe("the page's columns in a browser", () => {
  const suite = pageOverServer();
  const button = (name: string | RegExp) => suite.page.getByRole("button", { name, exact: true });
  const heads = () => suite.page.locator(".columns > thead th .by").allTextContents();
  const cells = (column: number) =>
    suite.page.locator(`.columns > tbody > tr > td:nth-child(${column})`).allTextContents();

  function addThree(): void {
    const now = Date.now();
    for (const [k, status] of [404, 200, 503].entries()) {
      const source = {
        "@timestamp": new Date(now + k).toISOString(),
        message: `bye ${k}`,
        status,
        user: { name: `u${k}` },
      };
      suite.dashboard.searcher.add(JSON.stringify(source), now + k);
    }
  }

  it("makes a column of a field from the list or an open document, moves, removes and keeps them", async () => {
    addThree();
    await suite.go();
    await suite.page.locator(".fields summary", { hasText: "status" }).click();
    await button("status as a column").click();
    await suite.page.locator(".columns").waitFor();
    await suite.rows().first().click();
    await button("user.name as a column").click();
    await suite.page.locator(".columns > thead th", { hasText: "user.name" }).waitFor();

    assert.deepEqual(await heads(), ["status", "user.name"]);
    await suite.rows().first().click();
    await button("Move user.name to the left").click();
    await suite.page.reload();
    await suite.page.locator(".columns").waitFor();
    assert.deepEqual(await heads(), ["user.name", "status"]);
    assert.deepEqual(await cells(2), ["u2", "u1", "u0"]);
    await suite.fitsEveryone("columns");
    await button("Remove the column user.name").click();
    await button("Remove the column status").click();
    await suite.page.locator(".documents ol").waitFor();
  });

  it("sorts by a column, the largest first, then the smallest, then by time again, and says so", async () => {
    addThree();
    await suite.go("?col=status");
    await suite.page.locator(".columns").waitFor();

    await button("status").click();
    await suite.page.locator(".sorted", { hasText: /^\s*largest status first ·/ }).waitFor();
    assert.deepEqual(await cells(2), ["503", "404", "200"]);
    await button("status ↓").click();
    await suite.page.locator(".sorted", { hasText: "smallest status first" }).waitFor();
    assert.deepEqual(await cells(2), ["200", "404", "503"]);
    assert.equal(
      await suite.page.locator(".columns > thead th").nth(1).getAttribute("aria-sort"),
      "ascending",
    );
    await button("status ↑").click();

    await suite.page.locator(".sorted").waitFor({ state: "detached" });
    await suite.page.getByRole("heading", { name: "Newest documents" }).waitFor();
  });

  it("says that only the newest were put in order where there are more", async () => {
    addThree();
    const { searcher } = suite.dashboard;
    const search = searcher.search.bind(searcher);
    searcher.search = async (request, patience) => ({ ...(await search({ ...request, size: 2 }, patience)) });

    await suite.go("?col=status&sort=status:desc");

    await suite.page.locator(".sorted", { hasText: "among the newest 2 of 3" }).waitFor();
  });

  it("exports the chosen columns as CSV, and the time and all fields where none is chosen", async () => {
    addThree();
    const csv = async (search: string) => {
      await suite.go(search);
      await suite.shows("[data-total]", "3");
      const downloading = suite.page.waitForEvent("download");
      await suite.page.getByRole("link", { name: "CSV" }).click();
      return readFileSync(await (await downloading).path(), "utf8").split("\r\n");
    };

    const [head, first] = await csv("?col=user.name&col=@timestamp");
    assert.equal(head, "\ufeff_index,_id,user.name,@timestamp,_source");
    assert.match(first!, /^example-[^,]*,1,u0,\d{4}-\d\d-\d\dT/);
    assert.equal((await csv(""))[0], "\ufeff_index,_id,@timestamp,message,status,user.name,_source");
  });

  it("shows of a document without a message its msg, its log or its first text, not its time again", async () => {
    const time = new Date().toISOString();
    const add = (source: object) =>
      suite.dashboard.searcher.add(JSON.stringify({ "@timestamp": time, time, n: 5, ...source }));
    add({ a: "x", msg: "from msg" });
    add({ a: "x", log: "from log" });
    add({ level: "from a text", b: "y" });

    await suite.go();
    await suite.rows().nth(2).waitFor();

    assert.deepEqual(await suite.page.locator(".documents .message").allTextContents(), [
      "level from a text",
      "log from log",
      "msg from msg",
    ]);
    await suite.page.locator(".fields .name").getByText("@timestamp", { exact: true }).waitFor();
  });
});

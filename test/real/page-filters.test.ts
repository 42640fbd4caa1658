/** Filters as pills, made from values, fields and the histogram, over the program as `npm start` runs it. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

describe("the page's filters in a browser", () => {
  const suite = pageSuite();
  const long = `long ${"word ".repeat(400)}end`;
  const pill = (words: string) => suite.page.locator(".filter", { hasText: words });
  const button = (name: string | RegExp) => suite.page.getByRole("button", { name, exact: true });

  before(async () => {
    await suite.send([
      '{"message":"bye world: 1 (of 2)","status":500,"user":{"name":"Ada \\"L\\""},"ok":true,"none":null}',
      '{"message":"hello world 2","status":200,"user":{"name":"Bob"}}',
      '{"message":"hello world 3","status":404}',
      JSON.stringify({ message: long, status: 503, odd: "a/b" }),
    ]);
  });

  it("finds a document by each of its values, and leaves it out by each", async () => {
    for (const query of ["bye", "end"]) {
      await suite.go(`?q=${query}`);
      await suite.shows("[data-total]", "1");
      await suite.calm();
      await suite.rows().first().click();
      const plus = suite.page.locator(".values button", { hasText: "+" });
      await plus.first().waitFor();
      const values = await plus.count();
      for (let place = 0; place < values; place += 1) {
        const words = await plus.nth(place).getAttribute("aria-label");
        await plus.nth(place).click();
        await suite.page.locator(".filter").waitFor();
        await suite.shows("[data-total]", "1");
        await suite.page.locator(".filter .what").click();
        await suite.page.locator(".filter.off").waitFor();
        await suite.shows("[data-total]", "1");
        await suite.page.getByRole("button", { name: /^Remove / }).click();
        await suite.page.locator(".filter").waitFor({ state: "detached" });
        assert.ok(words);
      }
      await suite.page.getByRole("button", { name: /^Leave out message/ }).click();
      await suite.shows("[data-total]", "0");
    }
  });

  it("turns a filter off and on, inverts, edits and removes it, and keeps it in the address", async () => {
    await suite.go("?range=all&q=world");
    await suite.shows("[data-total]", "3");
    await suite.page.locator(".fields summary", { hasText: /^status(?!\.)/ }).click();
    await suite.page.locator(".fields details[open] .value", { hasText: "200" }).click();
    await suite.shows("[data-total]", "1");
    await pill("status is 200").waitFor();

    await button("Invert status is 200").click();
    await suite.shows("[data-total]", "2");
    await button("status is not 200").click();
    await suite.shows("[data-total]", "3");
    await suite.page.reload();
    await suite.page.locator(".filter.off", { hasText: "status is not 200" }).waitFor();
    await button("status is not 200").click();
    await suite.shows("[data-total]", "2");
    await button("Edit status is not 200").click();
    await suite.page.getByLabel("Filter", { exact: true }).fill("status:[400 TO 499]");
    await suite.page.keyboard.press("Enter");
    await suite.shows("[data-total]", "2");
    await pill("not status:[400 TO 499]").waitFor();
    await suite.fitsEveryone("filters");
    await button("Remove not status:[400 TO 499]").click();
    await suite.shows("[data-total]", "3");
    await suite.page.goBack();
    await pill("not status:[400 TO 499]").waitFor();
  });

  it("says which filter cannot be read, and does not let a query swallow it", async () => {
    await suite.go("?q=world&f=is:status:[400 to 499]");
    await suite.page.locator("#query-error").waitFor();
    await suite.page.locator(".filter.faulty").waitFor();
    assert.equal(await suite.page.getByLabel("Query", { exact: true }).getAttribute("aria-invalid"), "false");

    await suite.go("?q=a) OR (b&f=is:status:200");
    await suite.page.locator("#query-error", { hasText: 'A ")" too many' }).waitFor();
    assert.equal(await suite.page.locator("#query-error .locate mark").textContent(), ")");
  });

  it("filters by a part of the histogram, and narrows the time to a bar that is clicked", async () => {
    await suite.go();
    await suite.shows("[data-total]", "4");
    await suite.page.locator(".legend button", { hasText: "bye" }).click();
    await suite.shows("[data-total]", "1");
    await pill("message is bye").waitFor();
    await suite.calm();

    const plot = suite.page.locator(".histogram .u-over");
    const { width } = (await plot.boundingBox())!;
    await plot.click({ position: { x: 2, y: 20 } });

    await suite.page.waitForURL(/from=.*to=/);
    const address = new URL(suite.page.url()).searchParams;
    const spanMs = Date.parse(address.get("to")!) - Date.parse(address.get("from")!);
    assert.equal(spanMs, 60_000, `${width} px`);
    await suite.shows("[data-total]", "0");
  });

  it("asks for documents that have a field, or have it not", async () => {
    await suite.go();
    await suite.page.locator(".fields summary", { hasText: "odd" }).click();
    await suite.page.getByRole("button", { name: "only with it" }).click();
    await suite.shows("[data-total]", "1");
    await button("Invert odd is there").click();
    await suite.shows("[data-total]", "3");
  });

  it("works by keyboard alone", async () => {
    await suite.go("?q=world");
    await suite.shows("[data-total]", "3");
    await button("+ Filter").focus();
    await suite.page.keyboard.press("Enter");
    await suite.page.locator("input[aria-label='Filter']:focus").waitFor();
    await suite.page.keyboard.type("status:404");
    await suite.page.keyboard.press("Enter");
    await suite.shows("[data-total]", "1");

    await button("+ Filter").focus();
    await suite.page.keyboard.press("Enter");
    await suite.page.locator("input[aria-label='Filter']:focus").waitFor();
    await suite.page.keyboard.type("status:200");
    await suite.page.keyboard.press("Escape");

    await button("+ Filter").waitFor();
    await suite.shows("[data-total]", "1");
  });
});

/** The page in a real browser, over the program as `npm start` runs it. */
import assert from "node:assert/strict";
import { source as axeSource } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, missingBrowser, ProgramRun } from "./page-run";

const script = "<script>window.ran=1</script><img src=x onerror=window.ran=1>";

describe("the page in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let program: ProgramRun;
  let page: Page;
  /** What no page of ours may cause: errors, dialogs, requests to other origins. */
  let faults: string[];

  before(async function () {
    const missing = missingBrowser();
    if (missing !== undefined && process.env["CI"] === "true") throw new Error(missing);
    if (missing !== undefined) {
      console.log(`      skipped: ${missing}`);
      return this.skip();
    }
    program = await new ProgramRun().start();
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    await program?.remove();
  });
  beforeEach(async () => {
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    assert.deepEqual(faults, []);
  });

  async function open(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const opened = await context.newPage();
    faults = [];
    opened.on("pageerror", (error) => faults.push(String(error)));
    opened.on("dialog", (dialog) => faults.push(dialog.message()));
    opened.on("request", (request) => {
      if (!request.url().startsWith(program.url)) faults.push(request.url());
    });
    opened.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text());
    });
    return opened;
  }

  const go = (search = "") => page.goto(`${program.url}/${search}`);
  const panel = (title: string) => page.locator(`[data-panel="${title}"]`);
  const rows = () => page.locator(".documents .row");

  /** Waits until the text of an element is this one. */
  const shows = (selector: string, text: string) =>
    page
      .locator(selector)
      .and(page.getByText(text, { exact: true }))
      .first()
      .waitFor();

  async function ask(query: string): Promise<void> {
    await page.getByLabel("Query").fill(query);
    await page.keyboard.press("Enter");
  }

  it("says what to do while there are no records", async () => {
    await go();

    await page.getByText("npm run publish -- 1000").waitFor();
  });

  it("moves its numbers while records come, without a click", async () => {
    await go();
    await shows('[data-panel="total"]', "0");

    await program.send(Array.from({ length: 1_000 }, (_none, k) => `{"message":"hello world ${k + 1}"}`));

    await shows('[data-panel="total"]', "1,000");
    await shows('[data-panel="hello"]', "1,000");
    await shows("[data-total]", "1,000");
    assert.equal(await panel("bye").textContent(), "0");
    assert.equal(await rows().count(), 50);
  });

  it("finds, highlights and counts", async () => {
    await go();

    await ask('"hello world 77"');

    await shows("[data-total]", "1");
    assert.equal(await page.locator(".documents mark").first().textContent(), "hello world 77");
    assert.match(page.url(), /q=%22hello/);
  });

  for (const [query, title] of [
    ["path:/index", "[B67]"],
    ["a:b:c", "[B68]"],
    ["status:[400 to 499]", "[B69]"],
    ["Eugene, OR", "[B70]"],
    ['"open', "[B70]"],
  ] as const) {
    it(`shows under the box why ${query} cannot be read and where, and keeps the text ${title}`, async () => {
      await go();

      await ask(query);
      await page.locator("#query-error").waitFor();

      assert.equal(await page.getByLabel("Query").inputValue(), query);
      assert.equal(await page.getByLabel("Query").getAttribute("aria-invalid"), "true");
      assert.ok((await page.locator("#query-error .locate").textContent())!.startsWith("Character "));
      await ask("hello");
      await page.locator("#query-error").waitFor({ state: "detached" });
    });
  }

  it("shows a document whole, with its exact digits, and never runs it [B42]", async () => {
    const text = `{"message":"odd ${script}","id":9007199254740993,"price":1.10,"user":{"name":"${script}"}}`;
    await program.send([text]);
    await program.settled();
    await go("?q=odd");
    await shows("[data-total]", "1");

    await rows().first().click();

    const shown = (await page.locator(".whole pre").textContent())!;
    assert.match(shown, /"id": 9007199254740993,\n {2}"price": 1\.10,/);
    assert.ok(shown.includes(script));
    await page.locator(".fields summary", { hasText: "user.name" }).click();
    const value = page.locator(".fields details[open] .value", { hasText: "window.ran" });
    await value.first().waitFor();
    assert.equal(await page.evaluate("window.ran"), undefined);
    assert.equal(await page.locator("#app img[src=x], #app script").count(), 0);
  });

  it("keeps an opened document in its place while new ones come", async () => {
    await go("?q=odd");
    await rows().first().click();
    const opened = await rows().first().textContent();
    await program.send(['{"message":"odd and newer"}']);

    await page.getByRole("button", { name: "1 new, show them" }).click();

    await rows().filter({ hasText: "odd and newer" }).first().waitFor();
    assert.equal(await rows().nth(1).textContent(), opened);
  });

  it("asks for a query that cannot be read once, not at every change", async () => {
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().includes("/api/search")) asked += 1;
    });
    await go("?q=(");
    await page.locator("#query-error").waitFor();
    await program.send(['{"message":"one more"}']);
    await program.settled();
    await page.waitForTimeout(1_500);

    assert.equal(asked, 1);
  });

  it("filters by a click on a value", async () => {
    await program.send(["ok", "ok", "bad"].map((state) => `{"message":"check","state":"${state}"}`));
    await program.settled();
    await go("?q=check");
    await page.locator(".fields summary", { hasText: "state" }).click();

    await page.locator(".fields .value", { hasText: "ok" }).click();

    await shows("[data-total]", "2");
    assert.equal(await page.getByLabel("Query").inputValue(), 'check AND state.keyword:"ok"');
    await page.goBack();
    await shows("[data-total]", "3");
  });

  it("shows failed records with their reason, down to the record in its object", async () => {
    await program.send(['{"message":"first","code":1}']);
    await program.settled();
    await program.send(['{"message":"second","code":"many"}']);
    await program.settled();
    await go("?view=pipeline");

    await shows('[data-count="failed"]', "1");
    await shows(".verdict", "adds up");
    await page.locator(".failures a.key").first().click();

    await page.locator(".records pre", { hasText: '"code":"many"' }).first().waitFor();
    assert.match(page.url(), /view=backup/);
  });

  it("walks the backup down to an object's records and downloads it", async () => {
    await go("?view=backup");
    while ((await page.locator(".preview pre").count()) === 0) {
      const next = page.locator(".objects li a", { hasNotText: "failed" }).first();
      const name = (await next.textContent())!;
      await next.click();
      if (name.endsWith("/"))
        await page.locator(".crumbs a[aria-current]", { hasText: name.slice(0, -1) }).waitFor();
      else await page.locator(".preview pre").waitFor();
    }

    const downloading = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();

    assert.match((await page.locator(".preview pre").textContent())!, /"message"/);
    assert.match((await downloading).suggestedFilename(), /^firehose-opensearch-dev-1-/);
  });

  it("keeps the view in the address, for a reload and for Back", async () => {
    await go("?q=hello&range=24h&refresh=10s");
    await shows("[data-total]", "1,000");

    await page.getByRole("link", { name: "Pipeline" }).click();
    await page.reload();

    assert.match(page.url(), /view=pipeline&q=hello&refresh=10s&range=24h/);
    await page.goBack();
    await shows("[data-total]", "1,000");
    assert.equal(await page.getByLabel("Refresh").inputValue(), "10s");
  });

  it("stands still while the refresh is off", async () => {
    await go("?refresh=off");
    const before = await panel("total").textContent();
    await program.send(['{"message":"unseen"}']);
    await program.settled();
    await page.waitForTimeout(1_500);

    assert.equal(await panel("total").textContent(), before);
    await page.getByLabel("Refresh").selectOption("live");
    await panel("total")
      .and(page.getByText(before!, { exact: true }))
      .waitFor({ state: "detached" });
  });

  it("works with the keyboard alone", async () => {
    await go();
    await rows().first().waitFor();

    await page.keyboard.press("/");
    await page.keyboard.type("hello");
    await page.keyboard.press("Enter");
    await shows("[data-total]", "1,000");
    for (let tab = 0; tab < 40 && !(await focused(".row")); tab += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");

    await page.locator(".whole pre").waitFor();
    assert.equal(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid");
  });

  const focused = (selector: string) => page.locator(`${selector}:focus`).count();

  for (const width of [320, 768, 2560]) {
    it(`fits into ${width} px`, async () => {
      await page.setViewportSize({ width, height: 800 });
      for (const search of ["?q=odd", "?view=pipeline", "?view=backup"]) {
        await go(search);
        await page.locator(".card").first().waitFor();
        await page.waitForTimeout(500);
        assert.ok((await page.evaluate<number>("document.documentElement.scrollWidth")) <= width, search);
      }
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no serious finding of axe (${colorScheme})`, async () => {
      await page.context().close();
      page = await open({ colorScheme });
      for (const search of ["", "?q=odd", "?q=(", "?q=nothing", "?view=pipeline", "?view=backup"]) {
        await go(search);
        await page.locator(".card").nth(1).waitFor();
        if (search === "?q=odd") await rows().first().click();
        await page.waitForTimeout(500);
        await page.evaluate(axeSource);
        const found = await page.evaluate(
          "axe.run().then(({ violations }) => violations.map((one) => [one.impact, one.id, one.nodes[0].html].join(' ')))",
        );
        assert.deepEqual(
          (found as string[]).filter((text) => /^(serious|critical)/.test(text)),
          [],
          search,
        );
      }
    });
  }

  it("says that the server is away, and goes on by itself when it is back", async () => {
    await go();
    const total = (await panel("total").textContent())!;
    await program.stop();

    await page.getByText("Disconnected.", { exact: true }).waitFor();
    await page.getByText("npm start").first().waitFor();
    await program.start();

    await page.getByText("Disconnected.", { exact: true }).waitFor({ state: "detached", timeout: 30_000 });
    await shows('[data-panel="total"]', total);
  });
});

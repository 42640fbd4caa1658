/** Looking at documents, in a real browser, over the program as `npm start` runs it. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

/** A document that would run if it were ever taken for a part of the page. */
const script = "<script>window.ran=1</script><img src=x onerror=window.ran=1>";

describe("the page in a browser", () => {
  const suite = pageSuite();

  it("says what to do while there are no records", async () => {
    await suite.go();

    await suite.page.getByText("npm run publish -- 1000").waitFor();
  });

  it("moves its numbers while records come, without a click", async () => {
    await suite.go();
    await suite.shows('[data-panel="total"]', "0");

    await suite.program.send(
      Array.from({ length: 1_000 }, (_none, k) => `{"message":"hello world ${k + 1}"}`),
    );

    await suite.shows('[data-panel="total"]', "1,000");
    await suite.shows('[data-panel="hello"]', "1,000");
    await suite.shows("[data-total]", "1,000");
    await suite.shows('[data-panel="bye"]', "0");
    await suite.rows().nth(49).waitFor();
    assert.equal(await suite.rows().count(), 50);
  });

  it("finds, highlights and counts", async () => {
    await suite.go();

    await suite.ask('"hello world 77"');

    await suite.shows("[data-total]", "1");
    assert.equal(await suite.page.locator(".documents mark").first().textContent(), "hello world 77");
    assert.match(suite.page.url(), /q=%22hello/);
  });

  for (const [query, title] of [
    ["path:/index", "[B67]"],
    ["a:b:c", "[B68]"],
    ["status:[400 to 499]", "[B69]"],
    ["Eugene, OR", "[B70]"],
    ['"open', "[B70]"],
  ] as const) {
    it(`shows under the box why ${query} cannot be read and where, and keeps the text ${title}`, async () => {
      await suite.go();

      await suite.ask(query);
      await suite.page.locator("#query-error").waitFor();

      assert.equal(await suite.page.getByLabel("Query").inputValue(), query);
      assert.equal(await suite.page.getByLabel("Query").getAttribute("aria-invalid"), "true");
      assert.ok((await suite.page.locator("#query-error .locate").textContent())!.startsWith("Character "));
      await suite.ask("hello");
      await suite.page.locator("#query-error").waitFor({ state: "detached" });
    });
  }

  it("shows a document whole, with its exact digits, and never runs it [B42]", async () => {
    const text = `{"message":"odd ${script}","id":9007199254740993,"price":1.10,"user":{"name":"${script}"}}`;
    await suite.send([text]);
    await suite.go("?q=odd");
    await suite.shows("[data-total]", "1");
    await suite.calm();

    await suite.rows().first().click();

    const shown = (await suite.page.locator(".whole pre").textContent())!;
    assert.match(shown, /"id": 9007199254740993,\n {2}"price": 1\.10,/);
    assert.ok(shown.includes(script));
    await suite.page.locator(".fields summary", { hasText: "user.name" }).click();
    const value = suite.page.locator(".fields details[open] .value", { hasText: "window.ran" });
    await value.first().waitFor();
    assert.equal(await suite.page.evaluate("window.ran"), undefined);
    assert.equal(await suite.page.locator("#app img[src=x], #app script").count(), 0);
  });

  it("keeps an opened document in its place while new ones come", async () => {
    await suite.go("?q=odd");
    await suite.rows().first().click();
    const opened = await suite.rows().first().textContent();
    await suite.program.send(['{"message":"odd and newer"}']);

    await suite.page.getByRole("button", { name: "1 new, show them" }).click();

    await suite.rows().filter({ hasText: "odd and newer" }).first().waitFor();
    assert.equal(await suite.rows().nth(1).textContent(), opened);
  });

  it("keeps the list still while the pointer moves over it", async () => {
    await suite.send(['{"message":"still one"}', '{"message":"still two"}']);
    await suite.go("?q=still");
    await suite.rows().first().waitFor();
    const first = await suite.rows().first().textContent();
    const pill = suite.page.getByRole("button", { name: "new, show them" });
    // To a page whose clock stands still the pointer moved just now, however long the machine takes.
    await suite.page.evaluate("{ const now = performance.now(); performance.now = () => now; }");
    await suite.rows().first().hover();
    await suite.program.send(['{"message":"still newest"}']);

    await pill.waitFor();
    assert.equal(await suite.rows().first().textContent(), first);
    await pill.click();

    await suite.rows().filter({ hasText: "still newest" }).first().waitFor();
  });

  it("asks for a query that cannot be read once, not at every change", async () => {
    let asked = 0;
    suite.page.on("request", (request) => {
      if (request.url().includes("/api/search")) asked += 1;
    });
    await suite.go("?q=(");
    await suite.page.locator("#query-error").waitFor();
    await suite.calm();
    await suite.send(['{"message":"one more"}']);
    await suite.page.waitForTimeout(1_500);

    assert.equal(asked, 1);
  });

  it("filters by a click on a value", async () => {
    await suite.send(["ok", "ok", "bad"].map((state) => `{"message":"check","state":"${state}"}`));
    await suite.go("?q=check");
    await suite.page.locator(".fields summary", { hasText: "state" }).click();

    await suite.page.locator(".fields .value", { hasText: "ok" }).click();

    await suite.shows("[data-total]", "2");
    assert.equal(await suite.page.getByLabel("Query", { exact: true }).inputValue(), "check");
    assert.equal(await suite.page.locator(".filter .what").textContent(), "state is ok");
    await suite.page.goBack();
    await suite.shows("[data-total]", "3");
  });

  it("keeps the view in the address, for a reload and for Back", async () => {
    await suite.go("?q=hello&range=24h&refresh=10s");
    await suite.shows("[data-total]", "1,000");

    await suite.page.getByRole("link", { name: "Pipeline" }).click();
    await suite.page.reload();

    assert.match(suite.page.url(), /view=pipeline&q=hello&refresh=10s&range=24h/);
    await suite.page.goBack();
    await suite.shows("[data-total]", "1,000");
    assert.equal(await suite.page.getByLabel("Refresh").inputValue(), "10s");
  });

  it("stands still while the refresh is off", async () => {
    await suite.go("?refresh=off");
    await suite.connected();
    await suite.calm();
    const before = await suite.panel("total").textContent();
    await suite.send(['{"message":"unseen"}']);
    await suite.page.waitForTimeout(1_500);

    assert.equal(await suite.panel("total").textContent(), before);
    await suite.page.getByLabel("Refresh").selectOption("live");
    await suite
      .panel("total")
      .and(suite.page.getByText(before!, { exact: true }))
      .waitFor({ state: "detached" });
  });

  describe("with a drag over the bars", () => {
    const minutes = 50;

    /** Drags from one part of the histogram's width to another. */
    async function drag(fromPart: number, toPart: number): Promise<void> {
      await suite.calm();
      const bars = (await suite.page.locator(".histogram .u-over").boundingBox())!;
      const y = bars.y + bars.height / 2;
      await suite.page.mouse.move(bars.x + bars.width * fromPart, y);
      await suite.page.mouse.down();
      await suite.page.mouse.move(bars.x + bars.width * ((fromPart + toPart) / 2), y, { steps: 4 });
      await suite.page.mouse.move(bars.x + bars.width * toPart, y, { steps: 4 });
      await suite.page.mouse.up();
    }

    before(async () => {
      const nowMs = Date.now();
      const atMs = (minute: number) => new Date(nowMs - minute * 60_000).toISOString();
      await suite.send(
        Array.from({ length: minutes }, (_none, k) => `{"message":"spread","@timestamp":"${atMs(k)}"}`),
      );
    });

    beforeEach(async () => {
      await suite.go("?q=spread&range=1h");
      await suite.shows("[data-total]", String(minutes));
      await suite.calm();
    });

    it("narrows the time to them", async () => {
      await drag(0.4, 0.7);

      await suite.page.getByLabel("From", { exact: true }).waitFor();
      const asked = new URL(suite.page.url()).searchParams;
      const [fromMs, toMs] = [Date.parse(asked.get("from")!), Date.parse(asked.get("to")!)];
      const answer = await fetch(`${suite.program.url}/api/count?q=spread&fromMs=${fromMs}&toMs=${toMs}`);
      const { count } = (await answer.json()) as { count: number };
      await suite.shows("[data-total]", String(count));
      assert.ok(count > 10 && count < 30, `${count}`);
    });

    it("goes back to the moving time by a button, and by Back", async () => {
      for (const back of [
        () => suite.page.getByRole("button", { name: "Reset the time" }).click(),
        () => suite.page.goBack(),
      ]) {
        await drag(0.5, 0.6);
        await suite.page.getByLabel("From", { exact: true }).waitFor();
        await back();

        await suite.shows("[data-total]", String(minutes));
        assert.match(suite.page.url(), /range=1h/);
      }
    });

    it("takes the bars that were pointed at, even when others come meanwhile", async () => {
      await suite.page.clock.setFixedTime(Date.now());
      await suite.calm();
      const bars = (await suite.page.locator(".histogram .u-over").boundingBox())!;
      const y = bars.y + bars.height / 2;
      await suite.page.mouse.move(bars.x + bars.width * 0.5, y);
      const before = await suite.page.locator(".histogram .hint").textContent();
      await suite.page.mouse.down();
      const ahead = new Date(Date.now() + 600_000).toISOString();
      await suite.send([`{"message":"spread","@timestamp":"${ahead}"}`]);
      await suite.shows("[data-total]", String(minutes + 1));
      await suite.page.mouse.move(bars.x + bars.width * 0.75, y, { steps: 4 });
      await suite.page.mouse.up();

      await suite.page.getByLabel("From", { exact: true }).waitFor();
      const from = new Date(new URL(suite.page.url()).searchParams.get("from")!);
      const clock = [from.getHours(), from.getMinutes()].map((part) => String(part).padStart(2, "0"));
      assert.ok(before!.includes(clock.join(":")), `${before} but from ${from.toISOString()}`);
    });
  });
});

/** Panels made, changed and kept from the page, in a real browser. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PanelBoard } from "../../local/panel-board";
import { plan } from "../local/dashboard/dashboard-of-test";
import { until } from "../until";
import { pageOverServer } from "./page-over-server";

describe("the page's panels in a browser", () => {
  const suite = pageOverServer();
  const button = (name: string) => suite.page.getByRole("button", { name, exact: true });
  const box = (name: string) => suite.page.getByRole("textbox", { name, exact: true });
  const count = (title: string) => suite.page.locator(`[data-panel="${title}"]`);
  const titles = () => suite.page.locator(".panel .title").allTextContents();
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "panels-"));
    const { dashboard } = suite;
    await dashboard.close();
    await dashboard.start({
      panels: new PanelBoard(folder, plan.streams[0]!.panels, undefined, dashboard.searcher),
    });
    for (const state of ["ok", "ok", "bad"]) dashboard.searcher.add(`{"message":"check","state":"${state}"}`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes one of the query and its filters by keyboard alone, counts it and keeps it", async () => {
    await suite.go("?q=check&f=is:state:ok");
    await suite.shows("[data-total]", "2");
    await button("Edit the panels").focus();
    await suite.page.keyboard.press("Enter");
    await box("Title of panel 1").and(suite.page.locator(":focus")).waitFor();
    await button("Add this query").focus();
    await suite.page.keyboard.press("Enter");
    await box("Title of panel 4").fill("passed");
    await suite.fitsEveryone("panel-editor");
    await box("Title of panel 4").focus();
    await suite.page.keyboard.press("Enter");

    await suite.shows('[data-panel="passed"]', "2");
    assert.deepEqual(await titles(), ["total", "bye", "hello", "passed"]);
    const { panels } = JSON.parse(readFileSync(join(folder, "panels.json"), "utf8"));
    assert.deepEqual(panels.at(-1), { title: "passed", query: "check AND state:ok" });
    suite.dashboard.searcher.add('{"message":"check","state":"ok"}');
    suite.dashboard.settle();
    await suite.shows('[data-panel="passed"]', "3");
  });

  it("changes, moves and removes them, shows the lines for the stack, and gives them back to the program", async () => {
    await suite.go();
    await count("total").waitFor();
    await button("Edit the panels").click();
    await box("Title of panel 2").fill("bad ones");
    await box("Query of panel 2").fill("state:bad");
    await button("Move panel 2 up").click();
    await button("Remove panel 3").click();
    await button("Keep").click();

    await suite.shows('[data-panel="bad ones"]', "1");
    assert.deepEqual(await titles(), ["bad ones", "total"]);
    await button("Edit the panels").click();
    const commands = suite.page.getByLabel("Commands for the stack", { exact: true });
    assert.match(
      (await commands.textContent())!,
      /config set --path 'panels\[0\]' 'bad ones = state:bad'\n.*'panels\[1\]' 'total'/,
    );
    await suite.fitsEveryone("panel-lines");
    await button("The program's own again").click();

    await count("hello").waitFor();
    assert.deepEqual(await titles(), ["total", "bye", "hello"]);
  });

  it("says what is wrong with one, and keeps what was typed", async () => {
    await suite.go();
    await count("total").waitFor();
    await button("Edit the panels").click();
    await box("Query of panel 3").fill("(");
    await button("Keep").click();

    await suite.page.getByRole("alert").filter({ hasText: "panels[2].query" }).waitFor();
    assert.equal(await box("Query of panel 3").inputValue(), "(");
    await button("Cancel").click();
    assert.deepEqual(await titles(), ["total", "bye", "hello"]);
  });

  it("tells the increase of the last minutes, whether the panels or the live counts come first", async () => {
    await until(async () => {
      const answer = await fetch(`${suite.url}/api/panels`);
      return ((await answer.json()) as { history: readonly unknown[] }).history.length > 0;
    });
    suite.dashboard.searcher.add('{"message":"check"}');
    suite.dashboard.settle();
    for (const [late, early] of [
      ["live", "panels"],
      ["panels", "live"],
    ]) {
      await suite.open();
      const isThere = suite.page.waitForResponse((answer) => answer.url().includes(`/api/${early}`));
      await suite.page.route(`**/api/${late}*`, async (route) => {
        await isThere;
        await route.fallback();
      });
      await suite.go();
      const rate = suite.page.locator(".panel", { has: count("total") }).locator(".rate");
      await rate.filter({ hasText: "+1 in 5 min" }).waitFor();
    }
  });
});

/** The page for everyone: by keyboard, at every width, and as axe judges it. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

describe("the page for everyone", () => {
  const suite = pageSuite();

  before(async () => {
    const hello = Array.from({ length: 100 }, (_none, k) => `{"message":"hello world ${k + 1}","code":${k}}`);
    await suite.send([...hello, '{"message":"odd one","user":{"name":"ada"}}']);
    await suite.send(['{"message":"refused","user":"ada"}']);
  });

  it("works with the keyboard alone", async () => {
    await suite.go();
    await suite.rows().first().waitFor();
    await suite.calm();

    await suite.page.keyboard.press("/");
    await suite.page.keyboard.type("hello");
    await suite.page.keyboard.press("Enter");
    await suite.shows("[data-total]", "100");
    await suite.calm();
    for (let tab = 0; tab < 40 && !(await focused(".row button")); tab += 1)
      await suite.page.keyboard.press("Tab");
    await suite.page.keyboard.press("Enter");

    await suite.page.locator(".whole pre").waitFor();
    assert.equal(await suite.page.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid");
  });

  const focused = (selector: string) => suite.page.locator(`${selector}:focus`).count();

  for (const width of [320, 768, 2560]) {
    it(`fits into ${width} px`, async () => {
      await suite.page.setViewportSize({ width, height: 800 });
      for (const search of ["?q=odd", "?view=pipeline", "?view=backup"]) {
        await suite.go(search);
        await suite.page.locator(".card").first().waitFor();
        await suite.calm();
        await suite.isAtMost(width);
      }
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    it(`has no serious finding of axe (${colorScheme})`, async () => {
      await suite.open({ colorScheme });
      for (const search of ["", "?q=odd", "?q=(", "?q=nothing", "?view=pipeline", "?view=backup"]) {
        await suite.go(search);
        await suite.page.locator(".card").nth(1).waitFor();
        if (search === "?q=odd") await suite.rows().first().click();
        await suite.calm();
        assert.deepEqual(await suite.findings(), [], search);
      }
    });
  }

  it("has no serious finding of axe where a failed record is shown, in either theme", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await suite.page.emulateMedia({ colorScheme });
      await suite.go("?view=pipeline");
      await suite.page.locator(".failures a.key").first().click();
      await suite.page.locator(".records pre").first().waitFor();
      await suite.calm();

      assert.deepEqual(await suite.findings(), [], colorScheme);
    }
  });
});

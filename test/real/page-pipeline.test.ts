/** The pipeline and the backup in a real browser, and what the page says when something is wrong. */
import assert from "node:assert/strict";
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pageSuite } from "./page-suite";

describe("the page's pipeline in a browser", () => {
  const suite = pageSuite();

  it("shows failed records with their reason, down to the record in its object", async () => {
    await suite.send(['{"message":"first","code":"one"}']);
    await suite.send(['{"message":"second","code":{"many":1}}']);
    await suite.go("?view=pipeline");

    await suite.shows('[data-count="failed"]', "1");
    await suite.shows(".verdict", "adds up");
    await suite.page.locator(".failures a.key").first().click();

    await suite.page.locator(".records pre", { hasText: '"code":{"many":1}' }).first().waitFor();
    assert.match(suite.page.url(), /view=backup/);
  });

  it("walks the backup down to an object's records and downloads it", async () => {
    await suite.go("?view=backup");
    while ((await suite.page.locator(".preview pre").count()) === 0) {
      const next = suite.page.locator(".objects li a", { hasNotText: "failed" }).first();
      const name = (await next.textContent())!;
      await next.click();
      if (name.endsWith("/"))
        await suite.page.locator(".crumbs a[aria-current]", { hasText: name.slice(0, -1) }).waitFor();
      else await suite.page.locator(".preview pre").waitFor();
    }

    const downloading = suite.page.waitForEvent("download");
    await suite.page.getByRole("link", { name: "Download" }).click();

    assert.match((await suite.page.locator(".preview pre").textContent())!, /"message"/);
    assert.match((await downloading).suggestedFilename(), /^firehose-opensearch-dev-1-/);
  });

  it("says on every view that the line is held, until it goes on", async () => {
    await suite.send(['{"message":"before"}']);
    const bucket = join(suite.program.data, "s3", readdirSync(join(suite.program.data, "s3"))[0]!);
    const banner = suite.page.getByRole("alert").filter({ hasText: "The line is held" });
    await suite.go();
    await suite.rows().first().waitFor();
    assert.equal(await banner.count(), 0);
    // A file in the place of the folder: no object of the backup can be written.
    renameSync(join(bucket, "raw"), join(bucket, "away"));
    writeFileSync(join(bucket, "raw"), "");
    await suite.program.send(['{"message":"third"}']);

    await banner.waitFor();
    await suite.page.getByRole("link", { name: "Pipeline" }).click();
    await banner.filter({ hasText: "backup" }).waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await suite.page.emulateMedia({ colorScheme });
      assert.deepEqual(await suite.findings(), [], colorScheme);
    }
    rmSync(join(bucket, "raw"));
    renameSync(join(bucket, "away"), join(bucket, "raw"));

    await banner.waitFor({ state: "detached" });
    await suite.program.settled();
    await suite.shows('[data-count="accepted"]', String((await suite.program.status())["accepted"]));
  });

  it("says that the server is away, and goes on by itself when it is back", async () => {
    await suite.go();
    await suite.connected();
    await suite.calm();
    const total = (await suite.panel("total").textContent())!;
    await suite.program.stop();

    await suite.page.getByText("Disconnected.", { exact: true }).waitFor();
    await suite.page.getByText("npm start").first().waitFor();
    await suite.program.start();

    await suite.page.getByText("Disconnected.", { exact: true }).waitFor({ state: "detached" });
    await suite.shows('[data-panel="total"]', total);
  });
});

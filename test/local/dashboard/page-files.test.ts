/** How the page's files come to a browser that is far away. */
import assert from "node:assert/strict";
import { posix } from "node:path";
import { DashboardOfTest } from "./dashboard-of-test";

describe("the page's files", () => {
  const dashboard = new DashboardOfTest();
  before(() => dashboard.start());
  after(() => dashboard.close());

  const textOf = async (path: string): Promise<string> => (await dashboard.get(path)).text;

  /** What is imported from a module on, itself too. */
  async function modulesFrom(path: string, known = new Set<string>()): Promise<Set<string>> {
    if (known.has(path)) return known;
    known.add(path);
    for (const [, from] of (await textOf(path)).matchAll(/^(?:import|export)[^"]*"([./][^"]+)"/gm))
      await modulesFrom(posix.resolve(posix.dirname(path), from!), known);
    return known;
  }

  it("are named all at once, so that no floor of imports waits for the one above", async () => {
    const modules = await modulesFrom("/main.js");
    const named = [...(await textOf("/")).matchAll(/rel="modulepreload" href="([^"]+)"/g)].map(
      ([, at]) => at,
    );

    assert.ok(modules.size > 40, `${modules.size} modules were found`);
    assert.deepEqual(named.toSorted(), [...modules].toSorted());
  });

  it("are packed, and answers that come as they are made are not", async () => {
    const { headers } = await dashboard.get("/vendor/uplot.js");
    assert.equal(headers.get("content-encoding"), "gzip");
    const plain = await dashboard.get("/vendor/uplot.js", { "accept-encoding": "identity" });
    assert.equal(plain.headers.get("content-encoding"), null);
    assert.equal((await dashboard.get("/api/export")).headers.get("content-encoding"), null);
  });

  it("are asked for anew at each visit, and sent again where they are others alone", async () => {
    for (const path of ["/", "/app.js"]) {
      const { headers } = await dashboard.get(path);
      assert.equal(headers.get("cache-control"), "no-cache");
      const again = await dashboard.get(path, { "if-none-match": headers.get("etag")! });
      assert.deepEqual([again.status, again.text], [304, ""]);
      assert.equal((await dashboard.get(path, { "if-none-match": '"other"' })).status, 200);
    }
    assert.equal((await dashboard.get("/api/status")).headers.get("cache-control"), "no-store");
  });
});

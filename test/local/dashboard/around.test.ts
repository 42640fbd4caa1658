import assert from "node:assert/strict";
import { DashboardOfTest } from "./dashboard-of-test";

describe("the documents around a time", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
    for (let k = 1; k <= 9; k += 1) dashboard.searcher.add(`{"n":${k}}`, k * 10);
  });
  afterEach(() => dashboard.close());

  const around = async (search: string) => {
    const { json } = await dashboard.get(`/api/around?${search}`);
    const ids = (hits: { _id: string }[]) => hits.map(({ _id }) => _id).join("");
    return [ids(json.before), ids(json.after)];
  };

  it("are the nearest before it and from it on", async () => {
    assert.deepEqual(await around("atMs=50&size=2"), ["43", "56"]);
    assert.deepEqual(await around("atMs=51&size=3"), ["543", "678"]);
    assert.deepEqual(await around("atMs=5"), ["", "12345"]);
    assert.deepEqual(await around("atMs=1000"), ["98765", ""]);
  });

  it("reads no further than it shows", async () => {
    let pages = 0;
    const hit = { _index: "i", _id: "1", source: "{}", timestampMs: 1, hasOwnTime: true };
    dashboard.searcher.scan = async function* () {
      for (;;) {
        pages += 1;
        yield [hit, hit];
      }
    };

    await around("atMs=0&size=3");

    assert.equal(pages, 2);
  });

  for (const search of ["", "atMs=x", "atMs=1&size=0", "atMs=1&size=101"]) {
    it(`refuses ${search || "no time"} with a 400`, async () => {
      assert.equal((await dashboard.get(`/api/around?${search}`)).status, 400);
    });
  }
});

/** What the page asks the server, and what it need not ask again. */
import assert from "node:assert/strict";
import { join } from "node:path";

const page = join(__dirname, "../../../local/dashboard/page");
// biome-ignore lint/suspicious/noExplicitAny: the page is plain JavaScript, for browsers
const load = (name: string): any => require(join(page, name));

/** Nothing of these rounds waits for more than promises. */
const turns = (): Promise<void> => new Promise(setImmediate);

describe("the page's rounds of questions", () => {
  const { Asking } = load("asking.js");
  const { askAll } = load("answers.js");
  const { fetch } = globalThis;
  const request = { q: "", index: "", range: { fromMs: 1_000, toMs: 2_000 }, size: 50, sort: "" };
  /** Paths that were asked. */
  let asked: string[] = [];
  let total = 3;
  /** What the histogram waits for. */
  let drawn = Promise.resolve();
  // biome-ignore lint/suspicious/noExplicitAny: the results are the page's
  let results: any = {};
  let asking = new Asking();

  beforeEach(() => {
    [asked, total, drawn, results] = [[], 3, Promise.resolve(), {}];
    globalThis.fetch = async (address) => {
      const path = new URL(String(address), "http://page").pathname.replace("/api/", "");
      asked.push(path);
      if (path === "histogram") await drawn;
      const answer = { hits: [], total, fields: [], series: [{ title: "", bars: [] }] };
      return { ok: true, json: async () => answer } as Response;
    };
    const tell = (change: (before: object) => object): void => {
      results = change(results);
    };
    asking = new Asking(tell, askAll, async () => {});
  });
  afterEach(() => {
    asking.close();
    globalThis.fetch = fetch;
  });

  it("are not begun again for what was there when they were asked", async () => {
    const beforeMs = performance.now() - 1;
    asking.want(request);
    await turns();

    asking.want(request, beforeMs);
    await turns();

    assert.deepEqual(asked, ["search", "histogram", "fields"]);
  });

  it("are begun again for what came since, and once more for all that comes meanwhile", async () => {
    asking.want(request);
    await turns();

    for (let change = 0; change < 3; change += 1) asking.want(request, performance.now());
    await turns();

    assert.deepEqual(asked.slice(3), ["search", "histogram", "search", "histogram"]);
  });

  it("are begun again for what came before, where they were not answered", async () => {
    globalThis.fetch = async (address) => {
      asked.push(String(address));
      throw new TypeError("no answer");
    };
    asking.want(request);
    await turns();
    const count = asked.length;

    asking.want(request, 0);
    await turns();

    assert.ok(asked.length > count);
    assert.equal(results.error.status, 0);
  });

  it("keep histogram and fields for another order of the same documents", async () => {
    asking.want(request);
    await turns();

    asking.want({ ...request, sort: "took:desc" });
    await turns();

    assert.deepEqual(asked.slice(3), ["search"]);
    assert.equal(results.drawnKey, results.key);
  });

  it("draw anew where another order tells that there are others now", async () => {
    asking.want(request);
    await turns();
    total = 4;

    asking.want({ ...request, sort: "took:desc" });
    await turns();

    assert.deepEqual(asked.slice(3), ["search", "histogram", "fields"]);
  });

  it("draw anew for another query, and when told to ask again", async () => {
    asking.want(request);
    await turns();

    asking.want({ ...request, q: "bye" });
    await turns();
    asking.ask();
    await turns();

    assert.deepEqual(asked.slice(3), ["search", "histogram", "fields", "search", "histogram", "fields"]);
  });

  it("list the matches before the histogram is there, which then is still that of the query before", async () => {
    asking.want(request);
    await turns();
    const before = results.drawnKey;
    let draw = () => {};
    drawn = new Promise((resolve) => {
      draw = resolve;
    });
    total = 7;

    asking.want({ ...request, q: "bye" });
    await turns();

    assert.deepEqual([results.total, results.loading, results.drawing], [7, false, true]);
    assert.equal(results.drawnKey, before);
    assert.notEqual(results.key, before);
    draw();
    await turns();
    assert.deepEqual([results.drawnKey, results.drawing], [results.key, false]);
  });

  it("list no matches beside a histogram that is older, where both were there", async () => {
    asking.want(request);
    await turns();
    let draw = () => {};
    drawn = new Promise((resolve) => {
      draw = resolve;
    });
    total = 4;

    asking.want(request, performance.now());
    await turns();

    assert.deepEqual([asked.length, results.total], [5, 3]);
    draw();
    await turns();
    assert.equal(results.total, 4);
  });
});

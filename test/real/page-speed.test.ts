/** The page with a million documents: what it does not wait for, and what it keeps. How fast it is, it prints alone. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

const documents = 1_000_000;

/**
 * Notes when each message of the stream came and when the total on the page had changed, and the next frame began.
 * A second EventSource is no measure: the page's own is watched.
 */
const watch = `
  window.delays = [];
  const Source = EventSource;
  window.EventSource = class extends Source {
    set onmessage(listener) {
      super.onmessage = (message) => {
        const startMs = performance.now();
        const total = () => document.querySelector("[data-panel]")?.textContent;
        const before = total();
        listener(message);
        requestAnimationFrame(() => setTimeout(() => {
          if (total() !== before) window.delays.push(performance.now() - startMs);
        }));
      };
    }
    set onerror(listener) { super.onerror = listener; }
  };
`;

const firstPaint = `new Promise((painted) =>
  new PerformanceObserver((entries) =>
    entries.getEntriesByName("first-contentful-paint").forEach(({ startTime }) => painted(startTime)),
  ).observe({ type: "paint", buffered: true }))`;

describe("the page at a million documents", () => {
  const suite = pageSuite();

  before(async () => {
    await send(0, documents);
    await suite.program.settled();
  });
  beforeEach(() => suite.page.addInitScript(watch));

  function send(from: number, count: number): Promise<void> {
    const texts = Array.from({ length: count }, (_none, k) => `{"message":"hello world ${from + k + 1}"}`);
    return suite.program.send(texts);
  }

  it("paints before anything that it asks is answered", async () => {
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await suite.page.route("**/api/**", (route) => answered.then(() => route.continue()));
    await suite.go();

    const paintMs = await suite.page.evaluate<number>(firstPaint);

    console.log(`      first paint after ${Math.round(paintMs)} ms`);
    assert.equal(await suite.rows().count(), 0);
    answer();
    await suite.rows().first().waitFor();
  });

  it("shows changes as they come, and its memory does not grow under 5,000 documents a second", async () => {
    await suite.go();
    await suite.page.locator(".documents .row").first().waitFor();
    const client = await suite.page.context().newCDPSession(suite.page);
    const heapBytes = async () => {
      await client.send("HeapProfiler.collectGarbage");
      return (await client.send("Runtime.getHeapUsage")).usedSize;
    };
    const heaps: number[] = [];
    for (let second = 0; second < 20; second += 1) {
      const nextSecond = new Promise((resolve) => setTimeout(resolve, 1_000));
      await send(documents + second * 5_000, 5_000);
      await nextSecond;
      if (second % 10 === 9) heaps.push(await heapBytes());
    }

    const delays = (await suite.page.evaluate<number[]>("window.delays")).sort((a, b) => a - b);
    const middleMs = delays[Math.floor(delays.length / 2)]!;

    console.log(
      `      ${delays.length} updates, the middle one in ${Math.round(middleMs)} ms, the slowest in ` +
        `${Math.round(delays.at(-1)!)} ms; heap ${heaps.map((bytes) => (bytes / 1e6).toFixed(1)).join(" then ")} MB`,
    );
    assert.ok(delays.length >= 10);
    assert.ok(heaps[1]! < heaps[0]! + 3e6, heaps.join(" then "));
  });
});

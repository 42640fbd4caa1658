/** A tab that is left open: what it holds does not grow with the time. */
import assert from "node:assert/strict";
import { pageSuite } from "./page-suite";

const documentsPerSecond = 5_000;

/** Lets a test speak in the place of the stream: an hour of it then takes as long as the page needs to draw it. */
const replace = `
  const Source = EventSource;
  window.EventSource = class extends Source {
    set onmessage(listener) {
      window.tell = (data) => listener({ data });
      super.onmessage = (message) => {
        if (window.replaying) return;
        window.lastMessage = message.data;
        listener(message);
      };
    }
    set onerror(listener) { super.onerror = listener; }
  };
`;

/** Tells of as many seconds, and waits after each until the page has drawn it. */
const replay = (seconds: number) => `(async () => {
  window.replaying = true;
  window.state ??= JSON.parse(window.lastMessage);
  const { status, panels } = window.state;
  for (let second = 0; second < ${seconds}; second += 1) {
    window.state.atMs += 1_000;
    for (const name of ["accepted", "indexed", "backedUp"]) status[name] += ${documentsPerSecond};
    panels.forEach((count, place) => { panels[place] = count + ${documentsPerSecond} / (place + 1); });
    window.tell(JSON.stringify(window.state));
    await new Promise((drawn) => setTimeout(drawn));
  }
})()`;

describe("a tab that is left open", () => {
  const suite = pageSuite();

  beforeEach(async () => {
    await suite.send(texts(2_000));
    await suite.page.addInitScript(replace);
    await suite.go();
    await suite.rows().nth(49).waitFor();
    await suite.connected();
  });

  const texts = (count: number) =>
    Array.from({ length: count }, (_none, k) => `{"message":"hello world ${k}","code":${k % 7}}`);

  /** What the tab holds, after all that it can let go of is gone. */
  async function held(): Promise<{ nodes: number; jsEventListeners: number; bytes: number }> {
    await suite.calm();
    const client = await suite.page.context().newCDPSession(suite.page);
    await client.send("HeapProfiler.collectGarbage");
    await client.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners } = await client.send("Memory.getDOMCounters");
    const { usedSize } = await client.send("Runtime.getHeapUsage");
    await client.detach();
    return { nodes, jsEventListeners, bytes: usedSize };
  }

  function assertSame(before: Awaited<ReturnType<typeof held>>, after: typeof before): void {
    const told = `${JSON.stringify(before)} then ${JSON.stringify(after)}`;
    assert.ok(after.nodes <= before.nodes + 300, told);
    assert.ok(after.jsEventListeners <= before.jsEventListeners + 20, told);
    assert.ok(after.bytes <= before.bytes + 2_000_000, told);
  }

  /** The lists have something to renew meanwhile: the page keeps its list until the next one is drawn. */
  async function goOn(seconds: number): Promise<void> {
    let over = false;
    const told = suite.page.evaluate(replay(seconds)).finally(() => {
      over = true;
    });
    while (!over) {
      await suite.program.send(texts(500));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    await told;
  }

  it("holds after an hour of 5,000 documents a second what it held after ten minutes", async () => {
    await goOn(600);
    const before = await held();

    await goOn(3_600);

    // What is still to be thrown away goes; what is kept stays.
    await suite.soon(async () => assertSame(before, await held()));
    const total = Number((await suite.panel("total").textContent())!.replaceAll(",", ""));
    assert.ok(total >= 4_200 * documentsPerSecond, `${total}`);
  });

  it("leaves nothing behind of the views that it has shown", async () => {
    const walk = async (rounds: number) => {
      for (let round = 0; round < rounds; round += 1) {
        for (const [view, shown] of [
          ["Pipeline", ".rooms"],
          ["Backup", ".objects li"],
          ["Explore", ".documents .row"],
        ] as const) {
          await suite.page.getByRole("link", { name: view }).click();
          await suite.page.locator(shown).first().waitFor();
        }
      }
    };
    await walk(5);
    const before = await held();

    await walk(30);

    // What is still to be thrown away goes; what is kept stays.
    await suite.soon(async () => assertSame(before, await held()));
  });
});

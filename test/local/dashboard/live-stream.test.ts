import assert from "node:assert/strict";
import { connect } from "node:net";
import { DashboardOfTest, statusOf } from "./dashboard-of-test";

describe("the dashboard's live stream", () => {
  let dashboard: DashboardOfTest;
  const aborts: AbortController[] = [];
  let settling: NodeJS.Timeout | undefined;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
  });
  afterEach(async () => {
    clearInterval(settling);
    for (const abort of aborts.splice(0)) abort.abort();
    await dashboard.close();
  });

  /** Events as they come. */
  async function* events(): AsyncGenerator<{ atMs: number; panels: number[]; status: { indexed: number } }> {
    const abort = new AbortController();
    aborts.push(abort);
    const response = await fetch(`${dashboard.url}/api/live`, { signal: abort.signal });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    assert.match(response.headers.get("content-security-policy")!, /default-src 'none'/);
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const parts = text.split("\n\n");
      text = parts.pop()!;
      for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice(6));
    }
  }

  it("tells counts and state at once, and again after a settle", async () => {
    const stream = events();
    const first = (await stream.next()).value!;
    dashboard.searcher.add('{"message":"bye world!"}');
    dashboard.status = statusOf({ accepted: 1, indexed: 1 });
    dashboard.settle();

    const second = (await stream.next()).value!;

    assert.deepEqual(first.panels, [0, 0, 0]);
    assert.deepEqual(second.panels, [1, 1, 0]);
    assert.equal(second.status.indexed, 1);
  });

  it("sends at most about four events a second, however often the pipeline settles", async () => {
    const stream = events();
    await stream.next();
    settling = setInterval(() => dashboard.settle(), 1);
    const times: number[] = [];
    while (times.length < 5) times.push((await stream.next()).value!.atMs);

    const shortest = Math.min(...times.slice(1).map((time, place) => time - times[place]!));

    assert.ok(shortest >= 240, `two events came within ${shortest} ms`);
  });

  it("tells the state without a settle too, since buffers age", async () => {
    const stream = events();
    await stream.next();
    dashboard.status = statusOf({ accepted: 5, waiting: 5 });

    const { status } = (await stream.next()).value! as unknown as { status: { waiting: number } };

    assert.equal(status.waiting, 5);
  });

  it("drops a client that does not read, and keeps the others", async () => {
    await dashboard.close();
    // A large state fills a socket that nobody reads within a few events.
    const trouble = "x".repeat(1_000_000);
    dashboard = await new DashboardOfTest().start({ minIntervalMs: 5, patienceMs: 500 } as object);
    dashboard.status = statusOf({ rooms: { ...statusOf().rooms, trouble } });
    const socket = connect(Number(new URL(dashboard.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    socket.write("GET /api/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const stream = events();
    settling = setInterval(() => dashboard.settle(), 5);

    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    for (let event = 0; event < 30; event += 1) await stream.next();
    socket.resume();
    await closed;

    assert.ok((await stream.next()).value, "the reading client is still served");
  });

  it("forgets clients that leave, and lets the server close while some are there", async () => {
    const stream = events();
    await stream.next();

    await dashboard.close();

    await assert.rejects(stream.next());
    assert.equal(dashboard.listeners.size, 0);
    dashboard = await new DashboardOfTest().start();
  });

  it("keeps the last minutes of counts for the sparklines", async () => {
    const stream = events();
    await stream.next();

    const { json } = await dashboard.get("/api/panels");

    assert.deepEqual(json.history[0].panels, [0, 0, 0]);
    assert.ok(json.history.length >= 1);
  });
});

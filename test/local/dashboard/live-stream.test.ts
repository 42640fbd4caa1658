import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import { LiveStream } from "../../../local/dashboard/live-stream";
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
  async function* events(): AsyncGenerator<{
    atMs: number;
    quietMs: number;
    panels: number[];
    status: { indexed: number };
  }> {
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

  it("tells how long the counts have been the same", async () => {
    const stream = events();
    const first = (await stream.next()).value!;
    dashboard.settle();
    const second = (await stream.next()).value!;
    dashboard.status = statusOf({ accepted: 1, failed: 1 });
    dashboard.settle();
    const third = (await stream.next()).value!;

    assert.ok(second.quietMs > first.quietMs);
    assert.equal(third.quietMs, 0);
  });

  it("goes on where the clock is set back by an hour", async () => {
    const stream = events();
    await stream.next();
    const now = Date.now;
    Date.now = () => now() - 3_600_000;
    try {
      dashboard.status = statusOf({ accepted: 1, indexed: 1 });
      for await (const { status, quietMs } of stream) {
        assert.ok(quietMs >= 0);
        if (status.indexed === 1) break;
      }
    } finally {
      Date.now = now;
    }
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

  it("queues nothing for a client that does not read, drops it after a while, and keeps the others", async () => {
    const live = new LiveStream({
      searcher: dashboard.searcher,
      status: () => dashboard.status,
      onChange: () => () => {},
      minIntervalMs: 1,
      maxIntervalMs: 2,
      patienceMs: 50,
    });
    const reading = new FakeResponse(0);
    const stuck = new FakeResponse(1);
    live.add(reading as unknown as ServerResponse);
    live.add(stuck as unknown as ServerResponse);

    await once(stuck, "close");
    const writtenBefore = reading.written.length;
    await once(reading, "written");
    live.close();

    assert.deepEqual(stuck.written, ["retry: 1000\n\n"]);
    assert.ok(writtenBefore > 2, "the reading client is served meanwhile");
    assert.equal(reading.written.length, writtenBefore + 1);
  });

  it("takes no more than a hundred clients", () => {
    const live = new LiveStream({
      searcher: dashboard.searcher,
      status: () => dashboard.status,
      onChange: () => () => {},
    });
    const clients = Array.from({ length: 100 }, () => new FakeResponse(0));

    const hadRoom = clients.map((client) => {
      const { hasRoom } = live;
      live.add(client as unknown as ServerResponse);
      return hasRoom;
    });
    const whenFull = live.hasRoom;
    clients[0]!.destroy();
    const afterOneLeft = live.hasRoom;
    live.close();

    assert.deepEqual([hadRoom[99], whenFull, afterOneLeft], [true, false, true]);
  });

  it("answers a flood of pages with 503, and goes on for those that are there", async () => {
    const streams = Array.from({ length: 100 }, events);
    await Promise.all(streams.map((stream) => stream.next()));

    const { status, json } = await dashboard.get("/api/live");

    assert.equal(status, 503);
    assert.match(json.error.message, /too many pages/);
    assert.equal((await dashboard.get("/api/status")).status, 200);
    assert.equal((await streams[99]!.next()).done, false);
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

/** An answer whose reader left `writableLength` bytes in the socket. */
class FakeResponse extends EventEmitter {
  readonly written: string[] = [];

  constructor(readonly writableLength: number) {
    super();
  }

  write(text: string): void {
    this.written.push(text);
    this.emit("written");
  }

  destroy(): void {
    this.emit("close");
  }
}

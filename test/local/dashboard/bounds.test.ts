import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { BodyReader } from "../../../local/body-reader";
import { MemoryBudget } from "../../../local/memory-budget";
import { DashboardOfTest } from "./dashboard-of-test";

const MiB = 1024 * 1024;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await wait(5);
}

describe("the bounds of the dashboard's API", () => {
  let dashboard: DashboardOfTest;
  const sockets: Socket[] = [];
  beforeEach(() => {
    dashboard = new DashboardOfTest();
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await dashboard.close();
  });

  /** A connection that has sent this. */
  async function sending(text: string | Buffer): Promise<Socket> {
    const socket = connect(Number(new URL(dashboard.url).port), "127.0.0.1");
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket, "connect");
    socket.write(text);
    return socket;
  }
  const replayHead = (bytes: number) =>
    `POST /api/replay HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n\r\n`;
  const body = '{"documents":[]}';
  const post = (text = body) =>
    fetch(`${dashboard.url}/api/replay`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });

  it("tells the index at once that nobody waits any more", async () => {
    await dashboard.start();
    const aborted: string[] = [];
    let asked = 0;
    const never =
      (what: string) =>
      (_request: unknown, patience: { signal?: AbortSignal } = {}) => {
        asked += 1;
        patience.signal!.addEventListener("abort", () => aborted.push(what));
        return new Promise<never>(() => {});
      };
    dashboard.searcher.search = never("search");
    dashboard.searcher.count = never("count");
    dashboard.searcher.histogram = never("histogram");
    dashboard.searcher.fields = never("fields");
    const waiting = await Promise.all(
      ["search", "count", "histogram", "fields"].map((path) =>
        sending(`GET /api/${path}?q=a HTTP/1.1\r\nHost: localhost\r\n\r\n`),
      ),
    );
    await until(() => asked === 4);

    for (const socket of waiting) socket.destroy();
    await until(() => aborted.length === 4);

    assert.deepEqual(aborted.sort(), ["count", "fields", "histogram", "search"]);
  });

  it("hands the time limit on, shares it among the parts of a histogram, and says when it ended the work", async () => {
    await dashboard.start({ queryTimeoutMs: 2_000 });
    const limits: number[] = [];
    dashboard.searcher.histogram = async (_request, patience) => {
      limits.push(patience!.timeoutMs!);
      return { bars: [], timedOut: limits.length === 2 };
    };
    dashboard.searcher.count = async (_request, patience) => {
      assert.equal(patience!.timeoutMs, 2_000);
      return { count: 7, timedOut: true };
    };

    assert.deepEqual((await dashboard.get("/api/count?q=a")).json, { count: 7, timed_out: true });
    assert.equal((await dashboard.get("/api/histogram?split=panels")).json.timed_out, true);
    assert.equal(limits.length, 3);
    assert.ok(limits.every((limit, place) => limit <= (limits[place - 1] ?? 2_000)));
  });

  it("ends an answer before its documents have more than 8 MiB, and says so", async () => {
    await dashboard.start();
    let asked: { maxBytes?: number } = {};
    dashboard.searcher.search = async (request) => {
      asked = request;
      const hit = { _index: "a", _id: "1", timestampMs: 0, hasOwnTime: true, source: "{}" };
      return { total: 9, hits: [hit, hit], timedOut: false };
    };

    const { json } = await dashboard.get("/api/search?size=5");

    assert.equal(asked.maxBytes, 8 * MiB);
    assert.deepEqual([json.total, json.cut, json.hits.length], [9, true, 2]);
  });

  it("sends a large answer as it is, in pieces", async () => {
    await dashboard.start();
    for (let n = 0; n < 3; n++) dashboard.searcher.add(`{"n":${n},"text":"${"ü".repeat(100_000)}"}`);

    const { json, headers } = await dashboard.get("/api/search");

    assert.equal(headers.get("content-length"), null);
    assert.deepEqual(
      json.hits.map(({ _source }: { _source: { n: number; text: string } }) => [
        _source.n,
        _source.text.length,
      ]),
      [2, 1, 0].map((n) => [n, 100_000]),
    );
  });

  it("holds answers for readers within a budget, and cuts off who stopped reading once others need the room", async () => {
    let nowMs = 0;
    const answers = new MemoryBudget(24 * MiB, () => nowMs);
    await dashboard.start({ answers });
    const source = JSON.stringify({ text: "x".repeat(MiB) });
    for (let n = 0; n < 10; n++) dashboard.searcher.add(source);
    const stopped = await sending("GET /api/search HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stopped.pause();
    await until(() => answers.bytes > 0);

    const refused = await dashboard.get("/api/search");
    nowMs = 60_000;
    const taken = await dashboard.get("/api/search");
    let bytes = 0;
    stopped.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stopped.resume();
    if (!stopped.closed) await once(stopped, "close");

    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
    assert.equal(taken.json.hits.length, 10);
    assert.ok(bytes < 10 * MiB, String(bytes));
    await until(() => answers.bytes === 0);
  });

  it("holds the bodies of replays in the budget that the Firehose endpoint has", async () => {
    const bodies = new BodyReader(new MemoryBudget(2 * MiB));
    await dashboard.start({ replay: async () => [], bodies });
    const first = await sending(replayHead(3 * MiB));
    first.write(Buffer.alloc(2 * MiB - 1, " "));
    await until(() => bodies.budget.bytes === 2 * MiB - 1);

    const refused = await post();
    first.destroy();
    await until(() => bodies.budget.bytes === 0);

    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get("retry-after"), "1");
    assert.equal((await post()).status, 200);
  });

  it("lets a stalled body give way to one that comes", async () => {
    let nowMs = 0;
    const bodies = new BodyReader(new MemoryBudget(2 * MiB, () => nowMs));
    await dashboard.start({ replay: async () => [], bodies });
    const stalled = await sending(replayHead(3 * MiB));
    stalled.write(Buffer.alloc(2 * MiB - 1, " "));
    await until(() => bodies.budget.bytes === 2 * MiB - 1);
    nowMs = 2_000;

    assert.equal((await post()).status, 200);
    assert.equal(bodies.budget.bytes, 0);
  });

  it("refuses a body that is deep before it is all there", async () => {
    await dashboard.start({ replay: async () => [] });
    const socket = await sending(replayHead(8 * MiB));
    socket.write("[".repeat(MiB));

    const [answer] = await once(socket, "data");

    assert.match(String(answer), /^HTTP\/1\.1 400 [^]*deeper than 32/);
  });

  it("takes replays one after another", async () => {
    let running = 0;
    let most = 0;
    await dashboard.start({
      replay: async (documents) => {
        most = Math.max(most, ++running);
        await wait(1);
        running -= 1;
        if (documents.length === 0) throw new Error("no");
        return documents.map(() => "indexed" as const);
      },
    });
    const one = JSON.stringify({ documents: [{ id: "e.1", index: "a", arrivalMs: 1, source: "{}" }] });

    const answers = await Promise.all([one, body, one, one].map((text) => post(text)));

    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 500, 200, 200],
    );
    assert.equal(most, 1);
  });

  it("runs four exports at a time", async () => {
    await dashboard.start();
    dashboard.searcher.scan = async function* () {
      const source = JSON.stringify({ m: "x".repeat(100_000) });
      for (;;) yield [{ _index: "a", _id: "1", timestampMs: 0, hasOwnTime: true, source }];
    };
    const abort = new AbortController();
    const exports = await Promise.all(
      [1, 2, 3, 4].map(() => fetch(`${dashboard.url}/api/export`, { signal: abort.signal })),
    );
    const fifth = await dashboard.get("/api/export");
    abort.abort();
    let after = 503;
    while (after === 503) after = (await fetch(`${dashboard.url}/api/export`, { method: "HEAD" })).status;

    assert.deepEqual(
      exports.map(({ status }) => status),
      [200, 200, 200, 200],
    );
    assert.equal(fifth.status, 503);
    assert.equal(after, 200);
  });
});

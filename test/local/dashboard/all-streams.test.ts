import assert from "node:assert/strict";
import { StreamsSearcher } from "../../../local/dashboard/streams-searcher";
import type { Hit } from "../../../local/rooms";
import { DashboardOfTest, plan, statusOf } from "./dashboard-of-test";
import { FakeSearcher } from "./fake-searcher";

const ofStream = (name: string) => ({ ...plan.streams[0]!, deliveryStreamName: name });

describe("all streams asked at once", () => {
  const web = new FakeSearcher();
  const orders = new FakeSearcher();
  const dashboard = new DashboardOfTest();
  before(async () => {
    for (const [searcher, name] of [
      [web, "web"],
      [orders, "orders"],
    ] as const)
      for (const k of [1, 2, 3])
        searcher.add(`{"message":"${name} ${k}","n":${k}}`, 60_000 * k + (name === "web" ? 1 : 0), name);
    const failure = { key: "a", records: 1, errorCode: "400", errorMessage: "no" };
    await dashboard.start({
      streams: [
        dashboard.stream({
          plan: ofStream("web"),
          searcher: web,
          status: () => statusOf({ accepted: 3, indexed: 3 }),
          recentFailures: async () => [{ ...failure, atMs: 1 }],
        }),
        dashboard.stream({
          plan: ofStream("orders"),
          searcher: orders,
          status: () => statusOf({ accepted: 4, indexed: 3, failed: 1 }),
          recentFailures: async () => [{ ...failure, key: "b", atMs: 2 }],
        }),
      ],
    });
  });
  after(() => dashboard.close());
  const messages = (hits: { sourceText: string; stream: string }[]) =>
    hits.map(({ sourceText, stream }) => `${stream}: ${JSON.parse(sourceText).message}`);

  it("answers their documents as one list, newest first, each with its stream, page by page", async () => {
    const { json } = await dashboard.get("/api/search?stream=*&source=text&size=3");
    const next = await dashboard.get("/api/search?stream=*&source=text&from=3&size=3");

    assert.deepEqual([json.total, json.cut], [6, false]);
    assert.deepEqual(messages(json.hits), ["web: web 3", "orders: orders 3", "web: web 2"]);
    assert.deepEqual(messages(next.json.hits), ["orders: orders 2", "web: web 1", "orders: orders 1"]);
    const [hit] = (await dashboard.get("/api/search?stream=*&q=orders&size=1")).json.hits;
    assert.deepEqual([hit._stream, hit._index], ["orders", "orders"]);
  });

  it("sorts, and finds what was around, over all of them", async () => {
    const sorted = await dashboard.get("/api/search?stream=*&source=text&size=2&sort=n:asc");
    const around = await dashboard.get("/api/around?stream=*&atMs=120001&size=2");

    assert.deepEqual(messages(sorted.json.hits), ["web: web 1", "orders: orders 1"]);
    assert.deepEqual(messages(around.json.before), ["orders: orders 2", "web: web 1"]);
    assert.deepEqual(messages(around.json.after), ["web: web 2", "orders: orders 3"]);
  });

  it("counts them together, in a histogram that is divided by streams, with the fields of all", async () => {
    const counts = await dashboard.get("/api/count?stream=*&q=2");
    const { json } = await dashboard.get("/api/histogram?stream=*&intervalMs=60000&split=panels");
    const { fields } = (await dashboard.get("/api/fields?stream=*")).json;

    assert.equal(counts.json.count, 2);
    const told = json.series.map((one: { title: string; bars: { count: number }[] }) => [
      one.title,
      ...one.bars.map(({ count }) => count),
    ]);
    assert.deepEqual(told, [
      ["", 2, 2, 2],
      ["web", 1, 1, 1],
      ["orders", 1, 1, 1],
    ]);
    const n = fields.find(({ name }: { name: string }) => name === "n");
    assert.deepEqual(n.top[0], { value: "1", count: 2 });
  });

  it("adds their counts up and tells the last failures of all", async () => {
    const { accepted, indexed, failed } = (await dashboard.get("/api/status?stream=*")).json;
    const { failures } = (await dashboard.get("/api/failures?stream=*")).json;

    assert.deepEqual([accepted, indexed, failed], [7, 6, 1]);
    assert.deepEqual(
      failures.map(({ key }: { key: string }) => key),
      ["b", "a"],
    );
  });

  it("exports them oldest first, a page of each stream at a time", async () => {
    const { text } = await dashboard.get("/api/export?stream=*&format=ndjson");

    const lines = text.trim().split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)._source.message),
      ["orders 1", "web 1", "orders 2", "web 2", "orders 3", "web 3"],
    );
  });

  it("exports them as CSV with the stream of each, also where nothing matches", async () => {
    const { text } = await dashboard.get("/api/export?stream=*&format=csv&column=n&q=orders");
    const none = await dashboard.get("/api/export?stream=*&format=csv&column=n&q=nobody");
    const one = await dashboard.get("/api/export?stream=web&format=csv&column=n&q=nobody");

    const [head, first] = text.split("\r\n");
    assert.equal(head, "_index,_id,_stream,n,_source");
    assert.match(first!, /^orders,[^,]*,orders,1,/);
    assert.deepEqual([none.text, one.text], [`${head}\r\n`, "_index,_id,n,_source\r\n"]);
  });

  it("are not offered where there is one index only", async () => {
    const alone = await new DashboardOfTest().start();

    const { status, json } = await alone.get("/api/count?stream=*");

    assert.equal(status, 404);
    assert.match(json.error.message, /^there is no stream \*; there are firehose-opensearch-dev$/);
    await alone.close();
  });

  it("tells nothing of what is older than the end of a page that a stream has cut by its size", async () => {
    const short = new FakeSearcher();
    const search = short.search.bind(short);
    for (const k of [1, 2, 3]) short.add(`{"n":${k}}`, k);
    short.search = async (request) => {
      const page = await search(request);
      return { ...page, hits: page.hits.slice(0, 1) };
    };
    const long = new FakeSearcher();
    for (const k of [0, 4]) long.add(`{"n":${k}}`, k);
    const both = new StreamsSearcher([
      { name: "short", searcher: short },
      { name: "long", searcher: long },
    ]);

    const { hits, total } = await both.search({ query: "", size: 10 });

    assert.deepEqual([hits.map((hit: Hit) => hit.timestampMs), total], [[4, 3], 5]);
  });

  it("searches indices of a server once that two streams write to", async () => {
    const shared = (name: string) =>
      dashboard.stream({ plan: ofStream(name), searcher: web, sharedIndex: "web" });
    const sharing = await new DashboardOfTest().start({ streams: [shared("a"), shared("b")] });

    assert.equal((await sharing.get("/api/count?stream=*")).json.count, 3);
    await sharing.close();
  });
});

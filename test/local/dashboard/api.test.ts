import assert from "node:assert/strict";
import { startDashboard } from "../../../local/dashboard/server";
import { QueryError } from "../../../local/rooms";
import { DashboardOfTest, plan, statusOf } from "./dashboard-of-test";

describe("the dashboard's API", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
  });
  afterEach(() => dashboard.close());

  it("answers a search with the total and a page of hits, newest first", async () => {
    for (const k of [1, 2, 3]) dashboard.searcher.add(`{"message":"hello world ${k}"}`, 1_000 * k);

    const { status, json } = await dashboard.get("/api/search?q=message:hello&from=1&size=1");

    assert.equal(status, 200);
    assert.deepEqual(json, {
      total: 3,
      timed_out: false,
      cut: false,
      hits: [{ _index: "example-2026-03-01-09", _id: "2", _source: { message: "hello world 2" } }],
    });
  });

  it("keeps the digits of a document exactly [B42]", async () => {
    const source = '{"id":9007199254740993,"price":1.10,"big":1e400}';
    dashboard.searcher.add(source);

    const search = await dashboard.get("/api/search");
    const forPage = await dashboard.get("/api/search?source=text");
    const exported = await dashboard.get("/api/export?format=ndjson");
    const csv = await dashboard.get("/api/export?format=csv");

    assert.ok(search.text.includes(`"_source":${source}`), search.text);
    assert.equal(forPage.json.hits[0].sourceText, source);
    assert.ok(exported.text.includes(source));
    assert.ok(
      csv.text.split("\r\n")[1]!.startsWith("example-2026-03-01-09,1,,9007199254740993,1.10,1e400,"),
      csv.text,
    );
  });

  it("counts matches, and all documents without a query", async () => {
    dashboard.searcher.add('{"message":"hello"}', 1_000, "a-1");
    dashboard.searcher.add('{"message":"bye"}', 2_000, "b-1");

    const counts = await Promise.all(
      ["", "?q=message:bye", "?index=a-*", "?fromMs=1001", "?toMs=1000", "?q=nothing"].map(
        async (query) => (await dashboard.get(`/api/count${query}`)).json.count,
      ),
    );

    assert.deepEqual(counts, [2, 1, 1, 1, 0, 0]);
  });

  it("refuses a parameter that there is not, which would ask for all documents, of every path", async () => {
    for (const path of [
      "count",
      "search",
      "histogram",
      "export",
      "streams",
      "whereabouts",
      "charts/values",
    ]) {
      const { status, json } = await dashboard.get(`/api/${path}?query=message:bye`);
      assert.equal(status, 400, path);
      assert.match(json.error.message, /^"query" is no parameter here; there are q, index, fromMs, /);
    }
    const { json } = await dashboard.get("/api/count?q=bye&fromMS=1");
    assert.equal(json.error.message, '"fromMS" is no parameter here; did you mean fromMs?');
  });

  it("divides a histogram among the panels so that the parts never exceed the whole", async () => {
    for (const message of ["hello", "bye", "hello bye", "neither"]) {
      dashboard.searcher.add(`{"message":"${message}"}`, 60_000);
    }

    const { json } = await dashboard.get("/api/histogram?intervalMs=60000&split=panels");

    assert.deepEqual(
      json.series.map((part: { title: string; bars: object[] }) => [part.title, part.bars]),
      [
        ["", [{ startMs: 60_000, count: 4 }]],
        ["bye", [{ startMs: 60_000, count: 2 }]],
        ["hello", [{ startMs: 60_000, count: 1 }]],
      ],
    );
  });

  it("leaves a panel of all documents but a probe's out of the division, as one of all", async () => {
    const total = { title: "total", query: "NOT _exists_:firehose_probe" };
    const bye = { title: "bye", query: "(message:bye) AND NOT _exists_:firehose_probe" };
    const probed = new DashboardOfTest();
    const ofStream = { ...plan.streams[0]!, panels: [total, bye] };
    await probed.start({ streams: [probed.stream({ plan: ofStream })] });
    probed.searcher.add('{"message":"bye"}', 60_000);

    const { json } = await probed.get("/api/histogram?intervalMs=60000&split=panels");
    await probed.close();

    assert.deepEqual(json.series.slice(1), [{ title: "bye", bars: [{ startMs: 60_000, count: 1 }] }]);
  });

  it("lists fields with their top values, and indices with counts and sizes", async () => {
    dashboard.searcher.add('{"level":"error"}');

    const fields = await dashboard.get("/api/fields");
    const indices = await dashboard.get("/api/indices");

    assert.deepEqual(fields.json.fields, [
      { name: "level", type: "text", top: [{ value: "error", count: 1 }] },
    ]);
    assert.deepEqual(indices.json.indices, [{ index: "example-2026-03-01-09", count: 1, bytes: 34 }]);
  });

  it("answers the counts of the pipeline, which add up", async () => {
    dashboard.status = statusOf({ accepted: 10, indexed: 5, dropped: 2, failed: 1, waiting: 2, backedUp: 9 });

    const { json } = await dashboard.get("/api/status");

    assert.equal(json.accepted, json.indexed + json.dropped + json.failed + json.waiting);
    assert.equal(json.backedUp, 9);
  });

  it("answers the panels with their counts, and the last failures", async () => {
    dashboard.searcher.add('{"message":"bye world!"}');
    dashboard.failures.push({ key: "failed/a", records: 3, errorCode: "400", errorMessage: "no", atMs: 5 });

    const panels = await dashboard.get("/api/panels");
    const failures = await dashboard.get("/api/failures?limit=5");

    assert.deepEqual(
      panels.json.panels.map(({ title, count }: { title: string; count: number }) => [title, count]),
      [
        ["total", 1],
        ["bye", 1],
        ["hello", 0],
      ],
    );
    assert.deepEqual(failures.json.failures, dashboard.failures);
  });

  it("shows the plan without the function's code and environment", async () => {
    const { json, text } = await dashboard.get("/api/plan");

    assert.equal(json.deliveryStreamName, "firehose-opensearch-dev");
    assert.equal(json.processor.name, "firehose-opensearch-dev-map");
    assert.doesNotMatch(text, /not for the page|exports\.handler/);
  });

  for (const query of ["path:/index", "jobType:(1/2 day)", "AND", "(a", '"open']) {
    it(`answers ${query} with a readable 400 and its position [${query.includes("/") ? "B67" : "B70"}]`, async () => {
      dashboard.searcher.search = async () => {
        throw new QueryError({ message: "not closed", position: 3 });
      };

      const { status, json } = await dashboard.get(`/api/search?q=${encodeURIComponent(query)}`);

      assert.equal(status, 400);
      assert.deepEqual(json, { error: { message: "not closed", position: 3 } });
      assert.equal((await dashboard.get("/api/count")).status, 200);
    });
  }

  for (const path of [
    "search?size=x",
    "search?size=-1",
    "search?size=10001",
    "search?from=9991&size=10",
    "search?fromMs=1.5",
    "search?source=xml",
    "histogram?intervalMs=0",
    "histogram?intervalMs=1&fromMs=0&toMs=100000",
    "export?format=xlsx",
    "failures?limit=zero",
    "backup/preview",
  ]) {
    it(`refuses ${path} with a 400 that says what is allowed`, async () => {
      const { status, json } = await dashboard.get(`/api/${path}`);

      assert.equal(status, 400);
      assert.match(json.error.message, /allowed|missing/);
    });
  }

  it("refuses a time whose ends are crossed wherever one is asked, and counts nothing in an empty one", async () => {
    const charts = new DashboardOfTest();
    const answered = () => assert.fail("it was asked");
    await charts.start({
      streams: [charts.stream({ charts: { topValues: answered, numbersOverTime: answered } })],
    });
    dashboard.searcher.add('{"message":"bye"}', 2_000);
    const crossed = "fromMs=1772326800000&toMs=1772323200000";
    for (const path of [
      "search?",
      "search?sort=message:asc&",
      "count?",
      "histogram?",
      "histogram?split=panels&",
      "fields?",
      "export?",
      "export?format=csv&",
      "charts/values?field=message&",
      "charts/numbers?field=took_ms&",
      "whereabouts?",
      "whereabouts?text=bye&",
    ]) {
      const { status, json } = await (path.startsWith("charts") ? charts : dashboard).get(
        `/api/${path}${crossed}`,
      );

      assert.equal(status, 400, path);
      assert.match(
        json.error.message,
        /fromMs 1772326800000 \(2026-03-01T01:00:00.000Z\) is after toMs 1772323200000/,
      );
    }
    await charts.close();
    assert.equal((await dashboard.get("/api/count?fromMs=2000&toMs=2000")).json.count, 0);
    assert.equal((await dashboard.get("/api/count?fromMs=9007199254740991&toMs=1")).status, 400);
  });

  it("answers a fault of the index with a 500 that names it, and lives on", async () => {
    dashboard.searcher.count = async () => {
      throw new Error("disk I/O error");
    };

    const { status, json } = await dashboard.get("/api/count");

    assert.equal(status, 500);
    assert.match(json.error.message, /disk I\/O error/);
    assert.equal((await dashboard.get("/api/search")).status, 200);
  });

  it("tells the page the commands as the person types them, in a checkout and with the package", async () => {
    const inCheckout = await dashboard.get("/commands.js");
    assert.match(inCheckout.headers.get("content-type")!, /^text\/javascript/);
    assert.match(
      inCheckout.text,
      /"start":"npm start","publish":"npm run publish --","replay":"npm run replay"/,
    );
    process.env["FIREHOSE_OPENSEARCH_PROJECT"] = "/a/program";
    try {
      await dashboard.close();
      await dashboard.start();
    } finally {
      delete process.env["FIREHOSE_OPENSEARCH_PROJECT"];
    }
    assert.match((await dashboard.get("/commands.js")).text, /"start":"npx firehose-opensearch start"/);
  });

  it("answers what is not there with a 404", async () => {
    const { status, json } = await dashboard.get("/api/nothing");

    assert.equal(status, 404);
    assert.match(json.error.message, /\/api\/nothing/);
  });

  it("rejects with EADDRINUSE where the port is taken", async () => {
    const port = Number(new URL(dashboard.url).port);

    const second = startDashboard({ port, plan, streams: [dashboard.stream()] });

    await assert.rejects(second, { code: "EADDRINUSE" });
    assert.equal(dashboard.listeners.size, 1, "a dashboard that did not start must not go on listening");
  });
});

import assert from "node:assert/strict";
import { csvHeader, csvRow } from "../../../local/dashboard/csv";
import { QueryError } from "../../../local/rooms";
import { until } from "../../until";
import { DashboardOfTest } from "./dashboard-of-test";

describe("the dashboard's export", () => {
  let dashboard: DashboardOfTest;
  beforeEach(async () => {
    dashboard = await new DashboardOfTest().start();
  });
  afterEach(() => dashboard.close());

  it("writes every match as a line of NDJSON, oldest first", async () => {
    for (let k = 1; k <= 2_500; k += 1) dashboard.searcher.add(`{\n"message":"hello world ${k}"}`);
    dashboard.searcher.add('{"message":"bye"}');

    const { text, headers } = await dashboard.get("/api/export?q=message:hello");

    const lines = text.trimEnd().split("\n");
    assert.equal(lines.length, 2_500);
    assert.deepEqual(JSON.parse(lines[0]!)._source, { message: "hello world 1" });
    assert.match(headers.get("content-disposition")!, /attachment; filename="export.ndjson"/);
  });

  it("writes CSV with a column per field and the whole document", async () => {
    dashboard.searcher.add('{"user":{"name":"a, \\"b\\""},"n":1}');
    dashboard.searcher.add('{"tags":["x","y"]}');

    const { text } = await dashboard.get("/api/export?format=csv");

    assert.deepEqual(text.split("\r\n").slice(0, 2), [
      "_index,_id,@timestamp,user.name,n,tags.0,tags.1,_source",
      'example-2026-03-01-09,1,,"a, ""b""",1,,,"{""user"":{""name"":""a, \\""b\\""""},""n"":1}"',
    ]);
  });

  it("writes CSV with the columns that are asked for, in their order", async () => {
    dashboard.searcher.add('{"@timestamp":"=1","n":1,"m":"x"}');

    const { text } = await dashboard.get("/api/export?format=csv&column=n&column=@timestamp");

    assert.deepEqual(text.split("\r\n")[0], "_index,_id,n,@timestamp,_source");
    assert.match(text.split("\r\n")[1]!, /^example-2026-03-01-09,1,1,'=1,/);
  });

  it("makes no column of another view of a field, and marks a spreadsheet's file as UTF-8", async () => {
    dashboard.searcher.add('{"n":1,"n.text":"x","log.text":"y"}');

    const response = await fetch(`${dashboard.url}/api/export?format=csv&for=spreadsheet`);
    const bytes = Buffer.from(await response.arrayBuffer());

    assert.equal(bytes.toString().split("\r\n")[0], "\ufeff_index,_id,@timestamp,n,log.text,_source");
  });

  it("answers a wrong query with a 400 and no file", async () => {
    dashboard.searcher.scan = async function* () {
      yield* [];
      throw new QueryError({ message: "no", position: 1 });
    };

    const { status, json } = await dashboard.get("/api/export?q=(");

    assert.equal(status, 400);
    assert.deepEqual(json.error, { message: "no", position: 1 });
  });

  it("breaks off where the index cannot go on, so that a part passes for no whole file", async () => {
    const source = JSON.stringify({ m: "x".repeat(300_000) });
    dashboard.searcher.scan = async function* () {
      yield [{ _index: "a", _id: "1", timestampMs: 0, hasOwnTime: true, source }];
      throw new Error("the index was deleted during the export");
    };
    const { error } = console;
    const said: unknown[][] = [];
    console.error = (...what) => said.push(what);
    try {
      await assert.rejects(dashboard.get("/api/export"), /terminated|fetch failed/);
    } finally {
      console.error = error;
    }
    const text =
      "export: the index was deleted during the export; the file that was being written is cut off";
    assert.deepEqual(said, [[text]]);
  });

  it("stops asking the index when the reader leaves, and asks no faster than it reads", async () => {
    let pages = 0;
    let ended = false;
    dashboard.searcher.scan = async function* () {
      try {
        const source = JSON.stringify({ m: "x".repeat(100_000) });
        for (; pages < 100_000; pages += 1) {
          yield [{ _index: "a", _id: "1", timestampMs: 0, hasOwnTime: true, source }];
        }
      } finally {
        ended = true;
      }
    };
    const abort = new AbortController();
    const response = await fetch(`${dashboard.url}/api/export`, { signal: abort.signal });
    await response.body!.getReader().read();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const pagesUnread = pages;

    abort.abort();
    await until(() => ended);

    assert.ok(pagesUnread < 500, `${pagesUnread} pages of 100 kB were made for a reader who does not read`);
  });

  it("makes no formula of a value, and leaves numbers alone [C29]", () => {
    const hit = {
      _index: "a",
      _id: "1",
      timestampMs: 0,
      hasOwnTime: true,
      source: '{"f":"=1+1","n":-5,"at":"@x","e":-1.5e3,"wide":"＝1+1"}',
    };

    const cells = csvRow(hit, ["f", "n", "at", "e", "wide"]).split(",").slice(2, 7);
    assert.deepEqual(cells, ["'=1+1", "-5", "'@x", "-1.5e3", "'＝1+1"]);
    assert.equal(csvHeader(["a"]), "_index,_id,a,_source\r\n");
  });

  it("joins the values of arrays, and finds keys that hold dots", () => {
    const hit = {
      _index: "a",
      _id: "1",
      timestampMs: 0,
      hasOwnTime: true,
      source: '{"items":[{"n":1},{"n":9007199254740993}],"a.b":{"c":"x"},"o":{"z":null}}',
    };

    const [, , items, dotted, missing] = csvRow(hit, ["items.n", "a.b.c", "o.z"]).split(",");
    assert.deepEqual([items, dotted, missing], ["1; 9007199254740993", "x", ""]);
  });
});

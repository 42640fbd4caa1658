import { strict as assert } from "node:assert";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { listen } from "../../../local/listen";
import { OpenSearchSearcher } from "../../../local/remote/opensearch-searcher";
import { QueryError } from "../../../local/rooms";

interface Asked {
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the search API
  readonly body: any;
}

const hit = (n: number, source: object = { n }, more: object = {}) => ({
  _index: "web-2026-03-01",
  _id: String(n),
  _source: source,
  sort: [1_000 * n],
  ...more,
});
const page = (hits: object[], total = hits.length) => ({
  timed_out: false,
  hits: { total: { value: total }, hits },
});

describe("OpenSearchSearcher", () => {
  let server: Server;
  let searcher: OpenSearchSearcher;
  let asked: Asked[];
  let gone: number;
  /** Undefined: no answer. */
  let answer: (asked: Asked) => object | string | undefined;

  beforeEach(async () => {
    asked = [];
    gone = 0;
    answer = () => page([]);
    server = createServer((req, res) => void reply(req, res));
    await listen(server, 0, "127.0.0.1");
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    searcher = new OpenSearchSearcher({
      url,
      indexName: "web",
      panels: [{ query: "" }],
      maxAnswerBytes: 24_000,
    });
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  async function reply(req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.once("close", () => {
      if (!res.writableFinished) gone += 1;
    });
    let text = "";
    for await (const chunk of req) text += chunk;
    if (req.url!.startsWith("/_cat/indices")) {
      const names = ["web-2026-03-01", "web-2026-03-02", "web-errors-2026-03-01"];
      res.end(JSON.stringify(names.map((index) => ({ index, "docs.count": "1", "store.size": "2" }))));
      return;
    }
    const one = { path: decodeURIComponent(req.url!.split("?")[0]!), body: JSON.parse(text) };
    asked.push(one);
    const given = answer(one);
    if (given !== undefined) res.end(typeof given === "string" ? given : JSON.stringify(given));
  }
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise((wake) => setTimeout(wake, 5));
  };

  it("hands the time limit to the server, and says when it ended the work", async () => {
    answer = () => ({ ...page([hit(1)], 7), timed_out: true });

    const { total, timedOut } = await searcher.search({ query: "a" }, { timeoutMs: 1_500 });

    assert.equal(asked[0]!.body.timeout, "1500ms");
    assert.deepEqual([total, timedOut], [7, true]);
    assert.deepEqual(await searcher.count({ query: "a" }, { timeoutMs: 1_500 }), {
      count: 7,
      timedOut: true,
    });
  });

  it("answers with nothing, and says so, where the server does not keep the time limit", async () => {
    answer = () => undefined;

    assert.deepEqual(await searcher.count({ query: "a" }, { timeoutMs: 1 }), { count: 0, timedOut: true });
  });

  it("ends the request at once when nobody waits any more", async () => {
    answer = () => undefined;
    const abort = new AbortController();
    const counting = searcher.count({ query: "a" }, { signal: abort.signal, timeoutMs: 60_000 });
    await until(() => asked.length === 1);

    abort.abort(new Error("gone"));

    await assert.rejects(counting, /gone/);
    await until(() => gone === 1);
  });

  for (const [index, expected] of [
    [undefined, "/web,web-20*/_search"],
    ["web-2026-03-01", "/web-2026-03-01/_search"],
    ["*", "/web-2026-03-01,web-2026-03-02/_search"],
    ["*-02,other", "/web-2026-03-02/_search"],
    [`${"*".repeat(60)}-01`, "/web-2026-03-01/_search"],
    [".opendistro_security", undefined],
    ["_all", undefined],
    ["../_cluster", undefined],
    ["other*,-web*", undefined],
  ] as const) {
    it(`asks the stream's own indices alone: ${index}`, async () => {
      await searcher.count({ query: "", ...(index ? { index } : {}) });
      assert.deepEqual(
        asked.map(({ path }) => path),
        expected ? [expected] : [],
      );
    });
  }

  it("asks for fewer documents where an answer is too large to read, in a search and in an export", async () => {
    const text = "x".repeat(3_000);
    answer = ({ body }) => {
      const from = (body.from ?? 0) + (body.search_after ? body.search_after[0] / 1_000 : 0);
      const count = Math.max(0, Math.min(body.size, 11 - from));
      return page(
        Array.from({ length: count }, (_, at) => hit(from + at + 1, { text })),
        11,
      );
    };

    const found = await searcher.search({ query: "", size: 10, maxBytes: 7_000 });
    const sizes = asked.splice(0).map(({ body }) => body.size);
    let exported = 0;
    for await (const hits of searcher.scan({ query: "" })) exported += hits.length;

    assert.deepEqual([found.total, found.hits.length, sizes], [11, 2, [10, 5]]);
    assert.equal(exported, 11);
  });

  it("tells documents with a time of their own from others, and what the index ignored", async () => {
    answer = () =>
      page([
        hit(1, { "@timestamp": "1970-01-01T00:00:01Z" }),
        hit(2, {}, { sort: [Number.MIN_SAFE_INTEGER], _ignored: ["status"] }),
        hit(3, {}, { sort: [null] }),
      ]);

    const { hits } = await searcher.search({ query: "" });

    assert.deepEqual(
      hits.map(({ timestampMs, hasOwnTime, ignored }) => [timestampMs, hasOwnTime, ignored]),
      [
        [1_000, true, undefined],
        [0, false, ["status"]],
        [0, false, undefined],
      ],
    );
  });

  it("keeps the digits of numbers in documents, and in the fields' values", async () => {
    answer = () =>
      '{"timed_out":false,"hits":{"total":{"value":1},"hits":[{"_index":"web","_id":"1","_source":{"id":9007199254740993}}]}}';

    assert.equal((await searcher.search({ query: "" })).hits[0]!.source, '{"id":9007199254740993}');
    assert.deepEqual((await searcher.fields({ query: "" })).fields[0]!.top, [
      { value: "9007199254740993", count: 1 },
    ]);
  });

  it("refuses a histogram of more bars than asked for", async () => {
    answer = () => ({ ...page([]), aggregations: { time: { buckets: [1, 2, 3].map((key) => ({ key })) } } });

    await assert.rejects(searcher.histogram({ query: "", intervalMs: 1, maxBars: 2 }), QueryError);
  });

  it("hands on no control characters of what is no answer", async () => {
    answer = () => "\u001b]0;owned\u0007<html>";

    await assert.rejects(searcher.count({ query: "" }), (error: Error) => {
      assert.match(error.message, /no JSON: \\u001b\]0;owned\\u0007<html>/);
      return true;
    });
  });
});

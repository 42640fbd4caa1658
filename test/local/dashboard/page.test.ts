/** What the page computes by itself; what it does in a browser is in test/real/page.test.ts. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { PanelHistory } from "../../../local/dashboard/panel-history";

const page = join(__dirname, "../../../local/dashboard/page");
// biome-ignore lint/suspicious/noExplicitAny: the page is plain JavaScript, for browsers
const load = (name: string): any => require(join(page, name));

describe("the page's address", () => {
  const { readAddress, writeAddress } = load("address.js");

  it("holds the whole view, so that it can be shared", () => {
    const state = {
      stream: "orders",
      view: "backup",
      q: 'message:"a & b" AND c',
      filters: [
        { clause: 'm.keyword:"a & b"', not: false, off: false },
        { clause: "status:500", not: true, off: true },
      ],
      columns: ["user.name", "a,b"],
      sort: "user.name:asc",
      doc: "example-2026-03-01-09/49a.1",
      index: "example-2026-03-01-09",
      range: { fromMs: 1_772_323_200_000, toMs: 1_772_326_800_000 },
      refresh: "10s",
      prefix: "raw/2026/",
      key: "raw/2026/a b",
      chart: "user.name",
      what: "order-77",
    };

    assert.deepEqual(readAddress(new URL(writeAddress(state), "http://localhost").search), state);
  });

  it("is bare at the first visit, and ignores what it does not know", () => {
    const first = readAddress("");

    assert.equal(writeAddress(first), "/");
    assert.deepEqual(readAddress("?view=x&range=2y&refresh=9s&from=a&to=b"), first);
  });

  it("keeps a time whose ends are crossed as it was typed, so that the page says so", () => {
    for (const crossed of [
      { from: "2026-03-02T00:00:00Z", to: "2026-03-01T00:00:00Z" },
      { from: "now", to: "-1h" },
    ]) {
      const state = readAddress(`?from=${crossed.from}&to=${crossed.to}`);

      assert.deepEqual(state.range, crossed);
      assert.deepEqual(readAddress(writeAddress(state).slice(1)).range, crossed);
    }
  });
});

describe("the page's JSON text", () => {
  const { pretty, leaves } = load("json-text.js");
  const source = '{"id":9007199254740993,"a":{"b":[1.10,{"c":"x\\"y"}],"e":{},"f":[]},"t":true,"n":null}';

  it("indents a document and keeps every digit [B42]", () => {
    const text = pretty(source)
      .map((part: { text: string }) => part.text)
      .join("");

    assert.ok(text.startsWith('{\n  "id": 9007199254740993,\n  "a": {\n    "b": [\n      1.10,\n'), text);
    assert.match(text, /"e": \{\},\n {4}"f": \[\]\n {2}\},/);
    assert.equal(text.replace(/\s/g, ""), source);
  });

  it("lists values by dotted names, as they are written [B42]", () => {
    assert.deepEqual(
      leaves(source).map(({ name, text }: { name: string; text: string }) => [name, text]),
      [
        ["id", "9007199254740993"],
        ["a.b", "1.10"],
        ["a.b.c", 'x"y'],
        ["t", "true"],
        ["n", "null"],
      ],
    );
  });

  it("reads odd keys and a text of millions of characters [B41]", () => {
    const odd = '{"":"x",".a":1,"b.":2,"c..d":3,"ok":4}';
    const names = leaves(odd).map(({ name }: { name: string }) => name);

    assert.deepEqual(names, ["", ".a", "b.", "c..d", "ok"]);
    assert.equal(leaves(`{"m":"${"x\\n".repeat(1_000_000)}"}`)[0].text.length, 2_000_000);
  });
});

describe("the page's query text", () => {
  const { highlightTerms, highlight } = load("query-text.js");
  const marked = (query: string, text: string, field?: string): string =>
    highlight(text, highlightTerms(query), field)
      .map((part: { text: string; hit: boolean }) => (part.hit ? `[${part.text}]` : part.text))
      .join("");

  for (const [query, text, expected] of [
    ["bye", "Bye world", "[Bye] world"],
    ["message:bye", "bye goodbye bye2", "[bye] goodbye bye2"],
    ["wor*", "hello world", "hello [world]"],
    ['"hello world"', "hello world 1", "[hello world] 1"],
    ["NOT bye AND world", "bye world", "bye [world]"],
    ["-bye +world", "bye world", "bye [world]"],
    ["status:>=500 bye", "500 bye", "500 [bye]"],
    ["status:[400 TO 499]", "TO", "TO"],
    ["other:bye", "bye", "bye"],
    ["message:(bye OR world)", "bye world", "[bye] [world]"],
    ["a.b", "axb a.b", "axb [a.b]"],
    ["/x/ \\", "x", "x"],
    ["", "bye", "bye"],
    ["(((", "bye", "bye"],
    ["日本", "日本 語", "[日本] 語"],
  ] as const) {
    it(`highlights ${query || "nothing"} in ${text}`, () => {
      assert.equal(marked(query, text, "message"), expected);
    });
  }

  it("marks the first five hundred words of a text that is full of them", () => {
    const parts = highlight("lorem ipsum ".repeat(75_000), highlightTerms("lorem"), "message");

    assert.equal(parts.filter(({ hit }: { hit: boolean }) => hit).length, 500);
    assert.equal(parts.map(({ text }: { text: string }) => text).join("").length, 900_000);
  });
});

describe("the page's filters", () => {
  const { clauseOf, existsClause, joined, placeIn, readFilter, withFilter, wordsOf, writeFilter } =
    load("filters.js");
  const on = (clause: string, not = false) => ({ clause, not, off: false });

  for (const [query, value, expected] of [
    ["", "a b", 'm.keyword:"a b"'],
    ["x", "a", 'x AND m.keyword:"a"'],
    ["x OR y", "a", '(x OR y) AND m.keyword:"a"'],
    ['n:"1 2" AND NOT k:"y"', "a", 'n:"1 2" AND NOT k:"y" AND m.keyword:"a"'],
    ["x y", "a", '(x y) AND m.keyword:"a"'],
    ["-x", "a", '(-x) AND m.keyword:"a"'],
    ["status:[1 TO 2]", "a", '(status:[1 TO 2]) AND m.keyword:"a"'],
    ["", 'q"\\', 'm.keyword:"q\\"\\\\"'],
    ["", "2001:db8::7", 'm.keyword:"2001:db8::7"'],
    ["", "/index", 'm.keyword:"/index"'],
    ["", "OR", 'm.keyword:"OR"'],
  ] as const) {
    it(`join the value ${value} to the query ${query || "(none)"} [B67] [B68] [B70]`, () => {
      assert.equal(joined(query, [on(clauseOf({ name: "m", type: "text" }, value))]).text, expected);
    });
  }

  it("compare a text as a whole where the index has a copy for it, else by its words in this order", () => {
    const field = { name: "message", type: "text" };
    const copied = [field, { name: "message.keyword", type: "keyword" }];
    assert.equal(clauseOf(field, "bye 1", copied), 'message.keyword:"bye 1"');
    assert.equal(clauseOf(field, "bye 1", [field]), 'message:"bye 1"');
    assert.equal(clauseOf({ name: "message", type: "string" }, "bye 1", [field]), 'message:"bye 1"');
    assert.equal(clauseOf(field, `${"word ".repeat(300)}`, copied), `message:"${"word ".repeat(39)}word"`);
  });

  it("ask numbers by their own field, and escape odd names", () => {
    assert.equal(clauseOf({ name: "n", type: "long" }, "-5"), 'n:"-5"');
    assert.equal(clauseOf({ name: "a b:c", type: "long" }, "5"), 'a\\ b\\:c:"5"');
    assert.equal(existsClause("a b"), "_exists_:a\\ b");
  });

  it("are inverted and turned off without changing the others", () => {
    const filters = [on("a:1"), on("b:2 OR c:3", true), { ...on("d:4"), off: true }];

    assert.equal(joined("", filters).text, "a:1 AND NOT (b:2 OR c:3)");
    assert.equal(joined("q", [on("a:1", true)]).text, "q AND NOT a:1");
    assert.equal(joined("q OR r", [{ ...on("a:1"), off: true }]).text, "q OR r");
    assert.deepEqual(withFilter([{ ...on("a:1", true), off: true }], "a:1"), [on("a:1")]);
  });

  it("swallow nothing of each other: what is left open is said at its place", () => {
    for (const [query, position] of [
      ["a) OR (b", 1],
      ["(a", 0],
      ['m:"a', 2],
      ["m:/a", 2],
    ] as const) {
      const { problem } = joined(query, [on("x:1")]);
      assert.deepEqual([problem.from, problem.position], [-1, position], query);
    }
    assert.equal(joined("q", [on("x:1"), on("y:(")]).problem.from, 1);
    for (const query of ['"a)" b', "m:/(a|b)\\/c/", "a\\) b", "10/20"]) {
      assert.equal(joined(query, [on("x:1")]).problem, undefined, query);
    }
  });

  it("tell where in the query or in which filter a position is", () => {
    const { text, parts } = joined("x y", [on("a:1"), on("b:[1 to 2]")]);

    assert.equal(text, "(x y) AND a:1 AND (b:[1 to 2])");
    assert.deepEqual(placeIn(parts, text.indexOf("y)")), { from: -1, position: 2 });
    assert.deepEqual(placeIn(parts, text.indexOf("to")), { from: 1, position: 5 });
    assert.deepEqual(placeIn([], 3), { from: -1, position: 3 });
  });

  it("are kept in an address with their state, and said in words", () => {
    for (const text of ["is:status:500", "not:a OR b", 'off:m.keyword:"bye 1"', "off-not:_exists_:a"]) {
      assert.equal(writeFilter(readFilter(text)), text);
    }
    for (const text of ["", "status:500", "is:", "is: "]) assert.equal(readFilter(text), undefined);
    const words = (text: string) => wordsOf(readFilter(text));
    assert.equal(words('is:m.keyword:"bye \\"1\\""'), 'm is bye "1"');
    assert.equal(words("not:status:500"), "status is not 500");
    assert.equal(words("not:_exists_:a"), "a is not there");
    assert.equal(words("not:status:>=500"), "not status:>=500");
  });
});

describe("a document's line on the page", () => {
  const { summaryOf } = load("summary.js");
  const value = (name: string, text: string) => ({ name, kind: "string", text });

  it("begins with the message, and with another text where that is empty", () => {
    const level = value("level", "info");
    for (const [text, lead] of [
      ["hello", "message"],
      ["", "level"],
    ] as const)
      assert.equal(summaryOf([level, value("message", text)]).lead.name, lead);
  });
});

describe("the page's samples", () => {
  const { addSample, ratePerSecond, increases } = load("samples.js");
  const pick = (sample: { n: number }) => sample.n;

  it("stay few in a tab that is open for hours", () => {
    let samples: { atMs: number }[] = [];
    for (let atMs = 0; atMs < 4 * 3_600_000; atMs += 250) samples = addSample(samples, { atMs });

    assert.ok(samples.length <= 302, `${samples.length}`);
  });

  it("go on where the clock is set back, in a tab and on the server", () => {
    const [hour, counts] = [
      3_600_000,
      { panels: [], accepted: 0, indexed: 0, dropped: 0, failed: 0, backedUp: 0 },
    ];
    const history = new PanelHistory();
    let samples: { atMs: number }[] = [];
    for (const atMs of [0, 1000, hour, hour + 1000, 2000, 3000]) {
      samples = addSample(samples, { atMs });
      history.add({ atMs, ...counts });
    }

    const times = (all: readonly { atMs: number }[]) => all.map(({ atMs }) => atMs);
    assert.deepEqual(times(samples).slice(-2), [2000, 3000]);
    assert.deepEqual(times(history.list()).slice(-2), [2000, 3000]);
  });

  it("tell a rate per second, and never a negative one", () => {
    const samples = [0, 10_000, 20_000].map((atMs) => ({ atMs, n: atMs / 100 }));

    assert.equal(ratePerSecond(samples, { atMs: 30_000, n: 300 }, pick), 10);
    assert.equal(ratePerSecond(samples, { atMs: 30_000, n: 0 }, pick), 0);
    assert.equal(ratePerSecond([], undefined, pick), 0);
  });

  it("sum up to the increase of the last five minutes", () => {
    const samples = [
      { atMs: 0, n: 0 },
      { atMs: 100_000, n: 40 },
    ];
    const bars: number[] = increases(samples, { atMs: 300_000, n: 100 }, pick);

    assert.equal(bars.length, 60);
    assert.equal(
      bars.reduce((sum, bar) => sum + bar, 0),
      100,
    );
  });
});

describe("the page's histogram", () => {
  const { stack } = load("stack.js");
  const { intervalFor, barStarts, bounds } = load("time-range.js");

  it("shows the six largest of many streams, in their order, and the others together", () => {
    const { withLargest } = load("stack.js");
    const bars = (count: number) => [{ startMs: 0, count }];
    const counts = [5, 1, 9, 8, 2, 7, 6, 4];
    const streams = counts.map((count, at) => ({ title: `s${at}`, bars: bars(count) }));
    const whole = { starts: [0], series: [{ title: "", bars: bars(42) }, ...streams] };

    const shown = withLargest(whole);

    const titles = ["s0", "s2", "s3", "s5", "s6", "s7"];
    assert.deepEqual(
      shown.series.slice(1).map(({ title }: { title: string }) => title),
      titles,
    );
    const { layers } = stack(
      shown,
      titles.map((title) => ({ title, query: "" })),
    );
    assert.deepEqual([layers[0].title, layers[0].sum], ["other", 3]);
    const few = { ...whole, series: whole.series.slice(0, 7) };
    assert.equal(withLargest(few), few);
  });

  it("stacks the panels and what no panel counts, and reaches the total", () => {
    const histogram = {
      starts: [0, 10],
      series: [
        {
          title: "",
          bars: [
            { startMs: 0, count: 5 },
            { startMs: 10, count: 7 },
          ],
        },
        { title: "bye", bars: [{ startMs: 0, count: 2 }] },
        { title: "hello", bars: [{ startMs: 10, count: 3 }] },
      ],
    };

    const { layers, totals } = stack(histogram, [{ title: "total" }, { title: "bye" }, { title: "hello" }]);

    assert.deepEqual(
      layers.map(({ title, color, counts, tops }: Record<string, unknown>) => [title, color, counts, tops]),
      [
        ["other", "other", [3, 4], [5, 7]],
        ["hello", "s2", [0, 3], [2, 3]],
        ["bye", "s1", [2, 0], [2, 0]],
      ],
    );
    assert.deepEqual(totals, [5, 7]);
  });

  it("has at most ninety bars over any span", () => {
    for (const spanMs of [1, 300_000, 3_600_000, 86_400_000, 31_536_000_000, 1_800_000_000_000]) {
      const starts = barStarts(1_000_000_000_000, 1_000_000_000_000 + spanMs, intervalFor(spanMs));
      assert.ok(starts.length >= 1 && starts.length <= 91, `${spanMs}: ${starts.length}`);
    }
  });

  it("begins and ends its bars with the range, and counts what is dated at the epoch or far ahead of the clock", async () => {
    const { askAll } = load("answers.js");
    const dayMs = 86_400_000;
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    const bars = [-2, -1, 0, 5_000 * 365].map((day) => ({ startMs: today + day * dayMs, count: 1 }));
    const { fetch } = globalThis;
    globalThis.fetch = async (address) => {
      const fromMs = Number(/fromMs=(-?\d+)/.exec(String(address))?.[1] ?? Number.NEGATIVE_INFINITY);
      const inTime = bars.filter(({ startMs }) => startMs >= fromMs);
      return Response.json({ hits: [], total: 4, fields: [], series: [{ title: "", bars: inTime }] });
    };
    try {
      for (const range of ["all", "7d"]) {
        const { histogram } = await askAll({ q: "", index: "", range }, { fieldsMs: 0 });

        assert.equal(histogram.later, 1, range);
        assert.ok(histogram.starts.at(-1) < Date.now() + dayMs, range);
        assert.ok(histogram.intervalMs < dayMs, range);
      }
      bars.unshift({ startMs: -62_135_596_800_000, count: 2 }, { startMs: 0, count: 1 });
      const { histogram: old } = await askAll({ q: "", index: "", range: "all" }, { fieldsMs: 0 });
      assert.deepEqual([old.earlier, old.later], [3, 1]);
      assert.ok(old.intervalMs < dayMs);
      bars.splice(0, 5);
      const { histogram } = await askAll({ q: "", index: "", range: "all" }, { fieldsMs: 0 });
      assert.deepEqual([histogram.later, histogram.starts.length > 0], [0, true]);
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it("moves a named range with the clock and leaves a chosen one", () => {
    assert.deepEqual(bounds("1h", 3_600_000), { fromMs: 0 });
    assert.deepEqual(bounds("all", 1), {});
    assert.deepEqual(bounds({ fromMs: 1, toMs: 2 }, 9), { fromMs: 1, toMs: 2 });
  });
});

describe("the page's texts", () => {
  const format = load("format.js");
  const { withRawData } = load("raw-data.js");

  it("are short and have units", () => {
    assert.equal(format.formatCount(1_234_567), "1,234,567");
    assert.equal(format.formatBytes(1_572_864), "1.5 MiB");
    assert.deepEqual([0, 0.5, 250, 12_345].map(format.formatRate), ["0/s", "0.5/s", "250/s", "12.3k/s"]);
    assert.deepEqual([5, 1_500, 90_000, 7_200_000].map(format.formatDuration), [
      "5 ms",
      "1.5 s",
      "1.5 min",
      "2 h",
    ]);
  });

  it("name the zone of the times", () => {
    const zone = process.env["TZ"];
    const named = (name: string, ms: number) => {
      process.env["TZ"] = name;
      return format.timeZone(ms);
    };
    try {
      assert.equal(named("UTC", 0), "UTC");
      assert.equal(named("Europe/Berlin", Date.UTC(2026, 0, 1)), "Europe/Berlin (UTC+1)");
      assert.equal(named("Asia/Tokyo", Date.UTC(2026, 0, 1)), "Asia/Tokyo (UTC+9)");
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  });

  it("show the data of failed records, and leave other objects as they are", () => {
    const line = JSON.stringify({ errorCode: "400", errorMessage: "no", rawData: btoa('{"a":1}') });

    assert.deepEqual(withRawData(`${line}\n`), [
      {
        errorCode: "400",
        errorMessage: "no",
        reason: undefined,
        processor: undefined,
        data: '{"a":1}',
        line,
      },
    ]);
    const lambdaArn = "arn:aws:lambda:eu-central-1:123456789012:function:web-processor:$LATEST";
    const [ofFunction] = withRawData(
      JSON.stringify({ ...JSON.parse(line), reason: "no JSON at 1", lambdaArn }),
    );
    assert.deepEqual([ofFunction.reason, ofFunction.processor], ["no JSON at 1", "web-processor"]);
    assert.equal(withRawData('{"message":"hello world 1"}\n'), undefined);
    assert.equal(withRawData("\u0000"), undefined);
    assert.equal(withRawData(`${line}\n{"errorCo`, true)?.length, 1);
  });
});

/** Documents of foreign shape: one shape for the index, each source value kept, none in the way of another. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { arrivalMs, documentOf, run } from "./emitted";

const read = (event: string) => documentOf("json-events", event);
const without = ({ "@timestamp": _, ...document }: Record<string, unknown>) => document;

describe("the shape of a JSON event", () => {
  it("has a label under one name, dotted or nested, alone or beside another [C13]", async () => {
    const labels = async (event: string) => (await read(event)).kubernetes;
    deepEqual(await labels('{"log":"a","kubernetes":{"labels":{"app":"web"}}}'), ["labels.app=web"]);
    deepEqual(await labels('{"log":"b","kubernetes":{"labels":{"app.kubernetes.io/name":"db"}}}'), [
      "labels.app.kubernetes.io/name=db",
    ]);
    deepEqual(
      await labels('{"log":"c","kubernetes":{"labels":{"app":"web","app.kubernetes.io/name":"db"}}}'),
      ["labels.app=web", "labels.app.kubernetes.io/name=db"],
    );
  });

  for (const [source, document] of [
    ['{"user":"jane"}', { user: "jane" }],
    ['{"user.id":5}', { user: ["id=5"] }],
    ['{"user":{"id":5}}', { user: ["id=5"] }],
    ['{"user":"jane","user.id":5}', { user: ["jane", "id=5"] }],
    ['{"error":{"code":1},"error.stack":["a","b"]}', { error: ["code=1", "stack=a", "stack=b"] }],
    ['{"host":{"name":"a","ip":[]},"host.os":null}', { host: ["name=a", "ip=[]", "os=null"] }],
    ['{"a":{"__proto__":{"b":1}},"__proto__":2}', { a: ["__proto__.b=1"], __proto___: 2 }],
    ['{"@timestamp.raw":"x","message.text":"y"}', { overflow: ["@timestamp.raw=x", "message.text=y"] }],
    ['{"headers":[{"name":"Host","value":"a"},{"key":"k","value":1}]}', { headers: ["Host=a", "k=1"] }],
  ] as const) {
    it(`never makes a field an object here and a value there: ${source} [C13]`, async () => {
      deepEqual(JSON.parse(JSON.stringify(without(await read(source)))), document);
    });
  }

  it("keeps names that were made for their values together: each would be a field of its own", async () => {
    const made = [
      "order-10042",
      "20260301",
      "2026-03-01",
      "1f0c9ba2-77d4-4e0b-9f6a-0c9ba277d44e",
      "deadbeef0042cafe",
      "192.0.2.1",
      "/cart",
      "jane@example.org",
      "https://example.org/a",
    ];
    for (const name of made) {
      const { overflow } = await read(JSON.stringify({ m: "a", [name]: { n: "v1" } }));
      deepEqual(overflow, [`${name}.n=v1`]);
    }
  });

  it("leaves other names with digits, hyphens and signs the fields they are", async () => {
    const names = [
      "http2",
      "status_404",
      "ipv4",
      "x509",
      "feedback",
      "user-agent",
      "p99_ms",
      "2xx",
      "@m2",
      "$x",
    ];
    const document = await read(JSON.stringify(Object.fromEntries(names.map((name) => [name, "v1"]))));
    deepEqual(without(document), Object.fromEntries(names.map((name) => [name, "v1"])));
  });

  for (const [source, kept] of [
    ['{"m":"a","trace":18446744073709551615}', '"trace":"18446744073709551615"'],
    ['{"m":"b","n":1e400}', '"n":"1e400"'],
    ['{"m":"c","n":[1,"two",{"three":3}]}', '"n":["1","two","three=3"]'],
    ['{"n":-9223372036854775809}', '"n":"-9223372036854775809"'],
    ['{"n":0.12345678901234567890123}', '"n":"0.12345678901234567890123"'],
    ['{"n":[1,18446744073709551615]}', '"n":["1","18446744073709551615"]'],
    ['{"n":[[1,2],[3]]}', '"n":["1","2","3"]'],
    ['{"n":[true,1]}', '"n":["true","1"]'],
    ['{"o":{"n":18446744073709551615}}', '"o":["n=18446744073709551615"]'],
    ['{"n":-0,"z":0.50,"y":1E+2}', '"n":-0,"z":0.50,"y":1E+2'],
  ] as const) {
    it(`keeps the digits of numbers that no index takes, and lists of one kind: ${source} [C14]`, async () => {
      const [answer] = await run("json-events", source);
      ok(answer && "text" in answer && answer.text.includes(kept), JSON.stringify(answer));
    });
  }

  it("keeps NUL and lone surrogates escaped, as they came [C16]", async () => {
    const [answer] = await run("json-events", '{"m":"cut \\ud83d end","z":"a\\u0000b"}');
    ok(answer && "text" in answer && answer.text.includes('"m":"cut \\ud83d end","z":"a\\u0000b"'));
  });

  it("holds a declared field to its type, and keeps what does not fit as text", async () => {
    const document = await read(
      '{"httpRequest":{"clientIp":{"a":1},"country":["NL",7],"uri":true},"event":{"action":"x"},"message":{"a":1},"log":{"level":{"x":1},"file":"f"}}',
    );
    deepEqual(JSON.parse(JSON.stringify(without(document))), {
      httpRequest: { country: ["NL", "7"], uri: true, other: ["clientIp.a=1"] },
      event: ["action=x"],
      message: ["a=1"],
      log: { level: ["x=1"], other: ["file=f"] },
    });
    deepEqual((await read('{"httpRequest":"GET /"}')).httpRequest, { other: ["GET /"] });
  });

  it("keeps each value of 2,000 fields, of wide lists and of deep objects, in bounded length", async () => {
    const wide = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, `v${i}`]));
    const deep = `${'{"abc":['.repeat(300)}"bottom"${"]}".repeat(300)}`;
    const path = "p".repeat(199);
    const lists = Object.fromEntries(
      Array.from({ length: 100 }, (_, i) => [`${path}${i}`, { a: Array(900).fill(i) }]),
    );
    for (const [source, values] of [
      [JSON.stringify(wide), ["v0", "v99", "v1999"]],
      [JSON.stringify({ inner: wide }), ["v0", "v1999"]],
      [`{"deep":${deep}}`, ["bottom"]],
      [JSON.stringify(lists), []],
      [JSON.stringify({ list: Array.from({ length: 50_000 }, (_, i) => [i]) }), ["49999"]],
      [
        JSON.stringify(
          Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [" ".repeat(i % 300), i])),
        ),
        ["19999"],
      ],
    ] as const) {
      const [answer] = await run("json-events", source);
      ok(answer && "text" in answer);
      for (const value of values) ok(answer.text.includes(value), value);
      ok(answer.text.length < source.length * 2 + 250_000, `${answer.text.length} of ${source.length}`);
    }
  });
});

describe("the time of a JSON event", () => {
  const time = "2026-02-28T16:30:00.000Z";
  const seconds = Date.parse(time) / 1000;
  for (const source of [
    '{"query_timestamp":"2026-02-28T16:30:00Z","query_name":"shop.example.org."}',
    `{"Timestamp":${seconds},"Duration (us)":17,"Command":"GET cart"}`,
    '{"Type":"Notification","Timestamp":"2026-02-28T16:30:00.000Z"}',
    '{"eventType":"Delivery","mail":{"timestamp":"2026-02-28T16:30:00.000Z"}}',
    `{"event_timestamp":"${seconds}","event":{"timestamp":"2026-02-28T16:30:00.123456+0000"}}`,
    '{"event":{"timestamp":"2026-02-28T16:30:00.000+0000"}}',
    `{"_aws":{"Timestamp":${seconds * 1000}},"time":100}`,
    '{"@t":"2026-02-28T16:30:00Z"}',
    '{"time":"2026-02-28 16:30:00+00"}',
    '{"time":"2026-02-28 18:30:00+02"}',
    '{"time":"2026/02/28 16:30:00"}',
    '{"time":"20260228T163000Z"}',
    '{"time":"28/Feb/2026:16:30:00 +0000"}',
    '{"time":"28/Feb/2026:08:30:00 -0800"}',
    '{"date":"Sat, 28 Feb 2026 16:30:00 GMT"}',
    '{"date":"Sat, 28 Feb 2026 17:30:00 +0100"}',
    '{"date":"28 Feb 2026 16:30:00"}',
    '{"date":"Sat Feb 28 16:30:00 2026"}',
    '{"asctime":"2026-02-28 16:30:00,000","levelname":"INFO"}',
    `{"timeMillis":${seconds * 1000},"level":"WARN"}`,
    `{"instant":{"epochSecond":${seconds},"nanoOfSecond":5},"level":"INFO"}`,
    `{"timeUnixNano":"${seconds}000000000","severityText":"ERROR"}`,
    `{"__REALTIME_TIMESTAMP":"${seconds}000000","PRIORITY":"3"}`,
    '{"t":{"$date":"2026-02-28T16:30:00.000+00:00"},"s":"I"}',
    `{"time":{"$date":${seconds * 1000}}}`,
    `{"severity":"ERROR","timestamp":{"seconds":${seconds},"nanos":5}}`,
  ]) {
    it(`is read as its source writes it: ${source} [C15]`, async () => {
      equal((await read(source))["@timestamp"], time);
    });
  }

  for (const source of [
    '{"time":"31/Feb/2026:16:30:00 +0000"}',
    '{"time":"28/Mrz/2026:16:30:00 +0000"}',
    '{"time":"28/ebM/2026:16:30:00 +0000"}',
    '{"time":100}',
    '{"time":"28 Feb 1998 16:30:00"}',
    '{"time":"Sat Feb 28 25:30:00 2026"}',
    '{"mail":{"timestamp":{"a":1}}}',
  ]) {
    it(`is the arrival where that is no time: ${source} [C15]`, async () => {
      equal((await read(source))["@timestamp"], new Date(arrivalMs).toISOString());
    });
  }

  it("leaves a metric that is named as a time the number it is [C15]", async () => {
    equal((await read(`{"_aws":{"Timestamp":${seconds * 1000}},"time":100}`)).time, 100);
  });
});

describe("level and message of a JSON event", () => {
  for (const [source, level] of [
    ['{"level":"error"}', "error"],
    ['{"lvl":"WARN","severity":"x"}', "WARN"],
    ['{"severity":"ERROR"}', "ERROR"],
    ['{"level":50}', "error"],
    ['{"level":35}', "35"],
    ['{"@l":"Warning"}', "Warning"],
    ['{"log.level":"debug","level":"info"}', "debug"],
    ['{"log":{"level":"debug"},"level":"info"}', "debug"],
  ] as const) {
    it(`come from the names that loggers give: ${source}`, async () => {
      equal((await read(source)).log.level, level);
    });
  }

  it("are in message and log.level, once", async () => {
    deepEqual(without(await read('{"msg":"a","log":"b"}')), { message: "a", log: { other: ["b"] } });
    deepEqual(without(await read('{"log":"b"}')), { message: "b" });
    deepEqual(without(await read('{"message":"c","msg":"a"}')), { message: "c", msg: "a" });
    deepEqual(without(await read('{"msg":{"a":1}}')), { msg: ["a=1"] });
    deepEqual(without(await read('{"message":null,"msg":"a"}')), { message: "a" });
  });
});

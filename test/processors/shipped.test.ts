/** Lines and events within what containers' runtimes and shippers make of them, by the processor that reads each. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { documentOf, run, warnings } from "./emitted";

const web = '192.0.2.3 - jane [28/Feb/2026:17:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl/8"';
const flow = "2 111122223333 eni-0a1b 10.0.0.1 10.0.0.2 443 51000 6 10 840 1772298000 1772298060 ACCEPT OK";
const time = "2026-02-28T17:00:00.000Z";

describe("what shippers make of lines", () => {
  const shippers: readonly (readonly [what: string, of: (line: string) => object, labels: object])[] = [
    [
      "FireLens",
      (log) => ({ log, container_id: "ab-1", container_name: "/web", source: "stdout", ecs_cluster: "c" }),
      { container_id: "ab-1", container_name: "/web", source: "stdout", ecs_cluster: "c" },
    ],
    [
      "Docker and Kubernetes",
      (line) => ({ log: `${line}\n`, stream: "stdout", time: "2026-02-28T17:00:00.123456789Z" }),
      { stream: "stdout", time: "2026-02-28T17:00:00.123456789Z" },
    ],
    [
      "Fluent Bit with Kubernetes' labels",
      (log) => ({ date: 1772298000.5, log, kubernetes: { pod_name: "p", labels: { "a.b/c": "d" } } }),
      { date: "1772298000.5", kubernetes: ["pod_name=p", "labels.a.b/c=d"] },
    ],
    ["journald", (MESSAGE) => ({ MESSAGE, _HOSTNAME: "web1", X: null }), { _HOSTNAME: "web1" }],
    [
      "Vector",
      (message) => ({ file: "/var/log/a", host: "web1", message, source_type: "file" }),
      { file: "/var/log/a", host: "web1", source_type: "file" },
    ],
    [
      "Filebeat",
      (message) => ({ "@timestamp": time, message, "log.offset": 7, agent: { type: "filebeat" } }),
      { "@timestamp": time, log_offset: "7", agent: ["type=filebeat"] },
    ],
    ["rsyslog", (msg) => ({ msg, hostname: "web1" }), { hostname: "web1" }],
  ];
  for (const [what, of, labels] of shippers) {
    it(`are lines to access-log and vpc-flow, by ${what}; what stands beside them is in labels`, async () => {
      for (const [processor, line] of [
        ["access-log", web],
        ["vpc-flow", flow],
      ] as const) {
        const alone = await documentOf(processor, line);
        deepEqual(await documentOf(processor, JSON.stringify(of(line))), { ...alone, labels });
      }
    });
  }

  it("are lines to text in log and MESSAGE, with the shipper's time and level where the line says none", async () => {
    const read = (event: object) => documentOf("text", JSON.stringify(event));
    const own = await read({ log: `${time} ERROR disk full\n  at b\n`, time: "2026-02-01T00:00:00Z" });
    deepEqual(
      [own["@timestamp"], own.log.level, own.message],
      [time, "error", `${time} ERROR disk full\n  at b`],
    );
    const other = await read({
      MESSAGE: "disk full",
      PRIORITY: "3",
      __REALTIME_TIMESTAMP: "1772298000000000",
    });
    deepEqual([other["@timestamp"], other.log.level, other.message], [time, "error", "disk full"]);
    for (const PRIORITY of ["", "9", "length", null])
      equal((await read({ MESSAGE: "a", PRIORITY })).log, undefined);
    const event = '{"level":"error","message":"an event is none of a line"}';
    equal((await documentOf("text", event)).message, event);
  });

  it("are one line each, and fail where they are none of the processor's", async () => {
    const log = (line: string) => JSON.stringify({ log: line, source: "stdout" });
    const lines = [
      log(`${web}\n${web}`),
      log("hello"),
      log(""),
      log("#Fields: date"),
      log(`#Version: 1.0\n${web}`),
    ];
    deepEqual(
      (await run("access-log", ...lines)).map(({ result }) => result),
      ["ProcessingFailed", "ProcessingFailed", "Dropped", "Dropped", "Ok"],
    );
    deepEqual(
      (await run("vpc-flow", log("hello"), log("version account-id srcaddr dstaddr"), '{"log":7}')).map(
        ({ result }) => result,
      ),
      ["ProcessingFailed", "Dropped", "ProcessingFailed"],
    );
  });

  it("are JSON lines of proxies too", async () => {
    const line = '{"remote_addr":"192.0.2.3","status":"404","time_iso8601":"2026-02-28T17:00:00Z"}';
    const document = await documentOf("access-log", JSON.stringify({ log: line, source: "stdout" }));
    deepEqual([document.http.response.status_code, document.message], [404, line]);
  });
});

describe("what containers' runtimes make of events", () => {
  const event = '{"level":"error","msg":"a","time":"2026-02-28T17:00:00Z","n":1.50,"price":19}';
  it("is the event to json-events, with what stands beside it, and loses no name that both have", async () => {
    const alone = await documentOf("json-events", event);
    const around = { container_id: "ab-1", time: "2026-03-01T00:00:00Z", kubernetes: { labels: { a: "b" } } };
    deepEqual(await documentOf("json-events", JSON.stringify({ log: `${event}\n`, ...around })), {
      ...alone,
      container_id: "ab-1",
      kubernetes: ["labels.a=b"],
      shipper: ["time=2026-03-01T00:00:00Z"],
    });
    const named = '{"a":1,"shipper.a":2,"__proto__":3}';
    deepEqual(await documentOf("json-events", `{"log":${JSON.stringify(named)},"a":4,"__proto__":{"b":5}}`), {
      "@timestamp": "2026-03-01T12:00:00.000Z",
      a: 1,
      __proto___: 3,
      shipper: ["a=2", "shipper.a=4", "__proto__.b=5"],
    });
  });

  it("is the event behind Kubernetes' time and stream, or has their time where the event has none", async () => {
    const cri = '2026-02-28T17:00:00.123456789Z stdout F {"level":"error"}';
    const document = await documentOf("json-events", cri);
    equal(document["@timestamp"], "2026-02-28T17:00:00.123Z");
    deepEqual([document.log.level, document.stream], ["error", "stdout"]);
    const own = await documentOf("json-events", cri.replace("}", `,"ts":"${time}"}`));
    equal(own["@timestamp"], time);
    const [partial] = await run("json-events", cri.replace(" F ", " P "));
    equal(partial!.result, "ProcessingFailed");
  });

  it("stays a message where it is no object", async () => {
    for (const log of ['{"level":', "[1]", "plain"])
      equal((await documentOf("json-events", JSON.stringify({ log, a: 1 }))).message, log);
  });
});

describe("what is packed", () => {
  it("fails with what to put in front, whoever reads lines", async () => {
    for (const processor of ["access-log", "vpc-flow", "text", "json-events"]) {
      warnings.length = 0;
      const packed = [gzipSync(web), zstdCompressSync(web), gzipSync(`${Math.PI}\n`.repeat(50))];
      const said = await run(processor, ...packed);
      ok(
        said.every(({ result }) => result === "ProcessingFailed"),
        processor,
      );
      equal(warnings.length, 1, processor);
      ok(warnings[0]!.includes("put unpack in front"), warnings[0]);
    }
  });
});

/**
 * Every processor through the local run, from the publisher to the panels. What the panels must show is counted
 * from the published text itself by expressions that know nothing of the processors.
 */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { processors } from "../../processors";
import { fixtures, fixturesFolder } from "../../processors/dev/fixtures";
import { sampleLines } from "../../publisher/records/samples";
import { arrivalMs } from "../processors/emitted";
import { type Counts, type Document, ProcessorRun } from "./processor-run";

const records = 400;
/** The time of the documents in the fixtures whose line has none of its own. */
const fixturesArrival = new Date(arrivalMs).toISOString();

/** The publisher's sample: the same at each run but for its times, which no count here depends on. */
const sample = (kind: string): string[] => [...sampleLines(kind, records)].map(String);
const count = (lines: readonly string[], expression: RegExp): number =>
  lines.filter((line) => expression.test(line)).length;
const all = (indexed: number, others: Partial<Counts> = {}): Counts => ({
  accepted: indexed + (others.dropped ?? 0) + (others.failed ?? 0),
  indexed,
  dropped: 0,
  failed: 0,
  waiting: 0,
  lost: 0,
  backedUp: indexed + (others.dropped ?? 0) + (others.failed ?? 0),
  ...others,
});
const countsOf = ({ accepted, indexed, dropped, failed, waiting, lost, backedUp }: Counts): Counts => ({
  accepted,
  indexed,
  dropped,
  failed,
  waiting,
  lost,
  backedUp,
});

interface Expected {
  readonly counts: Counts;
  /** Query and count by the panel's title. */
  readonly panels: Readonly<Record<string, readonly [query: string, count: number]>>;
}

describe("every processor, from npm run publish through npm start to its panels", () => {
  let run: ProcessorRun | undefined;
  afterEach(async () => {
    await run?.stop();
    run = undefined;
  });
  const covered = new Set<string>();

  /** Starts, publishes, and holds the outcome against what is expected; gives the documents. */
  async function through(
    processor: string,
    publish: readonly string[],
    { counts, panels }: Expected,
    settings: Readonly<Record<string, readonly string[]>> = {},
  ): Promise<Document[]> {
    for (const name of processor.split(",")) covered.add(name);
    const list = Object.entries(panels).map(([title, [query]]) => (query ? `${title} = ${query}` : title));
    run = await ProcessorRun.start({ processor, panels: list, ...settings });
    await run.publish(...publish);
    deepEqual(countsOf(await run.settled(counts.accepted)), counts);
    deepEqual(
      await run.panels(),
      Object.fromEntries(Object.entries(panels).map(([title, [, expected]]) => [title, expected])),
    );
    equal(run.backup().length, counts.accepted);
    const documents = await run.documents();
    equal(documents.length, counts.indexed);
    return documents;
  }

  /** The sample is dated over the hour that ends when it is published. */
  const assertTimes = (documents: readonly Document[], withinMs = 3_600_000 + 170_000): void => {
    for (const document of documents) {
      match(String(document["@timestamp"]), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const ageMs = Date.now() - Date.parse(document["@timestamp"]);
      ok(ageMs >= -1 && ageMs < withinMs, `${document["@timestamp"]} is ${ageMs} ms ago`);
    }
  };

  it("identity indexes the messages as they came", async () => {
    const documents = await through("identity", [String(records)], {
      counts: all(records),
      panels: {
        total: ["", records],
        bye: ["message:bye", 0],
        hello: ["message:hello", records],
        timed: ["_exists_:@timestamp", records],
      },
    });
    deepEqual(
      new Set(documents.map(({ message }) => message)),
      new Set(Array.from({ length: records }, (_, i) => `hello world ${i + 1}`)),
    );
  });

  it("map replaces each message by one of its own", async () => {
    const documents = await through("map", [String(records)], {
      counts: all(records),
      panels: {
        total: ["", records],
        bye: ["message:bye", records],
        hello: ["message:hello", 0],
        timed: ["_exists_:@timestamp", records],
      },
    });
    equal(new Set(documents.map(({ message }) => message)).size, records);
  });

  it("access-log reads web and load balancer lines of its sample", async () => {
    const lines = sample("access-log");
    const documents = await through("access-log", ["--sample", "access-log", String(records)], {
      counts: all(records),
      panels: {
        requests: ["", records],
        "load balancer": ["event.dataset:alb", count(lines, /^https /)],
        web: ["event.dataset:web", count(lines, /^[\da-f]/)],
        "server errors": ["http.response.status_code:>=500", count(lines, /" 5\d\d |(?:-1 ){3}5|0\.000 5/)],
        "not found": ["http.response.status_code:404", count(lines, /" 404 |(?:-1 ){3}404|0\.000 404/)],
        "slow answers": [
          "event.duration:>300000000",
          lines.filter((line) => {
            const [, asked, worked] = / (0\.00\d) (0\.\d{3}) 0\.000 /.exec(line) ?? [];
            return Math.round(Number(asked) * 1000 + Number(worked) * 1000) > 300;
          }).length,
        ],
        unread: ["_exists_:http.request.line", count(lines, /"\\x16|"GET {2}/)],
      },
    });
    assertTimes(documents);
  });

  it("access-log tells its formats apart, and drops headers", async () => {
    const files = fixtures("access-log");
    const outcomes = files.flatMap(({ output }) => output);
    const documents = outcomes.filter((outcome) => typeof outcome === "object") as Document[];
    const formats = [...new Set(documents.map(({ event }) => String(event.dataset)))];
    for (const known of ["alb", "cloudfront", "json", "s3", "web"]) ok(formats.includes(known), known);
    const indexed = await through(
      "access-log",
      ["--file", ...files.map(({ name }) => join(fixturesFolder, "access-log", `${name}.in.txt`))],
      {
        counts: all(documents.length, {
          dropped: outcomes.filter((outcome) => outcome === "Dropped").length,
          failed: outcomes.filter((outcome) => outcome === "ProcessingFailed").length,
        }),
        panels: Object.fromEntries(
          formats.map((format) => [
            format,
            [
              `event.dataset.keyword:"${format}"`,
              documents.filter(({ event }) => event.dataset === format).length,
            ],
          ]),
        ),
      },
    );
    const keyOf = ({ "@timestamp": _, ...rest }: Document): string => JSON.stringify(rest);
    const inOrder = (some: readonly Document[]): Document[] =>
      [...some].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    const expected = inOrder(documents);
    for (const [i, document] of inOrder(indexed).entries()) {
      const { "@timestamp": time, ...rest } = expected[i]!;
      // A line without a time of its own gets that of its arrival: the fixtures' there, this run's here.
      const own = time === undefined || time === fixturesArrival ? document["@timestamp"] : time;
      deepEqual(document, { "@timestamp": own, ...rest });
      match(document["@timestamp"], /^\d{4}-\d\d-\d\dT/);
    }
    const bytesOf = (line: string): string => Buffer.from(line).toString("latin1");
    deepEqual(run!.backup().sort(), files.flatMap(({ input }) => input.map(bytesOf)).sort());
  });

  it("access-log makes documents of bytes that are no UTF-8, and the backup keeps them", async () => {
    run = await ProcessorRun.start({ processor: "access-log" });
    const line = '192.0.2.1 - - [01/Mar/2026:00:00:00 +0000] "GET /caf\xe9 HTTP/1.1" 200 5';
    await run.publish("--file", run.file("latin1.log", Buffer.from(`${line}\n`, "latin1")));
    await run.settled(1);
    const [document] = await run.documents();
    equal(document.url.path, "/caf\ufffd");
    deepEqual(run.backup(), [line]);
  });

  it("json-events takes every event, those with an empty key too", async () => {
    const lines = sample("json-events");
    const documents = await through("json-events", ["--sample", "json-events", String(records)], {
      counts: all(records),
      panels: {
        events: ["", records],
        purchases: ["event:purchase", count(lines, /"event":"purchase"/)],
        errors: ["event:error", count(lines, /"event":"error"/)],
        "large orders": [
          "total:>400",
          lines.filter((line) => (JSON.parse(line) as { total?: number }).total! > 400).length,
        ],
      },
    });
    assertTimes(documents);
    equal(documents.filter((document) => document._ === "an empty key").length, count(lines, /"":/));
  });

  it("cloudwatch-logs makes a document of each log event, and puts none twice [B08] [B15]", async () => {
    const lines = sample("cloudwatch-logs");
    const events = lines.flatMap(
      (line) => (JSON.parse(line) as { logEvents: { message: string }[] }).logEvents,
    );
    ok(events.length > 1.5 * lines.length);
    const messages = events.map(({ message }) => message);
    const documents = await through("cloudwatch-logs", ["--sample", "cloudwatch-logs", String(records)], {
      // The further events come back as records of their own.
      counts: all(events.length),
      panels: {
        events: ["", events.length],
        errors: ["json.level:error", count(messages, /"level":"error"/)],
        reports: ["message:REPORT", count(messages, /^REPORT/)],
        shop: ["aws.cloudwatch.log_group:shop", events.length],
      },
    });
    assertTimes(documents);
    deepEqual(documents.map(({ message }) => message).sort(), messages.map((text) => text.trimEnd()).sort());
    equal(run!.log(), "");
  });

  it("cloudtrail makes a document of each event", async () => {
    const lines = sample("cloudtrail");
    const documents = await through("cloudtrail", ["--sample", "cloudtrail", String(records)], {
      counts: all(records),
      panels: {
        events: ["", records],
        failures: ["event.outcome:failure", count(lines, /"errorCode"/)],
        logins: ["event.action:ConsoleLogin", count(lines, /"eventName":"ConsoleLogin"/)],
        writes: ["aws.cloudtrail.read_only:false", count(lines, /"readOnly":false/)],
      },
    });
    assertTimes(documents);
  });

  it("redact alone takes what is configured, and lets the index refuse what is no document", async () => {
    const lines = sample("json-events");
    const refused = count(lines, /"":/);
    const documents = await through(
      "redact",
      ["--sample", "json-events", String(records)],
      {
        counts: all(records - refused, { failed: refused }),
        panels: {
          events: ["", records - refused],
          addresses: ["_exists_:visitor.ip", 0],
          agents: ["_exists_:visitor.agent", records - refused],
          purchases: ["event:purchase", count(lines, /"event":"purchase"/)],
          orders: ["_exists_:order", 0],
        },
      },
      { redactFields: ["visitor.ip", "order"] },
    );
    ok(documents.every(({ visitor }) => visitor.id && !visitor.ip));
    equal(count(run!.backup(), /"ip":/), records);
  });

  it("redact,access-log masks addresses and configured parameters before the line is read", async () => {
    const lines = sample("access-log");
    const named = count(lines, /ops@example\.org/);
    const searches = count(lines, /[?]q=blue\+shoes[^"]* HTTP/);
    const documents = await through(
      "redact,access-log",
      ["--sample", "access-log", String(records)],
      {
        counts: all(records),
        panels: {
          requests: ["", records],
          operators: ["user.name:ops", 0],
          masked: ["user.name:email", named],
          searches: ["url.query:blue", 0],
          "masked searches": ["url.query:redacted", searches],
        },
      },
      { redactFields: ["q"], redactPatterns: ["email"] },
    );
    ok(named > 0 && searches > 0);
    assertTimes(documents);
    ok(documents.every(({ message }) => !/ops@example|q=blue/.test(message)));
    equal(count(run!.backup(), /ops@example\.org/), named);
  });

  for (const processor of ["text", "vpc-flow", "unpack"]) {
    it(`${processor} reads its fixtures`, async () => {
      const files = fixtures(processor);
      const outcomes = files.flatMap(({ output }) => output);
      const documents = outcomes.filter((outcome) => typeof outcome === "object") as Document[];
      const action = documents.filter(({ log, event }) => (log?.level ?? event?.action) !== undefined).length;
      await through(
        processor,
        ["--file", ...files.map(({ name }) => join(fixturesFolder, processor, `${name}.in.txt`))],
        {
          counts: all(documents.length, {
            dropped: outcomes.filter((outcome) => outcome === "Dropped").length,
            failed: outcomes.filter((outcome) => outcome === "ProcessingFailed").length,
          }),
          panels: {
            all: ["", documents.length],
            told: ["_exists_:log.level OR _exists_:event.action", action],
          },
        },
      );
    });
  }

  it("has left none out", () => {
    deepEqual([...covered].sort(), Object.keys(processors).sort());
  });
});

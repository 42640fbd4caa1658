/** Where records are, asked of a run: in index, queue, backup and failed records at once. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import type { SearchStreamPlan, StreamPlan } from "../../local/plan/plan";
import { type LocalRun, startLocalRun } from "../../local/run";
import { aBucketStream, aPlan, aProcessor, aStream, aStreamNamed, temporaryFolder } from "./fakes";

/** Changes every text, so that no document has the words of its record. */
const turn = `exports.handler = async ({ records }) => ({ records: records.map(({ recordId, data }) => {
  const text = Buffer.from(data, "base64").toString();
  if (text.includes("drop")) return { recordId, result: "Dropped", data };
  if (text.includes("fail")) return { recordId, result: "ProcessingFailed", data };
  const turned = text.includes("bad") ? "[]" : JSON.stringify({ turned: text.length });
  return { recordId, result: "Ok", data: Buffer.from(turned).toString("base64") };
}) })`;

interface Answer {
  readonly stream: string;
  readonly records: readonly {
    readonly outcome: string;
    readonly why?: string;
    readonly source?: string;
    readonly recordId: string;
    readonly document: { readonly id: string; readonly text: string };
    readonly failure: { readonly key: string; readonly errorCode: string };
    readonly object: { readonly key: string };
    readonly delivered: { readonly key: string };
  }[];
  readonly looked: {
    readonly backup: { readonly all: boolean; readonly next?: string; readonly ofTime: readonly unknown[] };
    readonly failed: { readonly all: boolean };
  };
}

/** A run, its streams, and questions about their records. */
class RunOfTest {
  private run: LocalRun | undefined;
  private client: FirehoseClient | undefined;

  constructor(readonly data: string) {}

  get dashboard(): string {
    return this.run!.ready.dashboard;
  }

  async start(...streams: StreamPlan[]): Promise<void> {
    this.run = await startLocalRun({
      stack: "test",
      dataFolder: this.data,
      firehosePort: 0,
      dashboardPort: 0,
      searchPort: 0,
      plan: Promise.resolve(aPlan(...streams)),
      log: () => {},
    });
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const endpoint = this.run.ready.firehose;
    this.client = new FirehoseClient({ endpoint, region: "eu-west-1", credentials });
  }

  async stop(): Promise<void> {
    this.client?.destroy();
    await this.run?.stop();
    this.run = undefined;
  }

  /** Resolves with the ids of the records. */
  async put(stream: string, ...texts: string[]): Promise<string[]> {
    const Records = texts.map((text) => ({ Data: Buffer.from(text) }));
    const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
    const answer = await this.client!.send(command);
    return answer.RequestResponses!.map(({ RecordId }) => RecordId!);
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  async get(path: string): Promise<any> {
    return (await fetch(this.dashboard + path)).json();
  }

  async until(path: string, what: (answer: Record<string, number & unknown[]>) => boolean): Promise<void> {
    while (!what(await this.get(path))) await new Promise((wake) => setTimeout(wake, 5));
  }

  settled(stream: string, backedUp: number): Promise<void> {
    return this.until(
      `/api/status?stream=${stream}`,
      ({ waiting, ...counts }) => waiting === 0 && (counts["backedUp"] ?? 0) >= backedUp,
    );
  }

  async askAll(params: Record<string, string>): Promise<Answer[]> {
    return (await this.get(`/api/whereabouts?${new URLSearchParams(params)}`)).streams;
  }

  /** The answer of the one stream that is asked. */
  async ask(params: Record<string, string>): Promise<Answer> {
    const [answer] = await this.askAll(params);
    return answer!;
  }

  /** `outcome source` of each record. */
  async outcomes(text: string, more: Record<string, string> = {}): Promise<string[]> {
    const streams = await this.askAll({ text, ...more });
    return streams
      .flatMap(({ records }) => records.map(({ outcome, source }) => `${outcome} ${source}`))
      .sort();
  }
}

const turning = (name: string, changes: Partial<SearchStreamPlan> = {}) =>
  aStreamNamed(name, { processor: aProcessor(turn), ...changes });

describe("the whereabouts of a record", () => {
  let run: RunOfTest;
  let ids: string[];
  before(async () => {
    run = new RunOfTest(mkdtempSync(join(tmpdir(), "whereabouts-")));
    const held = aStream({ destination: { ...aStream().destination, bufferIntervalSeconds: 900 } });
    await run.start(
      turning("web"),
      aStreamNamed("orders"),
      aBucketStream(),
      aStreamNamed("held", { destination: held.destination }),
    );
    const lines = ["order 1\n", "order 2 drop\n", "ORDER 3 fail\n", "order 4 bad\n", "other 5\n"];
    ids = await run.put("web", ...lines);
    await run.settled("web", 5);
    await run.put("web", '{"bare":1}', '{"bare":2,"drop":1}', '{"bare":3}');
    await run.put("clicks", "order 7\n");
    await run.put("held", "order 8\n");
    for (const k of [1, 2, 3]) {
      await run.put("orders", `{"message":"order ${k}"}\n`);
      await run.settled("orders", k);
    }
    await run.settled("web", 8);
    await run.settled("clicks", 0);
  });
  after(async () => {
    await run.stop();
    rmSync(run.data, { recursive: true, force: true });
  });

  it("says of each record that has the text what became of it, though no document has it", async () => {
    assert.deepEqual(await run.outcomes("order"), [
      "dropped order 2 drop",
      "failed ORDER 3 fail",
      "failed order 4 bad",
      "indexed order 1",
    ]);
    const { records, looked } = await run.ask({ text: "order 1" });
    assert.deepEqual(JSON.parse(records[0]!.document.text), { turned: 8 });
    assert.match(records[0]!.object.key, /^\d{4}\/.*web-1-/);
    assert.equal(records[0]!.recordId, ids[0]);
    assert.deepEqual([looked.backup.all, looked.failed.all], [true, true]);
  });

  it("names object and reason of a record that failed in the function, and of a document that was refused", async () => {
    const { records } = await run.ask({ text: "order" });

    const failed = records.filter(({ outcome }) => outcome === "failed");
    const told = failed.map(({ failure, object }) => [
      failure.key.split("/")[1],
      failure.errorCode,
      !!object,
    ]);
    assert.deepEqual(told.sort(), [
      ["AmazonOpenSearchService_failed", "400", true],
      ["processing-failed", "Lambda.ProcessingFailedStatus", true],
    ]);
  });

  it("tells records apart that have no newline between them", async () => {
    assert.deepEqual(await run.outcomes('"bare":2'), ['dropped {"bare":2,"drop":1}']);
    assert.deepEqual(await run.outcomes('"bare":3'), ['indexed {"bare":3}']);
  });

  it("finds a record by the id that the sender was answered, and by its document's id", async () => {
    assert.deepEqual(await run.outcomes(ids[0]!), ["indexed order 1"]);
    assert.deepEqual(await run.outcomes(ids[1]!), ["dropped order 2 drop"]);
    assert.deepEqual(await run.outcomes(ids[3]!), ["failed order 4 bad"]);
    const { records } = await run.ask({ text: ids[0]! });
    assert.deepEqual(await run.outcomes(records[0]!.document.id), ["indexed order 1"]);
    assert.deepEqual(await run.outcomes("local00000000000000000099"), []);
  });

  it("finds records that wait, and says so", async () => {
    assert.deepEqual(await run.outcomes("order", { stream: "held" }), ["waiting order 8"]);
  });

  it("looks through all streams where all are asked, each with its own answer", async () => {
    const all = await run.askAll({ text: "order", stream: "*" });

    assert.deepEqual(
      all.map(({ stream, records }) => [stream, records.length]),
      [
        ["web", 4],
        ["orders", 3],
        ["clicks", 1],
        ["held", 1],
      ],
    );
    assert.equal(all[2]!.records[0]!.outcome, "delivered");
    assert.match(all[2]!.records[0]!.delivered.key, /^data\//);
  });

  it("lists what is of a time: documents, failed records and objects", async () => {
    const nowMs = Date.now();
    const { records, looked } = await run.ask({
      fromMs: String(nowMs - 600_000),
      toMs: String(nowMs + 60_000),
    });

    const counts = { failed: 0, indexed: 0 };
    for (const { outcome } of records) counts[outcome as keyof typeof counts] += 1;
    assert.deepEqual(counts, { failed: 2, indexed: 4 });
    assert.equal(looked.backup.ofTime.length, 2);
    const before = await run.ask({ fromMs: "1000", toMs: "2000" });
    assert.deepEqual([before.records, before.looked.backup.ofTime], [[], []]);
  });

  it("goes on behind the object where an answer was full", async () => {
    const seen: string[] = [];
    for (let before: string | undefined = ""; before !== undefined; ) {
      const { records, looked } = await run.ask({
        text: '"message":"order',
        stream: "orders",
        size: "1",
        before,
      });
      seen.push(...records.map(({ source }) => source!));
      before = looked.backup.next;
    }

    assert.deepEqual(
      seen.sort(),
      [1, 2, 3].map((k) => `{"message":"order ${k}"}`),
    );
  });

  it("refuses a question without text and time, and one that is too large", async () => {
    for (const [search, said] of [
      ["", /text is missing/],
      [`?text=${"x".repeat(1_001)}`, /1001 letters, allowed are 1000/],
      ["?text=a&size=101", /allowed are 100/],
    ] as const) {
      const response = await fetch(`${run.dashboard}/api/whereabouts${search}`);
      assert.equal(response.status, 400);
      assert.match(await response.text(), said);
    }
  });
});

describe("the whereabouts of a record after a restart", () => {
  let run: RunOfTest;
  beforeEach(function () {
    run = new RunOfTest(temporaryFolder(this));
  });
  afterEach(() => run.stop());

  it("says that an index was deleted since", async () => {
    await run.start(turning("web"));
    await run.put("web", "order 1\n");
    await run.settled("web", 1);
    await run.stop();
    const now = Date.now;
    Date.now = () => now() + 26 * 3_600_000;
    try {
      await run.start(turning("web", { indexRetentionDays: 1 }));
      await run.until("/api/indices", ({ indices }) => indices?.length === 0);

      assert.deepEqual(await run.outcomes("order"), ["rotated order 1"]);
    } finally {
      Date.now = now;
    }
  });

  it("is not sure of what it was not told: a backup without its queue names the object alone", async () => {
    await run.start(turning("web"));
    await run.put("web", "order 1\n");
    await run.settled("web", 1);
    await run.stop();
    for (const name of ["queue.sqlite", "queue.sqlite-wal", "queue.mark", "index.sqlite", "index.sqlite-wal"])
      rmSync(join(run.data, name), { force: true });
    await run.start(turning("web"));

    const { records } = await run.ask({ text: "order" });

    assert.deepEqual([records.length, records[0]!.outcome], [1, "unknown"]);
    assert.match(records[0]!.why!, /cannot be told/);
    assert.ok(records[0]!.object.key);
  });
});

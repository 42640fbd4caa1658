/** One script of documents and faults for the embedded index and for a real OpenSearch, with the same end. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { Client } from "@opensearch-project/opensearch";
import { type OpenSearchNode, openSearchMissing, startOpenSearch } from "../../engines/opensearch/node";
import { Queue } from "../../local/buffer/queue";
import type { Clock } from "../../local/clock";
import type { SearchStreamPlan } from "../../local/plan/plan";
import { type BulkClient, BulkDestination } from "../../local/remote/bulk-destination";
import type { Destination, EmbeddedIndex, IndexDocument, LedgerEntry, Refusal } from "../../local/rooms";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { aStream, PipelineOfTest } from "../local/fakes";
import { until } from "../until";
import { type Fault, FaultProxy } from "./faults-proxy";
import { needs } from "./needs";

/** Time runs twenty times faster, so that a minute without the server takes three seconds. */
const speed = 20;
const fastClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now() * speed,
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, Math.min(2 ** 31 - 1, ms / speed));
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};

interface Faults {
  struck: number;
  set(fault: Fault): Promise<void>;
}

/** The embedded index, failing as its disk or thread may: before a write, within one, and after it. */
class FaultyIndex implements Destination, Faults {
  struck = 0;
  private fault: Fault = "none";

  constructor(private readonly index: EmbeddedIndex) {}

  async set(fault: Fault): Promise<void> {
    this.fault = fault;
    this.struck = 0;
  }

  async write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]> {
    const { fault } = this;
    if (fault === "none") return this.index.write(documents);
    if (fault === "third") await this.index.write(documents.filter((_, i) => i % 3 !== 2));
    if (fault === "no-answer") await this.index.write(documents);
    this.struck++;
    throw new Error(`fault: ${fault}`);
  }

  settle(entry: LedgerEntry): Promise<void> {
    return this.index.settle(entry);
  }
}

const indexName = "faults";
const stream = (retryDurationSeconds: number): SearchStreamPlan => {
  const base = aStream();
  return {
    ...base,
    destination: {
      ...base.destination,
      indexName,
      indexRotationPeriod: "NoRotation",
      retryDurationSeconds,
      bufferSizeMiB: 0.05,
    },
    backup: { ...base.backup, prefix: "raw/" },
  };
};

/** One line of pipeline over a destination that fails on demand. */
class Line {
  readonly folder = mkdtempSync(join(tmpdir(), "faults-"));
  index!: EmbeddedIndex;
  faults!: Faults;
  pipeline!: PipelineOfTest;
  private queue!: Queue;
  private sent = 0;

  async start(
    retryDurationSeconds: number,
    make: (index: EmbeddedIndex) => { faults: Faults; destination: Destination },
  ): Promise<this> {
    this.queue = Queue.open({ file: join(this.folder, "queue.sqlite") });
    this.index = await openEmbeddedIndex({ file: join(this.folder, "index.sqlite"), panels: [] });
    const { faults, destination } = make(this.index);
    this.faults = faults;
    this.pipeline = new PipelineOfTest({
      stream: stream(retryDurationSeconds),
      region: "eu-west-1",
      dataFolder: this.folder,
      firehosePort: 0,
      queue: this.queue,
      index: this.index,
      destination,
      clock: fastClock,
      log: () => {},
    });
    await this.pipeline.start();
    return this;
  }

  async stop(): Promise<void> {
    await this.pipeline.close();
    await this.index.close();
    this.queue.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Numbered documents; every 10th is no JSON, every 7th has text where a number is expected. */
  async send(count: number): Promise<void> {
    const client = new FirehoseClient({
      endpoint: this.pipeline.firehoseUrl,
      region: "eu-west-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const Records = Array.from({ length: count }, () => {
      const n = ++this.sent;
      const size = n % 7 === 0 ? '"large"' : n;
      return { Data: new TextEncoder().encode(`{"n":${n},"size":${size}${n % 10 === 0 ? "" : "}"}`) };
    });
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: "web", Records }));
    client.destroy();
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    await until(holds, () => `${what}; ${JSON.stringify(this.pipeline.status())}`);
  }

  settled = (): Promise<void> =>
    this.until("all is settled", () => {
      const { waiting, backedUp, accepted, failed } = this.pipeline.status();
      return waiting === 0 && backedUp === accepted && this.failures().length === failed;
    });

  /** While the fault strikes, records are taken; when it is over, they arrive. */
  async under(fault: Fault, strikes: number, count: number): Promise<void> {
    await this.faults.set(fault);
    await this.send(count);
    // A server that is away counts nothing: the line itself says that it waits.
    await this.until(`${fault} struck`, () =>
      fault === "away" && this.faults instanceof FaultProxy
        ? this.pipeline.status().waiting === count
        : this.faults.struck >= strikes,
    );
    if (fault === "away") await fastClock.wait(60_000);
    await this.faults.set("none");
    await this.settled();
  }

  private objects(start: string): string[] {
    return readdirSync(this.pipeline.bucket.folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".part"))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => file.startsWith(join(this.pipeline.bucket.folder, start)))
      .map((file) => readFileSync(file, "utf8"));
  }

  failures(): string[] {
    return this.objects("failed/").flatMap((text) => text.trim().split("\n"));
  }

  /** What became of each record, told by its number. */
  outcome() {
    const failed: Record<string, number[]> = {};
    for (const line of this.failures()) {
      const { errorCode, errorMessage, rawData } = JSON.parse(line);
      assert.ok(errorMessage.length > 10, line);
      failed[errorCode] ??= [];
      failed[errorCode].push(...numbersIn([Buffer.from(rawData, "base64").toString()]));
    }
    for (const numbers of Object.values(failed)) numbers.sort((a, b) => a - b);
    const { accepted, indexed, dropped, waiting, failed: failedCount, backedUp } = this.pipeline.status();
    return {
      counts: { accepted, indexed, dropped, failed: failedCount, waiting, backedUp },
      failed,
      sources: numbersIn(this.objects("raw/")).sort((a, b) => a - b),
    };
  }
}

const numbersIn = (texts: readonly string[]): number[] =>
  texts.flatMap((text) => Array.from(text.matchAll(/\{"n":(\d+),/g), ([, n]) => Number(n)));

const numbers = (through: number): number[] => Array.from({ length: through }, (_, i) => i + 1);
const isBad = (n: number): boolean => n % 10 === 0 || n % 7 === 0;

async function script(line: Line): Promise<void> {
  await line.send(100);
  await line.settled();
  await line.under("away", 2, 200);
  await line.under("third", 2, 300);
  await line.under("no-answer", 1, 200);
  await line.send(100);
  await line.settled();
}

describe("a destination that fails now and then", () => {
  let node: OpenSearchNode | undefined;
  let proxy: FaultProxy | undefined;
  let line: Line | undefined;
  let retrySeconds: number;

  before(async function () {
    needs(this, openSearchMissing());
    node = await startOpenSearch({});
  });
  beforeEach(async () => {
    await node!.call("DELETE", `/${indexName}`);
    proxy = new FaultProxy(node!.url);
    await proxy.set("none");
  });
  afterEach(async () => {
    await line?.stop();
    await proxy?.close();
  });
  after(() => node?.stop());

  const overHttp = (ledger: EmbeddedIndex) => ({
    faults: proxy!,
    destination: new BulkDestination({
      client: new Client({ node: proxy!.url, maxRetries: 0 }) as unknown as BulkClient,
      plan: stream(retrySeconds).destination,
      ledger,
      clock: fastClock,
    }),
  });

  /** Numbers of the documents that the server holds. */
  async function stored(): Promise<number[]> {
    await node!.call("POST", `/${indexName}/_refresh`);
    const answer = await node!.call(
      "POST",
      `/${indexName}/_search`,
      JSON.stringify({ size: 5000, query: { match_all: {} } }),
    );
    const { hits } = JSON.parse(answer.body) as { hits: { hits: { _source: { n: number } }[] } };
    return hits.hits.map(({ _source }) => _source.n).sort((a, b) => a - b);
  }

  it("gives up what it tried as long as the stream allows, keeps it with its reason, and goes on", async () => {
    retrySeconds = 20;
    line = new Line();
    await line.start(retrySeconds, overHttp);
    await line.send(10);
    await line.settled();
    await proxy!.set("away");
    await line.send(20);
    await line.settled();
    await proxy!.set("none");
    await line.send(10);
    await line.settled();
    const { counts, failed } = line.outcome();
    const isAway = (n: number) => n > 10 && n <= 30;
    assert.deepEqual(failed, {
      "400": numbers(40).filter((n) => !isAway(n) && isBad(n)),
      "503": numbers(40).filter(isAway),
    });
    assert.deepEqual(
      await stored(),
      numbers(40).filter((n) => !isAway(n) && !isBad(n)),
    );
    assert.equal(counts.indexed + counts.failed, 40);
  });

  it("keeps what a strict mapping refuses, each with the server's reason [B36]", async () => {
    retrySeconds = 300;
    const mappings = { dynamic: "strict", properties: { n: { type: "long" } } };
    await node!.call("PUT", `/${indexName}`, JSON.stringify({ mappings }));
    line = new Line();
    await line.start(retrySeconds, overHttp);
    await line.send(30);
    await line.settled();
    assert.deepEqual(line.outcome().failed, { "400": numbers(30) });
    assert.match(line.failures().join("\n"), /strict_dynamic_mapping_exception: .*\[size\]/);
    assert.deepEqual(await stored(), []);
  });

  it("ends with the same counts, embedded and real, and each failure has its reason [B26] [B36]", async () => {
    retrySeconds = 300;
    line = new Line();
    await line.start(retrySeconds, (index) => {
      const faults = new FaultyIndex(index);
      return { faults, destination: faults };
    });
    await script(line);
    const embedded = line.outcome();
    const { hits } = await line.index.search({ query: "", size: 5000 });
    const embeddedNumbers = hits.map(({ source }) => JSON.parse(source).n as number).sort((a, b) => a - b);
    await line.stop();

    line = new Line();
    await line.start(retrySeconds, overHttp);
    await script(line);
    const real = line.outcome();

    const all = numbers(900);
    const good = all.filter((n) => !isBad(n));
    assert.deepEqual(embedded, {
      counts: {
        accepted: 900,
        indexed: good.length,
        dropped: 0,
        failed: 900 - good.length,
        waiting: 0,
        backedUp: 900,
      },
      failed: { "400": all.filter(isBad) },
      sources: all,
    });
    assert.deepEqual(real, embedded);
    assert.deepEqual(embeddedNumbers, good);
    assert.deepEqual(await stored(), good);
  });
});

/** Factories for the tests of the local run: a clock moved by hand, an index in memory, a plan. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BucketFolder } from "../../local/backup/bucket-folder";
import { Queue } from "../../local/buffer/queue";
import { type Clock, systemClock } from "../../local/clock";
import { LocalPipeline, type PipelineOptions } from "../../local/pipeline";
import type {
  BucketStreamPlan,
  Plan,
  ProcessorPlan,
  SearchStreamPlan,
  StreamPlan,
} from "../../local/plan/plan";
import type {
  EmbeddedIndex,
  FailedObject,
  IndexDocument,
  LedgerEntry,
  LedgerTotals,
  Refusal,
} from "../../local/rooms";
import { LocalStreams } from "../../local/streams";

/** Time stands still until `advance`. */
export class ManualClock implements Clock {
  private ms = Date.parse("2026-03-01T09:08:07Z");
  private waiting: { atMs: number; wake: () => void }[] = [];

  nowMs(): number {
    return this.ms;
  }

  steadyMs(): number {
    return this.ms;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      this.waiting.push({ atMs: this.ms + ms, wake: resolve });
      signal?.addEventListener("abort", () => resolve());
    });
  }

  async advance(ms: number): Promise<void> {
    await settle();
    this.ms += ms;
    const due = this.waiting.filter(({ atMs }) => atMs <= this.ms);
    this.waiting = this.waiting.filter(({ atMs }) => atMs > this.ms);
    for (const { wake } of due) wake();
    await settle();
  }
}

/** A clock whose waits end at once, each moving the time on. */
export class HurriedClock implements Clock {
  private ms = Date.parse("2026-03-01T09:08:07Z");
  readonly waits: number[] = [];
  nowMs = (): number => this.ms;
  steadyMs = (): number => this.ms;
  wait(ms: number): Promise<void> {
    this.waits.push(ms);
    this.ms += ms;
    return Promise.resolve();
  }
}

/** Lets everything run that is ready to. */
export const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** A new folder, removed after the test that is running. */
export function temporaryFolder(context: Mocha.Context): string {
  const folder = mkdtempSync(join(tmpdir(), "firehose-test-"));
  context.test?.parent?.afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Keeps documents and ledger in memory; refuses documents that are no JSON. */
export class MemoryIndex implements Partial<EmbeddedIndex> {
  readonly documents: IndexDocument[] = [];
  readonly entries: LedgerEntry[] = [];
  private written: IndexDocument[] = [];
  private kept: FailedObject[] = [];

  write(documents: readonly IndexDocument[]): Promise<Refusal[]> {
    const refusals: Refusal[] = [];
    this.written = documents.filter(({ source }, position) => {
      try {
        JSON.parse(source);
        return true;
      } catch (error) {
        const reason = (error as Error).message;
        refusals.push({ position, status: 400, type: "mapper_parsing_exception", reason, attempts: 1 });
        return false;
      }
    });
    return Promise.resolve(refusals);
  }

  settle(entry: LedgerEntry): Promise<void> {
    this.documents.push(...this.written);
    this.written = [];
    this.entries.push(entry);
    this.kept.push(...entry.failedObjects);
    return Promise.resolve();
  }

  totals(): LedgerTotals {
    const sum = (key: "indexed" | "dropped" | "failed"): number =>
      this.entries.reduce((n, entry) => n + entry[key], 0);
    const throughSeq = this.entries.at(-1)?.throughSeq ?? 0;
    return { throughSeq, indexed: sum("indexed"), dropped: sum("dropped"), failed: sum("failed") };
  }

  outbox(): Promise<FailedObject[]> {
    return Promise.resolve([...this.kept]);
  }

  removeFromOutbox(keys: readonly string[]): Promise<void> {
    this.kept = this.kept.filter(({ key }) => !keys.includes(key));
    return Promise.resolve();
  }

  asIndex(): EmbeddedIndex {
    return this as unknown as EmbeddedIndex;
  }
}

/** A processor from the text of its `__index.js`. */
export const aProcessor = (code: string, changes: Partial<ProcessorPlan> = {}): ProcessorPlan => ({
  name: "transform",
  arn: "arn:aws:lambda:eu-west-1:000000000000:function:transform:1",
  code,
  handler: "handler",
  environment: {},
  timeoutSeconds: 10,
  memoryMiB: 128,
  logFormat: "JSON",
  numberOfRetries: 3,
  bufferSizeMiB: 1,
  bufferIntervalSeconds: 0,
  ...changes,
});

export const aStream = (changes: Partial<SearchStreamPlan> = {}): SearchStreamPlan => ({
  deliveryStreamName: "web",
  deliveryStreamArn: "arn:aws:firehose:eu-west-1:000000000000:deliverystream/web",
  deliveryStreamType: "DirectPut",
  destination: {
    kind: "search",
    indexName: "web",
    indexRotationPeriod: "OneHour",
    bufferIntervalSeconds: 0,
    bufferSizeMiB: 1,
    retryDurationSeconds: 300,
    documentId: "FIREHOSE_DEFAULT",
  },
  processor: undefined,
  backup: {
    bucketName: "backup",
    mode: "AllDocuments",
    prefix: "",
    errorOutputPrefix: "failed/",
    bufferIntervalSeconds: 0,
    bufferSizeMiB: 1,
    compression: "UNCOMPRESSED",
  },
  panels: [{ title: "total", query: "" }],
  indexRetentionDays: undefined,
  indexTemplate: undefined,
  domain: "logs",
  ...changes,
});

/** A stream whose destination is a bucket. */
export const aBucketStream = (
  changes: Partial<Omit<BucketStreamPlan, "destination">> & {
    readonly destination?: Partial<BucketStreamPlan["destination"]>;
  } = {},
): BucketStreamPlan => ({
  ...aStream(),
  deliveryStreamName: "clicks",
  deliveryStreamArn: "arn:aws:firehose:eu-west-1:000000000000:deliverystream/clicks",
  backup: undefined,
  panels: [],
  domain: "",
  ...changes,
  destination: {
    kind: "s3",
    bucketName: "clicks",
    prefix: "data/",
    errorOutputPrefix: "errors/",
    bufferIntervalSeconds: 0,
    bufferSizeMiB: 1,
    compression: "UNCOMPRESSED",
    fileExtension: undefined,
    delimiter: "",
    ...changes.destination,
  },
});

/** A stream of this name with an index of this name. */
export const aStreamNamed = (name: string, changes: Partial<SearchStreamPlan> = {}): SearchStreamPlan => {
  const stream = aStream(changes);
  return {
    ...stream,
    deliveryStreamName: name,
    deliveryStreamArn: stream.deliveryStreamArn.replace(/[^/]*$/, name),
    destination: { ...stream.destination, indexName: name },
  };
};

export const aPlan = (...streams: StreamPlan[]): Plan => ({
  project: "firehose-opensearch",
  stack: "test",
  region: "eu-west-1",
  streams: streams.length > 0 ? streams : [aStream()],
  domainObjects: [],
  objectFunctions: [],
  probes: [],
  withoutEffect: [],
  notEmulated: [],
  notes: [],
});

export interface PipelineOfTestOptions extends Omit<PipelineOptions, "ledger" | "bucketsFolder"> {
  readonly firehosePort: number;
  /** Ledger, and destination unless there is another. */
  readonly index: EmbeddedIndex;
}

/** One stream behind an endpoint of its own. */
export class PipelineOfTest {
  private readonly pipeline: LocalPipeline;
  private readonly streams: LocalStreams;

  constructor(options: PipelineOfTestOptions) {
    const { index, destination = index, dataFolder, stream, queue, clock, log } = options;
    const bucketsFolder = join(dataFolder, "s3");
    this.pipeline = new LocalPipeline({ ...options, destination, ledger: index, bucketsFolder });
    const { createdMs } = queue;
    const streams = [{ stream, createdMs, pipeline: this.pipeline }];
    this.streams = new LocalStreams({ streams, firehosePort: options.firehosePort, clock, log });
  }

  readonly start = () => this.streams.start();
  readonly drain = (mostMs: number) => this.streams.drain(mostMs);
  readonly close = () => this.streams.close();
  readonly replaceFunction = (processor: ProcessorPlan) => this.pipeline.replaceFunction(processor);
  readonly status = () => this.pipeline.status();
  readonly unfinished = () => this.pipeline.unfinished();
  readonly onChange = (listener: () => void) => this.pipeline.onChange(listener);

  get firehoseUrl(): string {
    return this.streams.firehoseUrl;
  }

  get bucket(): BucketFolder {
    return this.pipeline.bucket;
  }
}

/** A pipeline over a queue in `folder`, not started yet. Both are for the test to close. */
export function aPipeline(
  folder: string,
  { maxBytes, ...changes }: Partial<PipelineOfTestOptions> & { readonly maxBytes?: number } = {},
): { pipeline: PipelineOfTest; queue: Queue } {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "queue.sqlite");
  const queue = Queue.open({ file, ...(maxBytes !== undefined && { maxBytes }) });
  const pipeline = new PipelineOfTest({
    stream: aStream(),
    region: "eu-west-1",
    dataFolder: folder,
    firehosePort: 0,
    queue,
    index: new MemoryIndex().asIndex(),
    destination: undefined,
    clock: systemClock,
    log: () => {},
    ...changes,
  });
  return { pipeline, queue };
}

/** A dashboard on a free port over a FakeSearcher, for tests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DashboardOptions, startDashboard } from "../../../local/dashboard/server";
import type { DashboardStream } from "../../../local/dashboard/shown-stream";
import type { Plan } from "../../../local/plan/plan";
import type { RecentFailure } from "../../../local/rooms";
import type { PipelineStatus } from "../../../local/status";
import { FakeSearcher } from "./fake-searcher";

export const plan: Plan = {
  project: "firehose-opensearch",
  stack: "dev",
  region: "eu-central-1",
  domainObjects: [],
  objectFunctions: [],
  probes: [],
  withoutEffect: [{ type: "aws:iam/role:Role", count: 3, why: "nobody is asked for rights on this machine" }],
  notEmulated: [{ type: "aws:cloudwatch/metricAlarm:MetricAlarm", count: 6 }],
  notes: [],
  streams: [
    {
      deliveryStreamName: "firehose-opensearch-dev",
      deliveryStreamArn: "arn:aws:firehose:eu-central-1:123456789012:deliverystream/firehose-opensearch-dev",
      deliveryStreamType: "DirectPut",
      destination: {
        kind: "search",
        indexName: "example",
        indexRotationPeriod: "OneHour",
        bufferIntervalSeconds: 1,
        bufferSizeMiB: 1,
        retryDurationSeconds: 300,
        documentId: "FIREHOSE_DEFAULT",
      },
      processor: {
        name: "firehose-opensearch-dev-map",
        arn: "arn:aws:lambda:eu-central-1:123456789012:function:firehose-opensearch-dev-map:$LATEST",
        code: "exports.handler = () => {};",
        handler: "handler",
        environment: { SECRET: "not for the page" },
        timeoutSeconds: 60,
        memoryMiB: 128,
        logFormat: "JSON",
        numberOfRetries: 3,
        bufferSizeMiB: 1,
        bufferIntervalSeconds: 1,
      },
      backup: {
        bucketName: "firehose-opensearch-dev",
        mode: "AllDocuments",
        prefix: "raw/",
        errorOutputPrefix: "failed/",
        bufferIntervalSeconds: 1,
        bufferSizeMiB: 1,
        compression: "GZIP",
      },
      panels: [
        { title: "total", query: "" },
        { title: "bye", query: "message:bye" },
        { title: "hello", query: "message:hello" },
      ],
      indexRetentionDays: 30,
      indexTemplate: undefined,
      domain: "firehose-opensearch-dev",
    },
  ],
};

const empty = { records: 0, bytes: 0, ageMs: 0 };

export function statusOf(counts: Partial<PipelineStatus> = {}): PipelineStatus {
  return {
    accepted: 0,
    indexed: 0,
    dropped: 0,
    failed: 0,
    waiting: 0,
    lost: 0,
    backedUp: 0,
    rooms: {
      queueBytes: 0,
      transformBuffer: empty,
      deliveryBuffer: empty,
      backupBuffer: empty,
      trouble: undefined,
      troubleSinceMs: undefined,
    },
    ...counts,
  };
}

/** The destination has been away for five minutes: two of three records wait. */
export function heldStatus(): PipelineStatus {
  const trouble = "deliver: 2 documents go again after attempt 3: 503 connect ECONNREFUSED 127.0.0.1:9200";
  const rooms = { ...statusOf().rooms, trouble, troubleSinceMs: Date.now() - 300_000 };
  return statusOf({ accepted: 3, indexed: 1, waiting: 2, rooms });
}

export class DashboardOfTest {
  readonly searcher = new FakeSearcher();
  readonly bucketFolder = mkdtempSync(join(tmpdir(), "bucket-"));
  readonly failures: RecentFailure[] = [];
  readonly listeners = new Set<() => void>();
  status = statusOf();
  url = "";
  private closeServer = async () => {};

  /** With one stream, unless there are `streams`. */
  async start(options: Partial<DashboardOptions & DashboardStream> = {}): Promise<this> {
    const stream = this.stream(options);
    const { url, close } = await startDashboard({ port: 0, streams: [stream], ...options, plan });
    this.url = url;
    this.closeServer = close;
    return this;
  }

  stream(changes: Partial<DashboardStream> = {}): DashboardStream {
    return {
      plan: plan.streams[0]!,
      searcher: this.searcher,
      status: () => this.status,
      recentFailures: async (limit) => this.failures.slice(0, limit),
      bucketFolder: this.bucketFolder,
      onChange: (listener) => {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
      },
      ...changes,
    };
  }

  settle(): void {
    for (const listener of this.listeners) listener();
  }

  /** Answer of the API as status and parsed JSON. */
  async get(path: string, headers: Record<string, string> = {}) {
    const response = await fetch(this.url + path, { headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  async close(): Promise<void> {
    await this.closeServer();
    rmSync(this.bucketFolder, { recursive: true, force: true });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

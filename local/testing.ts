/**
 * For tests of a pipeline: the whole run in this process, on free ports, in a folder that goes with it.
 *
 *   const run = await startPipeline({ program: "." });
 *   await run.put([{ message: "hello" }]);
 *   await run.settled();
 *   assert.equal(await run.count("message:bye"), 1);
 *   await run.close();
 */
import "./recent-node";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FirehoseClient, PutRecordBatchCommand } from "@aws-sdk/client-firehose";
import { errorOutputTypes } from "../firehose/failed-record";
import type { Plan } from "./plan/plan";
import { planOfProgram } from "./plan/plan-of-program";
import { startLocalRun } from "./run";
import { isSettled, type Settling, whatIsLeft } from "./settling";
import { type Fault, TestFaults, withHangingFunctions } from "./test-faults";
import { type StoredObject, storedObjects } from "./test-objects";

export type { Fault } from "./test-faults";
export type { StoredObject } from "./test-objects";

export interface StartPipelineOptions {
  /** Folder of the program's Pulumi.yaml. @default the working directory */
  readonly program?: string;
  /** Name of the stack whose Pulumi.STACK.yaml is read. @default `dev`, or the only stack there is */
  readonly stack?: string;
  /** Settings that win over the stack's file, each `key=value`. @default [] */
  readonly set?: readonly string[];
  /** What stands in for what only AWS, or another stack, could say, each `NAME=JSON`. @default [] */
  readonly standIns?: readonly string[];
  /** Evaluates the program although nothing that its plan depends on has changed since an earlier start. @default false */
  readonly fresh?: boolean;
  /** A plan that is there already, such as one that several tests share. @default the program's */
  readonly plan?: Plan;
  /** Every call of a function ends with its timeout, of a second then, as where it hangs. @default false */
  readonly functionHangs?: boolean;
  /** Told what the run says to people. @default nobody */
  readonly log?: (text: string) => void;
}

/** One stream of the run. */
export interface TestStream {
  readonly name: string;
  /**
   * Sends records: text and bytes as they are, anything else as its JSON.
   * @throws the SDK's error where they are refused
   */
  put(records: readonly unknown[]): Promise<void>;
  /**
   * Resolves once every record is delivered, dropped or failed, and backed up. What waits in the stream's buffers is
   * taken out at once.
   * @param mostMs milliseconds @default 30000
   * @throws where it has not come to that by then, with where the rest is
   */
  settled(mostMs?: number): Promise<void>;
  /** Documents that a query finds; all where it is left out. @throws where the query is wrong, with its place */
  count(query?: string): Promise<number>;
  /** They themselves, newest first, at most 10,000. */
  documents(query?: string): Promise<Record<string, unknown>[]>;
  /** Records that the function or the destination failed, each with why. */
  failed(): Promise<FailedRecord[]>;
  /** Source records, in the objects of the backup. */
  backup(): Promise<StoredObject[]>;
  /** Objects of a stream whose destination is a bucket. */
  objects(): Promise<StoredObject[]>;
}

export interface FailedRecord {
  readonly errorCode: string;
  readonly errorMessage: string;
  /** Why the function failed the record, where it says so. */
  readonly reason?: string;
  /** The source record, or the document that was refused. */
  readonly data: string;
}

/** The run, and the first of its streams. */
export interface TestPipeline extends TestStream {
  readonly plan: Plan;
  /** Where the SDK's client finds the streams. */
  readonly firehose: string;
  /** Address of the page. */
  readonly dashboard: string;
  /** Where OpenSearch's clients find the documents of all streams, to read them. Left out where no stream has an index. */
  readonly search?: string;
  /** Folder of all that the run keeps, until it is closed. */
  readonly data: string;
  /** One of several streams. @throws where there is none of that name */
  stream(name: string): TestStream;
  /** Brings a fault about until the returned function is called. */
  fault(fault: Fault): () => void;
  /** Moves the run's wall clock, forwards or backwards. */
  jumpClock(ms: number): void;
  close(): Promise<void>;
}

/** @throws UserError where the program cannot be evaluated or has no stream that runs here */
export async function startPipeline(options: StartPipelineOptions = {}): Promise<TestPipeline> {
  const { program = ".", stack, set = [], standIns = [], fresh = false, log = () => {} } = options;
  const folder = resolve(program);
  const plan = options.plan ?? (await planOfProgram({ folder, stack, set, standIns }, fresh));
  const dataFolder = mkdtempSync(join(tmpdir(), "pipeline-test-"));
  const faults = new TestFaults();
  const run = await startLocalRun({
    stack: plan.stack,
    dataFolder,
    firehosePort: 0,
    dashboardPort: 0,
    searchPort: 0,
    plan: Promise.resolve(options.functionHangs ? withHangingFunctions(plan) : plan),
    faults,
    log,
  }).catch((error: unknown) => {
    rmSync(dataFolder, { recursive: true, force: true });
    throw error;
  });
  const { firehose, dashboard, search } = run.ready;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new FirehoseClient({ endpoint: firehose, region: plan.region, credentials, maxAttempts: 1 });
  const streams = plan.streams.map((stream) => {
    const pipeline = run.pipelines.get(stream.deliveryStreamName)!;
    return streamOf(stream, { client, dashboard, dataFolder, pipeline });
  });
  return {
    ...streams[0]!,
    plan,
    firehose,
    dashboard,
    ...(search === undefined ? {} : { search }),
    data: dataFolder,
    stream: (name) => {
      const found = streams.find((stream) => stream.name === name);
      if (!found)
        throw new Error(`no stream ${name}; there are ${streams.map((one) => one.name).join(", ")}`);
      return found;
    },
    fault: (fault) => faults.begin(fault),
    jumpClock: (ms) => faults.jump(ms),
    close: async () => {
      faults.end();
      client.destroy();
      await run.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

interface Surroundings {
  readonly client: FirehoseClient;
  readonly dashboard: string;
  readonly dataFolder: string;
  readonly pipeline: Settling;
}

const mostRecords = 500;

function streamOf(stream: Plan["streams"][number], around: Surroundings): TestStream {
  const { deliveryStreamName: name, destination, backup } = stream;
  const { client, dashboard, dataFolder, pipeline } = around;
  const ask = async <T>(path: string, params: Record<string, string> = {}): Promise<T> => {
    const response = await fetch(
      `${dashboard}/api/${path}?${new URLSearchParams({ ...params, stream: name })}`,
    );
    const answer = (await response.json()) as T & { error?: { message: string } };
    if (!response.ok) throw new Error(answer.error?.message ?? `HTTP ${response.status}`);
    return answer;
  };
  const bucket = destination.kind === "s3" ? destination : backup!;
  const start = bucket.errorOutputPrefix.split("!{")[0]!;
  const isFailed = ({ key }: StoredObject): boolean =>
    key.startsWith(start) && Object.values(errorOutputTypes).some((type) => key.includes(type, start.length));
  const inBucket = (bucketName: string) => storedObjects(join(dataFolder, "s3", bucketName), name);
  return {
    name,
    put: async (records) => {
      for (let from = 0; from < records.length; from += mostRecords) {
        const Records = records.slice(from, from + mostRecords).map((record) => ({ Data: bytesOf(record) }));
        await client.send(new PutRecordBatchCommand({ DeliveryStreamName: name, Records }));
      }
    },
    settled: async (mostMs = 30_000) => {
      if (await isSettled(pipeline, mostMs)) return;
      const left = whatIsLeft(pipeline.status(), backup?.mode === "AllDocuments");
      throw new Error(`after ${mostMs} ms the stream ${name} is not settled: ${left.join("; ")}`);
    },
    count: async (query = "") => (await ask<{ count: number }>("count", { q: query })).count,
    documents: async (query = "") => {
      type Found = { hits: { _source: Record<string, unknown> }[] };
      const { hits } = await ask<Found>("search", { q: query, size: "10000" });
      return hits.map(({ _source }) => _source);
    },
    failed: async () => (await inBucket(bucket.bucketName)).filter(isFailed).flatMap(failedRecords),
    backup: async () =>
      backup ? (await inBucket(backup.bucketName)).filter(({ key }) => !isFailed({ key, text: "" })) : [],
    objects: async () =>
      destination.kind === "s3" ? (await inBucket(bucket.bucketName)).filter((one) => !isFailed(one)) : [],
  };
}

function bytesOf(record: unknown): Uint8Array {
  if (record instanceof Uint8Array) return record;
  return Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
}

function failedRecords({ text }: StoredObject): FailedRecord[] {
  const lines = text.trim().split("\n");
  return lines.map((line) => {
    const { errorCode, errorMessage, reason, rawData } = JSON.parse(line);
    const data = Buffer.from(rawData, "base64").toString("utf8");
    return { errorCode, errorMessage, ...(reason === undefined ? {} : { reason }), data };
  });
}

/**
 * The walk of a record on one machine, in the order of the folders:
 *
 *   receive -> buffer (durable queue) -> transform -> deliver -> search (embedded index) -> dashboard
 *                                    \-> backup            \-> failed records (bucket folder)
 *
 * Each room works at its own pace. A record leaves the queue when it is settled and backed up, not before.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Backup } from "./backup/backup";
import { BucketFolder } from "./backup/bucket-folder";
import { Queue } from "./buffer/queue";
import type { Clock } from "./clock";
import { Deliver } from "./deliver/deliver";
import { textOf } from "./errors";
import { Hold } from "./hold";
import type { Plan } from "./plan/plan";
import { slowDown } from "./receive/errors";
import { type Receiver, startReceiver } from "./receive/server";
import type { RecordBatch } from "./record-batch";
import type { Destination, EmbeddedIndex, FailedObject, PipelineStatus } from "./rooms";
import { LambdaFunction } from "./transform/lambda-function";
import { fitsInvocation, Transform } from "./transform/transform";
import { Trouble } from "./trouble";

const MiB = 1024 * 1024;

export interface PipelineOptions {
  readonly plan: Plan;
  /** Folder of the queue, the index, the bucket folders and the logs. */
  readonly dataFolder: string;
  readonly firehosePort: number;
  readonly host?: string;
  readonly queue: Queue;
  /** Ledger, and where documents go unless `destination` is set. */
  readonly index: EmbeddedIndex;
  /** @default index */
  readonly destination?: Destination;
  readonly clock: Clock;
  /** Sentences for the person at the console. */
  log(text: string): void;
}

export class LocalPipeline {
  readonly bucket: BucketFolder;
  private readonly stopping = new AbortController();
  private readonly transformHold: Hold;
  private readonly lambda: LambdaFunction | undefined;
  private transform: Transform | undefined;
  private readonly deliver: Deliver;
  private readonly backup: Backup | undefined;
  private receiver: Receiver | undefined;
  private readonly loops: Promise<void>[] = [];
  private transformedThrough: number;
  /** Objects of failed records that are counted already are being written. */
  private settling = false;
  private readonly trouble: Trouble;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: PipelineOptions) {
    const { plan, queue, index, clock, dataFolder, log } = options;
    const { stream } = plan;
    this.trouble = new Trouble({ clock, stopping: this.stopping.signal, log });
    this.bucket = new BucketFolder(join(dataFolder, "s3", stream.backup.bucketName));
    mkdirSync(this.bucket.folder, { recursive: true });
    const hints = stream.processor ?? { bufferSizeMiB: 1, bufferIntervalSeconds: 0 };
    this.transformHold = new Hold(
      { bytes: hints.bufferSizeMiB * MiB, intervalMs: hints.bufferIntervalSeconds * 1000 },
      clock,
    );
    this.transformedThrough = index.totals().throughSeq;
    this.deliver = new Deliver({
      stream,
      epoch: queue.epoch,
      destination: options.destination ?? index,
      clock,
      onSettled: (failedObjects) => this.settled(failedObjects),
    });
    if (stream.processor) {
      mkdirSync(join(dataFolder, "logs"), { recursive: true });
      this.lambda = new LambdaFunction({
        plan: stream.processor,
        logFile: join(dataFolder, "logs", `${stream.processor.name}.log`),
        environment: {
          AWS_REGION: plan.region,
          AWS_ACCESS_KEY_ID: "local",
          AWS_SECRET_ACCESS_KEY: "local",
          // Read by the SDK when the function puts records back into its stream.
          get AWS_ENDPOINT_URL_FIREHOSE(): string {
            return endpoint();
          },
        },
      });
    }
    const endpoint = (): string => this.firehoseUrl;
    if (stream.backup.mode === "AllDocuments") {
      const { backup, deliveryStreamName } = stream;
      this.backup = new Backup({ plan: backup, deliveryStreamName, queue, bucket: this.bucket, clock });
    }
  }

  get firehoseUrl(): string {
    return this.receiver?.url ?? "";
  }

  /** FIRST what the last run had begun is finished, THEN the rooms start from back to front, the endpoint last. */
  async start(): Promise<void> {
    const { plan, queue, index, firehosePort, host, log } = this.options;
    this.checkLedger(queue, index);
    await this.finishLast();
    const { records, bytes } = queue.extentAfter(this.transformedThrough);
    this.transformHold.add(records, bytes);
    queue.onAppend = (extent) => {
      this.transformHold.add(extent.records, extent.bytes);
      this.backup?.hold.add(extent.records, extent.bytes);
    };
    this.receiver = await startReceiver({
      port: firehosePort,
      ...(host === undefined ? {} : { host }),
      stream: plan.stream,
      createdMs: queue.createdMs,
      accept: (data) => this.accept(data),
      onError: (error) => log(`receive: ${textOf(error)}`),
    });
    this.transform = this.makeTransform();
    this.loops.push(
      this.loop("transform", this.transformHold, () => this.transformNext()),
      this.loop("deliver", this.deliver.hold, () => this.deliver.flush()),
    );
    const { backup } = this;
    if (backup)
      this.loops.push(this.loop("backup", backup.hold, () => backup.flush().then(() => this.trim())));
  }

  /** Takes no more records, delivers what waits without regard to the buffering intervals, for `mostMs` at the most. */
  async drain(mostMs: number): Promise<void> {
    await this.receiver?.close();
    this.transformHold.drain();
    this.deliver.hold.drain();
    this.backup?.hold.drain();
    const { clock } = this.options;
    const endMs = clock.steadyMs() + mostMs;
    while ((this.unfinished() > 0 || this.settling) && clock.steadyMs() < endMs) await clock.wait(20);
  }

  /** Records that are not settled or not backed up yet. */
  unfinished(): number {
    const { waiting, accepted } = this.status();
    return Math.max(waiting, this.backup ? accepted - this.backup.backedUp : 0);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.options.destination?.stop?.();
    await this.receiver?.close();
    await this.lambda?.close();
    await Promise.all(this.loops);
  }

  status(): PipelineStatus {
    const { queue, index } = this.options;
    const { indexed, dropped, failed } = index.totals();
    const accepted = queue.lastSeq;
    return {
      accepted,
      indexed,
      dropped,
      failed,
      waiting: accepted - indexed - dropped - failed,
      backedUp: this.backup?.backedUp ?? 0,
      rooms: {
        queueBytes: queue.bytes,
        transformBuffer: this.transformHold.status,
        deliveryBuffer: this.deliver.hold.status,
        backupBuffer: this.backup?.hold.status ?? { records: 0, bytes: 0, ageMs: 0 },
        trouble: this.trouble.text,
      },
    };
  }

  /** Calls the listener after every settlement; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private checkLedger(queue: Queue, index: EmbeddedIndex): void {
    const { throughSeq } = index.totals();
    if (throughSeq <= queue.lastSeq) return;
    this.options.log(
      `The queue file is older than the index: records ${queue.lastSeq + 1} to ${throughSeq} are settled already; counting goes on after them.`,
    );
    queue.skipTo(throughSeq);
  }

  /** What cannot be written yet is tried again beside the run. */
  private async finishLast(): Promise<void> {
    const writeOutbox = (): Promise<void> => this.writeOutbox();
    await writeOutbox().catch(
      () => void this.loops.push(this.trouble.untilDone("failed records", writeOutbox)),
    );
    await this.backup?.recover().catch((error: unknown) => this.trouble.failed("backup", error));
    this.trim();
  }

  private async accept(data: readonly Buffer[]): Promise<number> {
    const { queue, clock } = this.options;
    try {
      return await queue.append(data, clock.nowMs());
    } catch (error) {
      throw slowDown(
        queue.isFull
          ? "More records wait than are delivered."
          : `The queue cannot be written: ${textOf(error)}.`,
      );
    }
  }

  private makeTransform(): Transform | undefined {
    const { plan, clock } = this.options;
    const { lambda } = this;
    if (!plan.stream.processor || !lambda) return undefined;
    return new Transform({
      processor: plan.stream.processor,
      deliveryStreamArn: plan.stream.deliveryStreamArn,
      region: plan.region,
      clock,
      invoke: (event) => lambda.invoke(event),
      onTrouble: (text) => this.trouble.tell("function", text),
    });
  }

  private async transformNext(): Promise<void> {
    const { queue, plan, clock } = this.options;
    const limit = (plan.stream.processor?.bufferSizeMiB ?? 1) * MiB;
    const records = queue.read(
      this.transformedThrough,
      (count, bytes) => bytes <= limit && fitsInvocation(count, bytes),
    );
    if (records.length === 0) return this.transformHold.take(Number.MAX_SAFE_INTEGER, 0);
    const { outcomes, attempts } = this.transform
      ? await this.transform.run(records)
      : untransformed(records);
    if (this.stopping.signal.aborted) return;
    this.transformedThrough = records.lastSeq;
    this.transformHold.take(records.length, records.body.length);
    await this.deliver.accept({ records, outcomes, attempts, endMs: clock.nowMs() }, this.stopping.signal);
  }

  /** Settled is settled: what is left to do is tried here until it works, as no other delivery may come. */
  private async settled(failedObjects: readonly FailedObject[]): Promise<void> {
    this.settling = true;
    if (failedObjects.length > 0) await this.trouble.untilDone("failed records", () => this.writeOutbox());
    await this.trouble.untilDone("queue", async () => this.trim());
    this.settling = false;
    for (const listener of this.listeners) listener();
  }

  /** The queue forgets what is both settled and backed up. */
  private trim(): void {
    const { throughSeq } = this.options.index.totals();
    this.options.queue.trim(Math.min(throughSeq, this.backup?.backedUp ?? throughSeq));
  }

  /** Failed objects are durable in the ledger first; the same key with the same bytes may be written twice. */
  private async writeOutbox(): Promise<void> {
    const { index } = this.options;
    const objects = await index.outbox();
    for (const { key, body } of objects) this.bucket.put(key, Buffer.from(body));
    if (objects.length > 0) await index.removeFromOutbox(objects.map(({ key }) => key));
  }

  /** Runs `step` whenever the buffer is due. */
  private async loop(room: string, hold: Hold, step: () => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await hold.due(signal);
      await this.trouble.untilDone(room, step);
    }
  }
}

const untransformed = (records: RecordBatch) => ({
  outcomes: records.arrivalsMs.map((_, i) => ({ kind: "ok" as const, data: records.base64(i) })),
  attempts: 0,
});

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
import type { BodyReader } from "./body-reader";
import { Queue } from "./buffer/queue";
import type { Clock } from "./clock";
import { Deliver } from "./deliver/deliver";
import { dataFolderGone, textOf } from "./errors";
import { FailedObjects } from "./failed-objects";
import { Gaps, lostBefore, tellOlderFile } from "./gaps";
import { Hold } from "./hold";
import type { SearchStreamPlan } from "./plan/plan";
import { slowDown } from "./receive/errors";
import { type Receiver, startReceiver } from "./receive/server";
import type { Destination, EmbeddedIndex, FailedObject, PipelineStatus } from "./rooms";
import { fitsInvocation } from "./transform/transform";
import { TransformRoom } from "./transform/transform-room";
import { Trouble } from "./trouble";

const MiB = 1024 * 1024;
const folderCheckMs = 500;

export interface PipelineOptions {
  readonly stream: SearchStreamPlan;
  readonly region: string;
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
  /** Reads the bodies of all servers of a run. @default one of its own */
  readonly bodies?: BodyReader;
  /** Sentences for the person at the console. */
  log(text: string): void;
}

export class LocalPipeline {
  readonly bucket: BucketFolder;
  private readonly stopping = new AbortController();
  private readonly transformHold: Hold;
  private transform: TransformRoom | undefined;
  private readonly deliver: Deliver;
  private readonly backup: Backup;
  /** Whether source records are backed up; objects that were begun are finished in any case. */
  private readonly backsUp: boolean;
  private receiver: Receiver | undefined;
  /** For the function alone: what it puts again is still taken when a stop has closed the other. */
  private innerReceiver: Receiver | undefined;
  private readonly loops: Promise<void>[] = [];
  private transformedThrough = 0;
  private gaps: Gaps | undefined;
  /** Objects of failed records that are counted already are being written. */
  private settling = false;
  private readonly trouble: Trouble;
  private readonly failedObjects: FailedObjects;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: PipelineOptions) {
    const { stream, queue, index, clock, dataFolder, log } = options;
    this.trouble = new Trouble({ clock, stopping: this.stopping.signal, log });
    this.bucket = new BucketFolder(join(dataFolder, "s3", stream.backup.bucketName));
    mkdirSync(this.bucket.folder, { recursive: true });
    this.failedObjects = new FailedObjects({ index, bucket: this.bucket, log });
    const hints = stream.processor ?? { bufferSizeMiB: 1, bufferIntervalSeconds: 0 };
    this.transformHold = new Hold(
      { bytes: hints.bufferSizeMiB * MiB, intervalMs: hints.bufferIntervalSeconds * 1000 },
      clock,
    );
    this.deliver = new Deliver({
      stream,
      epoch: queue.epoch,
      destination: options.destination ?? index,
      clock,
      onSettled: (failedObjects) => this.settled(failedObjects),
    });
    const { backup, deliveryStreamName } = stream;
    this.backup = new Backup({ plan: backup, deliveryStreamName, queue, bucket: this.bucket, clock });
    this.backsUp = backup.mode === "AllDocuments";
  }

  get firehoseUrl(): string {
    return this.receiver?.url ?? "";
  }

  /** FIRST what the last run had begun is finished, THEN the rooms start from back to front, the endpoint last. */
  async start(): Promise<void> {
    const { stream, region, queue, destination, firehosePort, host, bodies, dataFolder, clock } =
      this.options;
    await this.comparePlaces();
    await this.finishLast();
    const { records, bytes } = queue.extentAfter(this.transformedThrough);
    this.transformHold.add(records, bytes);
    queue.onAppend = (extent) => {
      this.transformHold.add(extent.records, extent.bytes);
      if (this.backsUp) this.backup.hold.add(extent.records, extent.bytes);
    };
    if (destination) destination.onTrouble = (text) => this.trouble.tell("destination", text);
    queue.onTrouble = (text) => this.trouble.tell("queue mark", text);
    this.receiver = await this.receive({
      port: firehosePort,
      ...(host === undefined ? {} : { host }),
      ...(bodies === undefined ? {} : { bodies }),
    });
    if (stream.processor) this.innerReceiver = await this.receive({ port: 0 });
    this.transform = new TransformRoom({
      stream,
      region,
      dataFolder,
      clock,
      putAgainUrl: this.innerReceiver?.url ?? "",
      onTrouble: (text) => this.trouble.tell("function", text),
    });
    this.loops.push(
      this.loop("transform", this.transformHold, () => this.transformNext()),
      this.loop("deliver", this.deliver.hold, () => this.deliver.flush()),
    );
    const { backup } = this;
    if (this.backsUp)
      this.loops.push(this.loop("backup", backup.hold, () => backup.flush().then(() => this.trim())));
    this.loops.push(this.watchFolder());
  }

  private receive(
    where: Pick<Parameters<typeof startReceiver>[0], "port" | "host" | "bodies">,
  ): Promise<Receiver> {
    const { stream, queue, log } = this.options;
    return startReceiver({
      ...where,
      stream,
      createdMs: queue.createdMs,
      accept: (data) => this.accept(data),
      onError: (error) => log(`receive: ${textOf(error)}`),
    });
  }

  /**
   * Takes no more records but those that the function puts again, and delivers what waits without regard to the
   * buffering intervals, for `mostMs` at the most.
   */
  async drain(mostMs: number): Promise<void> {
    await this.receiver?.close();
    this.transformHold.drain();
    this.deliver.hold.drain();
    this.backup.hold.drain();
    const { clock } = this.options;
    const endMs = clock.steadyMs() + mostMs;
    while ((this.unfinished() > 0 || this.settling) && clock.steadyMs() < endMs) await clock.wait(20);
  }

  /** Records that are not settled or not backed up yet. */
  unfinished(): number {
    return Math.max(this.status().waiting, this.backsUp ? this.backup.waiting : 0);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.options.destination?.stop?.();
    await this.receiver?.close();
    await this.transform?.close();
    await this.innerReceiver?.close();
    await Promise.all(this.loops);
  }

  status(): PipelineStatus {
    const { queue, index } = this.options;
    const totals = index.totals();
    const { throughSeq, indexed, dropped, failed } = totals;
    const accepted = queue.lastSeq;
    const ahead = this.gaps?.lostAfter(throughSeq) ?? 0;
    return {
      accepted,
      indexed,
      dropped,
      failed,
      waiting: accepted - throughSeq - ahead,
      lost: lostBefore(totals) + ahead,
      backedUp: queue.backedUp,
      rooms: {
        queueBytes: queue.bytes,
        transformBuffer: this.transformHold.status,
        deliveryBuffer: this.deliver.hold.status,
        backupBuffer: this.backup.hold.status,
        trouble: this.trouble.first?.text,
        troubleSinceMs: this.trouble.first?.sinceMs,
      },
    };
  }

  /** Calls the listener after every settlement; returns how to stop that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** FIRST the numbers of queue and ledger are compared, THEN what is lost before all that waits is settled as lost. */
  private async comparePlaces(): Promise<void> {
    const { queue, index, log } = this.options;
    const totals = index.totals();
    for (const note of tellOlderFile(queue, totals)) log(note);
    if (totals.throughSeq > queue.lastSeq) queue.skipTo(totals.throughSeq);
    this.gaps = new Gaps(queue, totals);
    const text = this.gaps.describe();
    if (text !== undefined) log(text);
    const throughSeq = this.gaps.endAfter(totals.throughSeq);
    if (throughSeq > totals.throughSeq) {
      await index.settle({ throughSeq, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
    }
    this.transformedThrough = throughSeq;
  }

  /** Nothing more is taken where the data folder is gone, and that is said. */
  private async watchFolder(): Promise<void> {
    const { queue, clock } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted && !queue.isGone) await clock.wait(folderCheckMs, signal);
    if (!signal.aborted) this.trouble.tell("folder", dataFolderGone().message);
  }

  /** What cannot be written yet is tried again beside the run. */
  private async finishLast(): Promise<void> {
    const writeOutbox = (): Promise<void> => this.failedObjects.write();
    await writeOutbox().catch(
      () => void this.loops.push(this.trouble.untilDone("failed records", writeOutbox)),
    );
    const recover = (): Promise<void> => this.backup.recover();
    await recover().catch((error: unknown) => {
      this.trouble.failed("backup", error);
      // Where nothing is backed up any more, no later object finishes what was begun.
      if (!this.backsUp) this.loops.push(this.trouble.untilDone("backup", recover));
    });
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

  private async transformNext(): Promise<void> {
    const { queue, stream, clock } = this.options;
    const limit = (stream.processor?.bufferSizeMiB ?? 1) * MiB;
    const records = queue.read(
      this.transformedThrough,
      (count, bytes) => bytes <= limit && fitsInvocation(count, bytes),
    );
    if (records.length === 0) return this.transformHold.take(Number.MAX_SAFE_INTEGER, 0);
    const { outcomes, attempts } = await this.transform!.run(records);
    if (this.stopping.signal.aborted) return;
    const throughSeq = this.gaps?.endAfter(records.lastSeq) ?? records.lastSeq;
    this.transformedThrough = throughSeq;
    this.transformHold.take(records.length, records.body.length);
    const stretch = { records, throughSeq, outcomes, attempts, endMs: clock.nowMs() };
    await this.deliver.accept(stretch, this.stopping.signal);
  }

  /** Settled is settled: what is left to do is tried here until it works, as no other delivery may come. */
  private async settled(failedObjects: readonly FailedObject[]): Promise<void> {
    this.settling = true;
    this.failedObjects.tell(failedObjects);
    if (failedObjects.length > 0)
      await this.trouble.untilDone("failed records", () => this.failedObjects.write());
    await this.trouble.untilDone("queue", async () => this.trim());
    this.settling = false;
    for (const listener of this.listeners) listener();
  }

  /** The queue forgets what is both settled and backed up. */
  private trim(): void {
    const { throughSeq } = this.options.index.totals();
    const needed = this.backsUp || this.options.queue.unfinishedBackups().length > 0;
    const done = needed ? Math.min(throughSeq, this.backup.backedUpThrough) : throughSeq;
    this.options.queue.trim(done, throughSeq);
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

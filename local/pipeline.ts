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
import type { Queue } from "./buffer/queue";
import type { CallRecords } from "./call-records";
import type { Clock } from "./clock";
import { Deliver } from "./deliver/deliver";
import { dataFolderGone, textOf } from "./errors";
import { Gaps, lostBefore, tellOlderFile } from "./gaps";
import { Hold } from "./hold";
import { Outbox } from "./outbox";
import type { ProcessorPlan, StreamPlan } from "./plan/plan";
import { slowDown } from "./receive/errors";
import type { Destination, FailedObject, Ledger } from "./rooms";
import type { PipelineStatus } from "./status";
import { backupOf, cargoOf, failedObjectsOf } from "./stream-destination";
import type { ThreadMemory } from "./thread-memory";
import type { InspectorDoor } from "./transform/inspector-door";
import { fitsInvocation } from "./transform/transform";
import { TransformRoom } from "./transform/transform-room";
import { Trouble } from "./trouble";

const MiB = 1024 * 1024;
const folderCheckMs = 500;

export interface PipelineOptions {
  readonly stream: StreamPlan;
  readonly region: string;
  /** Folder of the stream's logs. */
  readonly dataFolder: string;
  /** Folder of the bucket folders, which streams may share. */
  readonly bucketsFolder: string;
  readonly queue: Queue;
  readonly ledger: Ledger;
  /** Where documents go, and what settles them; undefined for a stream into a bucket. */
  readonly destination: Destination | undefined;
  readonly clock: Clock;
  /** Where a debugger finds the function. @default nowhere */
  readonly door?: InspectorDoor | undefined;
  /** What the function's thread may take. @default as that of a run of one stream */
  readonly memory?: ThreadMemory;
  /** Sentences for the person at the console. */
  log(text: string): void;
}

export class LocalPipeline {
  /** Of the failed records, and of what is delivered where the destination is a bucket. */
  readonly bucket: BucketFolder;
  private readonly stopping = new AbortController();
  private readonly transformHold: Hold;
  private transform: TransformRoom | undefined;
  private readonly deliver: Deliver;
  private readonly backup: Backup;
  /** Whether source records are backed up; objects that were begun are finished in any case. */
  private readonly backsUp: boolean;
  private readonly loops: Promise<void>[] = [];
  private transformedThrough = 0;
  private gaps: Gaps | undefined;
  /** Objects that are counted already are being written. */
  private settling = false;
  private readonly trouble: Trouble;
  private readonly outbox: Outbox;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: PipelineOptions) {
    const { stream, queue, ledger, destination, clock, log } = options;
    this.trouble = new Trouble({ clock, stopping: this.stopping.signal, log });
    const { bucketName, errorOutputPrefix } = failedObjectsOf(stream);
    this.bucket = this.bucketFolder(bucketName);
    this.outbox = new Outbox({ ledger, bucket: this.bucket, log });
    const hints = stream.processor ?? { bufferSizeMiB: 1, bufferIntervalSeconds: 0 };
    this.transformHold = new Hold(
      { bytes: hints.bufferSizeMiB * MiB, intervalMs: hints.bufferIntervalSeconds * 1000 },
      clock,
    );
    this.deliver = new Deliver({
      stream,
      errorOutputPrefix,
      newCargo: () => cargoOf(options),
      ledger: destination ?? ledger,
      clock,
      onSettled: (failedObjects) => this.settled(failedObjects),
    });
    const backup = backupOf(stream);
    this.backup = new Backup({
      plan: backup,
      deliveryStreamName: stream.deliveryStreamName,
      queue,
      bucket: this.bucketFolder(backup.bucketName),
      clock,
    });
    this.backsUp = backup.mode === "AllDocuments";
  }

  private bucketFolder(bucketName: string): BucketFolder {
    const folder = join(this.options.bucketsFolder, bucketName);
    mkdirSync(folder, { recursive: true });
    return new BucketFolder(folder);
  }

  /**
   * FIRST what the last run had begun is finished, THEN the rooms start from back to front.
   * @param putAgainUrl where the function puts records back into a stream
   */
  async start(putAgainUrl: string): Promise<void> {
    const { queue, destination } = this.options;
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
    this.transform = new TransformRoom({
      ...this.options,
      putAgainUrl,
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

  /** Another function for the records that come; its buffering hints stay those of the start. */
  replaceFunction(processor: ProcessorPlan): void {
    this.transform?.replace(processor);
  }

  /** From now on what waits is delivered without regard to the buffering intervals. @returns how to end that */
  drain(): () => void {
    const ends = [this.transformHold, this.deliver.hold, this.backup.hold].map((hold) => hold.drain());
    return () => {
      for (const end of ends) end();
    };
  }

  /** Records that are not settled or not backed up yet. */
  unfinished(): number {
    return Math.max(this.status().waiting, this.backsUp ? this.backup.waiting : 0);
  }

  /** Whether there is anything left to do, the writing of objects that are counted already included. */
  get isBusy(): boolean {
    return this.settling || this.unfinished() > 0;
  }

  async close(): Promise<void> {
    this.stopping.abort();
    this.options.destination?.stop?.();
    await this.transform?.close();
    await Promise.all(this.loops);
  }

  status(): PipelineStatus {
    const { queue, ledger } = this.options;
    const totals = ledger.totals();
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
    const { queue, ledger, log } = this.options;
    const totals = ledger.totals();
    for (const note of tellOlderFile(queue, totals)) log(note);
    if (totals.throughSeq > queue.lastSeq) queue.skipTo(totals.throughSeq);
    this.gaps = new Gaps(queue, totals);
    const text = this.gaps.describe();
    if (text !== undefined) log(text);
    const throughSeq = this.gaps.endAfter(totals.throughSeq);
    if (throughSeq > totals.throughSeq) {
      await ledger.settle({ throughSeq, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
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
    const writeOutbox = (): Promise<void> => this.outbox.write();
    await writeOutbox().catch(
      () => void this.loops.push(this.trouble.untilDone(this.outboxName, writeOutbox)),
    );
    const recover = (): Promise<void> => this.backup.recover();
    await recover().catch((error: unknown) => {
      this.trouble.failed("backup", error);
      // Where nothing is backed up any more, no later object finishes what was begun.
      if (!this.backsUp) this.loops.push(this.trouble.untilDone("backup", recover));
    });
    this.trim();
  }

  /**
   * Takes records into the durable queue; resolves with the number of the first when all are on disk.
   * @throws FirehoseError ServiceUnavailableException when the queue is full or the disk refuses
   */
  async accept(records: CallRecords): Promise<number> {
    const { queue, clock } = this.options;
    try {
      return await queue.append(records, clock.nowMs());
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

  /** For people: what the outbox holds. */
  private get outboxName(): string {
    return this.options.stream.destination.kind === "s3" ? "objects of the bucket" : "failed records";
  }

  /** Settled is settled: what is left to do is tried here until it works, as no other delivery may come. */
  private async settled(failedObjects: readonly FailedObject[]): Promise<void> {
    this.settling = true;
    this.outbox.tellFailed(failedObjects);
    if (failedObjects.length > 0 || this.options.stream.destination.kind === "s3")
      await this.trouble.untilDone(this.outboxName, () => this.outbox.write());
    await this.trouble.untilDone("queue", async () => this.trim());
    this.settling = false;
    for (const listener of this.listeners) listener();
  }

  /** The queue forgets what is both settled and backed up. */
  private trim(): void {
    const { throughSeq } = this.options.ledger.totals();
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

/** Backs up every source record, as it came, in objects of the stream's own size and age. */
import { s3Key } from "../../firehose/s3-key";
import type { Clock } from "../clock";
import { giveBack } from "../give-back";
import { Hold } from "../hold";
import type { BackupPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { BackupIntent, RecordQueue } from "../rooms";
import type { BucketFolder } from "./bucket-folder";
import { compress, formatOf } from "./compress";

const MiB = 1024 * 1024;

export interface BackupOptions {
  readonly plan: BackupPlan;
  readonly deliveryStreamName: string;
  readonly queue: RecordQueue;
  readonly bucket: BucketFolder;
  readonly clock: Clock;
}

/**
 * FIRST the object's key and its stretch of the queue are written down, THEN the object, THEN that it is done:
 * a crash at any point leads to the same key with the same bytes, so no record is backed up twice.
 */
export class Backup {
  readonly hold: Hold;
  private throughSeq: number;

  constructor(private readonly options: BackupOptions) {
    const { plan, queue, clock } = options;
    this.hold = new Hold(
      { bytes: plan.bufferSizeMiB * MiB, intervalMs: plan.bufferIntervalSeconds * 1000 },
      clock,
    );
    this.throughSeq = queue.backedUpThrough;
  }

  /** Everything up to there is in a finished object, or lost. */
  get backedUpThrough(): number {
    return this.throughSeq;
  }

  /** Records that are in no finished object yet. */
  get waiting(): number {
    return this.hold.status.records;
  }

  /** Writes again what the last run had begun; what fails here `flush` does. */
  async recover(): Promise<void> {
    const { queue } = this.options;
    const { records, bytes } = queue.extentAfter(this.throughSeq);
    this.hold.add(records, bytes);
    for (const intent of queue.unfinishedBackups()) await this.write(intent);
  }

  /** Writes one object of what waits; at most the size of one buffer. */
  async flush(): Promise<void> {
    const { queue, plan, deliveryStreamName } = this.options;
    const [unfinished] = queue.unfinishedBackups();
    if (unfinished) return this.write(unfinished);
    const limit = plan.bufferSizeMiB * MiB;
    const records = queue.read(this.throughSeq, (_count, bytes) => bytes <= limit);
    const [oldestArrivalMs] = records.arrivalsMs;
    if (oldestArrivalMs === undefined) return this.hold.take(Number.MAX_SAFE_INTEGER, 0);
    const { prefix, compression } = plan;
    const key = s3Key({ prefix, deliveryStreamName, oldestArrivalMs, compression });
    const intent = { key, firstSeq: records.firstSeq, lastSeq: records.lastSeq };
    queue.beginBackup(intent);
    await this.write(intent);
  }

  private async write(intent: BackupIntent): Promise<void> {
    const { queue, bucket, plan } = this.options;
    const { key } = intent;
    const { body, records, oldestArrivalMs, lengths } = this.recordsOf(intent);
    const format = formatOf(key, plan.compression);
    // Records that a damaged disk has taken since leave no empty object behind.
    if (records > 0) bucket.put(key, await compress(body, { format, key, oldestArrivalMs }));
    queue.finishBackup(intent, records, lengths);
    this.throughSeq = intent.lastSeq;
    this.hold.take(records, body.length);
    giveBack(body);
  }

  /** All that is there of the object's stretch, over gaps in the numbers. */
  private recordsOf({ firstSeq, lastSeq }: BackupIntent): {
    body: Buffer;
    records: number;
    oldestArrivalMs: number;
    lengths: Uint8Array | undefined;
  } {
    const batches: RecordBatch[] = [];
    for (let after = firstSeq - 1; after < lastSeq; ) {
      const batch = this.readUpTo(after, lastSeq);
      if (batch.length === 0 || batch.firstSeq > lastSeq) break;
      batches.push(batch);
      after = batch.lastSeq;
    }
    return {
      body: batches.length === 1 ? batches[0]!.body : Buffer.concat(batches.map(({ body }) => body)),
      records: batches.reduce((n, { length }) => n + length, 0),
      oldestArrivalMs: batches[0]?.arrivalsMs[0] ?? 0,
      lengths: batches.length === 1 && !batches[0]!.isOfLines ? batches[0]!.lengths : undefined,
    };
  }

  private readUpTo(afterSeq: number, lastSeq: number): RecordBatch {
    const { queue } = this.options;
    const batch = queue.read(afterSeq, (count) => count <= lastSeq - afterSeq);
    // Behind a gap, so many records are too many.
    return batch.lastSeq <= lastSeq
      ? batch
      : queue.read(afterSeq, (count) => count <= lastSeq - batch.firstSeq + 1);
  }
}

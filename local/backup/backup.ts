/** Backs up every source record, as it came, in objects of the stream's own size and age. */
import { s3Key } from "../../firehose/s3-key";
import type { Clock } from "../clock";
import { Hold } from "../hold";
import type { BackupPlan } from "../plan/plan";
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

  /** The number of records backed up since the data folder began. */
  get backedUp(): number {
    return this.throughSeq;
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
    const count = intent.lastSeq - intent.firstSeq + 1;
    const { body, length, arrivalsMs } = queue.read(intent.firstSeq - 1, (n) => n <= count);
    const { key } = intent;
    const format = formatOf(key, plan.compression);
    bucket.put(key, await compress(body, { format, key, oldestArrivalMs: arrivalsMs[0] ?? 0 }));
    queue.finishBackup(intent);
    this.throughSeq = intent.lastSeq;
    this.hold.take(length, body.length);
  }
}

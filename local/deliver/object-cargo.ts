/** A delivery to a bucket: one object, its records end to end as the transform left them. */
import { s3Key } from "../../firehose/s3-key";
import type { S3DestinationPlan } from "../plan/plan";
import type { BucketObject } from "../rooms";
import type { Cargo, Delivered, DeliveredRecord } from "./cargo";

export interface ObjectCargoOptions {
  readonly plan: S3DestinationPlan;
  readonly deliveryStreamName: string;
  /** Compresses the object's records; the same bytes for the same key. */
  pack(body: Buffer, object: { readonly key: string; readonly oldestArrivalMs: number }): Promise<Buffer>;
}

export class ObjectCargo implements Cargo {
  private readonly records: Buffer[] = [];
  private readonly delimiter: Buffer;
  private count = 0;
  private oldestArrivalMs = 0;
  private object: BucketObject | undefined;

  constructor(private readonly options: ObjectCargoOptions) {
    this.delimiter = Buffer.from(options.plan.delimiter);
  }

  add({ arrivalMs, body, start, end }: DeliveredRecord): number {
    if (this.count === 0) this.oldestArrivalMs = arrivalMs;
    this.count++;
    const record = body.subarray(start, end);
    this.records.push(record);
    if (this.delimiter.length > 0) this.records.push(this.delimiter);
    return record.length + this.delimiter.length;
  }

  /** The object is made once: a repetition has the same key and the same bytes. */
  async deliver(): Promise<Delivered> {
    if (this.count > 0) this.object ??= await this.pack();
    const objects = this.object ? [this.object] : [];
    return { delivered: this.count, failures: [], refused: [], objects };
  }

  private async pack(): Promise<BucketObject> {
    const { plan, deliveryStreamName, pack } = this.options;
    const { oldestArrivalMs } = this;
    const { prefix, compression, fileExtension } = plan;
    const key = s3Key({ prefix, deliveryStreamName, oldestArrivalMs, compression, fileExtension });
    return { key, body: await pack(Buffer.concat(this.records), { key, oldestArrivalMs }) };
  }
}

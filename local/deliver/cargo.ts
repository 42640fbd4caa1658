/** The transformed records of one delivery, in the form in which their destination takes them. */
import type { FailedDeliveryRecord } from "../../firehose/failed-record";
import type { BucketObject, RefusedDocument } from "../rooms";

/** A record that the transform let through. */
export interface DeliveredRecord {
  readonly seq: number;
  readonly arrivalMs: number;
  /** Memory that holds its bytes, and those of others. */
  readonly body: Buffer;
  readonly start: number;
  readonly end: number;
  /** Of so many records it holds the bytes, at most. */
  readonly most: number;
}

export interface Cargo {
  /** Takes in a record. Returns its bytes, as they count for the buffer's size. */
  add(record: DeliveredRecord): number;
  /** May be called again after a failure of the machine: it delivers the same once more, under the same names. */
  deliver(): Promise<Delivered>;
  /** Told when it is settled: nothing of it is delivered again. */
  settled?(): void;
}

export interface Delivered {
  readonly delivered: number;
  readonly failures: readonly FailedDeliveryRecord[];
  /** Those of the failures that can be replayed. */
  readonly refused: readonly RefusedDocument[];
  /** What is still to be written to the bucket once it is settled. */
  readonly objects: readonly BucketObject[];
}

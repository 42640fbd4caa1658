/** The operations of the endpoint by the name in X-Amz-Target; each is validation and action in one file. */
import type { StreamPlan } from "../plan/plan";
import { describeDeliveryStream } from "./describe-delivery-stream";
import type { Input } from "./input";
import { listDeliveryStreams } from "./list-delivery-streams";
import { putRecord } from "./put-record";
import { putRecordBatch } from "./put-record-batch";

export interface ReceiveContext {
  readonly stream: StreamPlan;
  /** When the data folder began, in milliseconds since 1970. */
  readonly createdMs: number;
  /**
   * Takes records into the durable queue; resolves with the number of the first when all are on disk.
   * @throws FirehoseError ServiceUnavailableException when the queue is full or the disk refuses
   */
  accept(records: readonly Buffer[]): Promise<number>;
}

/** Answers with the JSON text of the body. */
export type Operation = (input: Input, context: ReceiveContext) => Promise<string>;

export const operations: Readonly<Record<string, Operation>> = {
  PutRecord: putRecord,
  PutRecordBatch: putRecordBatch,
  DescribeDeliveryStream: describeDeliveryStream,
  ListDeliveryStreams: listDeliveryStreams,
};

/** The RecordId of an answer: opaque, and unique in the stream. */
export const recordIdOf = (seq: number): string => `local${String(seq).padStart(20, "0")}`;

/** The operations of the endpoint by the name in X-Amz-Target; each is validation and action in one file. */
import { describeDeliveryStream } from "./describe-delivery-stream";
import { listDeliveryStreams } from "./list-delivery-streams";
import type { Operation } from "./operation";
import { putRecord } from "./put-record";
import { putRecordBatch } from "./put-record-batch";

export const operations: Readonly<Record<string, Operation>> = {
  PutRecord: putRecord,
  PutRecordBatch: putRecordBatch,
  DescribeDeliveryStream: describeDeliveryStream,
  ListDeliveryStreams: listDeliveryStreams,
};

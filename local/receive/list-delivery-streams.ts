import { limitOf, oneOf, streamName, textOf } from "./constraints";
import type { Operation } from "./operation";

const types = ["DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"];

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html */
export const listDeliveryStreams: Operation = async (input, { streams }) => {
  const type = oneOf(input, "DeliveryStreamType", types);
  const after = textOf(input, "ExclusiveStartDeliveryStreamName", streamName);
  const limit = limitOf(input) ?? 10;
  const names = streams
    .filter(({ stream }) => (type ?? stream.deliveryStreamType) === stream.deliveryStreamType)
    .map(({ stream }) => stream.deliveryStreamName)
    .filter((name) => after === undefined || after < name)
    .sort();
  return JSON.stringify({
    DeliveryStreamNames: names.slice(0, limit),
    HasMoreDeliveryStreams: names.length > limit,
  });
};

import { wrongLimit } from "./errors";
import type { Input, Operation } from "./operation";

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html */
export const listDeliveryStreams: Operation = async (input, { streams }) => {
  const { DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after } = input;
  const names = streams
    .filter(({ stream }) => (type ?? stream.deliveryStreamType) === stream.deliveryStreamType)
    .map(({ stream }) => stream.deliveryStreamName)
    .filter((name) => typeof after !== "string" || after < name)
    .sort();
  const limit = limitOf(input);
  return JSON.stringify({
    DeliveryStreamNames: names.slice(0, limit),
    HasMoreDeliveryStreams: names.length > limit,
  });
};

function limitOf({ Limit: limit }: Input): number {
  if (limit === undefined || limit === null) return 10;
  if (Number.isInteger(limit) && Number(limit) >= 1 && Number(limit) <= 10_000) return Number(limit);
  throw wrongLimit(limit);
}

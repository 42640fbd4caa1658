import type { Operation } from "./operation";

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_ListDeliveryStreams.html */
export const listDeliveryStreams: Operation = async (input, { stream }) => {
  const { deliveryStreamName, deliveryStreamType } = stream;
  const { DeliveryStreamType: type, ExclusiveStartDeliveryStreamName: after } = input;
  const listed =
    (type ?? deliveryStreamType) === deliveryStreamType &&
    (typeof after !== "string" || after < deliveryStreamName);
  return JSON.stringify({
    DeliveryStreamNames: listed ? [deliveryStreamName] : [],
    HasMoreDeliveryStreams: false,
  });
};

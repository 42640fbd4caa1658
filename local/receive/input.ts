/** Reads the members of a request, with AWS's errors for what is wrong. */
import { maxRecordBytes } from "../../firehose/limits";
import { streamName, textOf } from "./constraints";
import { missing, notBase64, recordTooLarge, unknownStream, wrongType } from "./errors";
import type { Input, ReceiveContext, ReceivingStream } from "./operation";

/** The stream of this run that DeliveryStreamName names. */
export function requireStream(input: Input, { streams }: ReceiveContext): ReceivingStream {
  const name = textOf(input, "DeliveryStreamName", streamName);
  if (name === undefined) throw missing("deliveryStreamName");
  const found = streams.find(({ stream }) => stream.deliveryStreamName === name);
  if (found) return found;
  const [account = ""] = streams.map(({ stream }) => stream.deliveryStreamArn.split(":")[4]);
  const known = streams.map(({ stream }) => stream.deliveryStreamName);
  throw unknownStream(name, account, known);
}

/** The bytes of `{"Data": "<base64>"}`. @param path such as `records.1.member` */
export function recordData(record: unknown, path: string): Buffer {
  if (typeof record !== "object" || record === null) throw wrongType(path, "an object");
  const { Data: text } = record as { Data?: unknown };
  if (text === undefined || text === null) throw missing(`${path}.data`);
  if (typeof text !== "string") throw wrongType(`${path}.data`, "base64 text");
  const data = Buffer.from(text, "base64");
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  // Node skips what is no base64 and takes the URL alphabet too; AWS refuses both.
  const whole = text.length % 4 === 0 && data.length === (text.length / 4) * 3 - padding;
  if (!whole || text.includes("-") || text.includes("_")) throw notBase64(`${path}.data`);
  if (data.length > maxRecordBytes) throw recordTooLarge(`${path}.data`, data.length);
  return data;
}

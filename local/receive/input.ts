/** Reads the members of a request, with AWS's errors for what is wrong. */
import { maxRecordBytes } from "../../firehose/limits";
import type { CallRecords } from "../call-records";
import { streamName, textOf } from "./constraints";
import { type FirehoseError, missing, notBase64, recordTooLarge, unknownStream, wrongType } from "./errors";
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

/**
 * The bytes of records, each `{"Data": "<base64>"}`.
 * @param pathOf of a record, such as `records.1.member`; a text for each would cost as much as all the rest
 */
export function dataOf(records: readonly unknown[], pathOf: (at: number) => string): CallRecords {
  const body = Buffer.allocUnsafe(roomFor(records));
  const lengths = new Uint32Array(records.length);
  let end = 0;
  for (let at = 0; at < records.length; at++) {
    const text = textIn(records[at]);
    if (typeof text !== "string") throw noText(records[at], pathOf(at));
    const length = body.write(text, end, "base64");
    if (!isBase64(text, length)) throw notBase64(`${pathOf(at)}.data`);
    if (length > maxRecordBytes) throw recordTooLarge(`${pathOf(at)}.data`, length);
    lengths[at] = length;
    end += length;
  }
  return { body: body.subarray(0, end), lengths };
}

const textIn = (record: unknown): unknown => (record as { Data?: unknown } | null | undefined)?.Data;

/** As many bytes as the texts can be, or some more. */
function roomFor(records: readonly unknown[]): number {
  let bytes = 0;
  for (const record of records) {
    const text = textIn(record);
    if (typeof text === "string") bytes += Math.ceil(text.length / 4) * 3;
  }
  return bytes;
}

function noText(record: unknown, path: string): FirehoseError {
  if (typeof record !== "object" || record === null) return wrongType(path, "an object");
  return (textIn(record) ?? undefined) === undefined
    ? missing(`${path}.data`)
    : wrongType(`${path}.data`, "base64 text");
}

/** Node skips what is no base64 and takes the URL alphabet too; AWS refuses both. @param bytes that Node has read */
function isBase64(text: string, bytes: number): boolean {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const isWhole = text.length % 4 === 0 && bytes === (text.length / 4) * 3 - padding;
  return isWhole && !text.includes("-") && !text.includes("_");
}

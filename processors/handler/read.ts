/** The record as a processor sees it. */
import type { TransformEventRecord } from "../../firehose/transform";
import type { SourceRecord } from "../processor";

export function createReader(): (record: TransformEventRecord) => SourceRecord {
  const from = Buffer.from.bind(Buffer) as (data: string, encoding: "base64") => Buffer;
  return ({ recordId, approximateArrivalTimestamp, data }) => ({
    recordId,
    approximateArrivalTimestamp,
    text: () => {
      const text = from(data, "base64").toString("utf8");
      return text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;
    },
    bytes: () => from(data, "base64"),
  });
}

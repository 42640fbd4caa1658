/** Failed records as the local run writes them, for tests of replay. */
import type { AnyFailedRecord } from "../../../firehose/failed-record";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

export const arrival = Date.parse("2026-03-01T09:08:07Z");
/** File name of an object whose oldest record arrived then. */
export const name = "web-1-2026-03-01-09-08-07-2f0b2a3c-0000-4000-8000-000000000000";

export const source = (
  text: string,
  changes: Partial<AnyFailedRecord> & { readonly reason?: string } = {},
): AnyFailedRecord => ({
  attemptsMade: 4,
  arrivalTimestamp: arrival,
  errorCode: "Lambda.FunctionError",
  errorMessage: "it broke",
  attemptEndingTimestamp: arrival + 1000,
  rawData: base64(text),
  lambdaArn: "arn:aws:lambda:eu-west-1:111122223333:function:f",
  ...changes,
});

export const document = (text: string, id: string): AnyFailedRecord => ({
  attemptsMade: 1,
  arrivalTimestamp: arrival,
  errorCode: "400",
  errorMessage: "mapper_parsing_exception: n is no long",
  attemptEndingTimestamp: arrival + 1000,
  rawData: base64(text),
  esDocumentId: id,
  esIndexName: "web-2026-03-01",
  esTypeName: "",
});

import { maxBatchBytes, maxRecordsPerBatch } from "../../firehose/limits";
import { recordIdMembers } from "../record-id";
import { batchTooLarge, missing, noRecords, tooManyRecords, wrongType } from "./errors";
import { dataOf, requireStream } from "./input";
import type { Operation } from "./operation";

/**
 * All records of a call are taken, or none.
 * @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export const putRecordBatch: Operation = async (input, context) => {
  const { accept } = requireStream(input, context);
  const records = input["Records"];
  if (records === undefined || records === null) throw missing("records");
  if (!Array.isArray(records)) throw wrongType("Records", "a list");
  if (records.length === 0) throw noRecords();
  if (records.length > maxRecordsPerBatch) throw tooManyRecords(records.length);
  const data = dataOf(records, (at) => `records.${at + 1}.member`);
  if (data.body.length > maxBatchBytes) throw batchTooLarge(data.body.length);
  const first = await accept(data);
  return `{"FailedPutCount":0,"Encrypted":true,"RequestResponses":[${recordIdMembers(first, records.length)}]}`;
};

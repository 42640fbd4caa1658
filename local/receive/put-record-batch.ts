import { maxBatchBytes, maxRecordsPerBatch } from "../../firehose/limits";
import { recordIdOf } from "../record-id";
import { batchTooLarge, missing, noRecords, tooManyRecords, wrongType } from "./errors";
import { recordData, requireStream } from "./input";
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
  let bytes = 0;
  const data: Buffer[] = [];
  for (const [i, record] of records.entries()) {
    const one = recordData(record, `records.${i + 1}.member`);
    bytes += one.length;
    data.push(one);
  }
  if (bytes > maxBatchBytes) throw batchTooLarge(bytes);
  const first = await accept(data);
  let responses = "";
  for (let i = 0; i < data.length; i++) {
    responses += `${i === 0 ? "" : ","}{"RecordId":"${recordIdOf(first + i)}"}`;
  }
  return `{"FailedPutCount":0,"Encrypted":true,"RequestResponses":[${responses}]}`;
};

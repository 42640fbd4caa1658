import { recordIdOf } from "../record-id";
import { missing } from "./errors";
import { dataOf, requireStream } from "./input";
import type { Operation } from "./operation";

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html */
export const putRecord: Operation = async (input, context) => {
  const { accept } = requireStream(input, context);
  if (input["Record"] === undefined || input["Record"] === null) throw missing("record");
  const seq = await accept(dataOf([input["Record"]], () => "record"));
  return JSON.stringify({ RecordId: recordIdOf(seq), Encrypted: true });
};

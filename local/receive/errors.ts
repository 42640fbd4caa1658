/** Every error of the Firehose endpoint is born here: AWS's name, HTTP status and a message that helps. */
import { maxBatchBytes, maxRecordBytes, maxRecordsPerBatch } from "../../firehose/limits";

export class FirehoseError extends Error {
  constructor(
    /** AWS's name of the error, such as ResourceNotFoundException. */
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

const validation = (...broken: readonly string[]): FirehoseError =>
  new FirehoseError(
    "ValidationException",
    `${broken.length} validation error${broken.length === 1 ? "" : "s"} detected: ${broken.join("; ")}`,
  );

export const unknownStream = (got: string, accountId: string, known: readonly string[]): FirehoseError =>
  new FirehoseError(
    "ResourceNotFoundException",
    `Firehose ${got} under account ${accountId} not found. ${known.length === 1 ? "The stream of this run is" : "The streams of this run are"} ${known.join(", ")}.`,
  );

export const unknownOperation = (target: string): FirehoseError =>
  new FirehoseError(
    "UnknownOperationException",
    `X-Amz-Target is ${JSON.stringify(target)}; this endpoint knows PutRecord, PutRecordBatch, DescribeDeliveryStream and ListDeliveryStreams of Firehose_20150804.`,
  );

export const notJson = (why: string): FirehoseError =>
  new FirehoseError("SerializationException", `The body is not a JSON object: ${why}`);

export const wrongType = (path: string, expected: string): FirehoseError =>
  new FirehoseError("SerializationException", `${path} is not ${expected}.`);

export const missing = (path: string): FirehoseError =>
  validation(`Value null at '${path}' failed to satisfy constraint: Member must not be null`);

export const noRecords = (): FirehoseError =>
  validation(
    "Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );

export const tooManyRecords = (got: number): FirehoseError =>
  validation(
    `Value at 'records' has ${got} records and failed to satisfy constraint: Member must have length less than or equal to ${maxRecordsPerBatch}`,
  );

export const recordTooLarge = (path: string, got: number): FirehoseError =>
  validation(
    `Value at '${path}' has ${got} bytes and failed to satisfy constraint: Member must have length less than or equal to ${maxRecordBytes}`,
  );

export const batchTooLarge = (got: number): FirehoseError =>
  new FirehoseError(
    "InvalidArgumentException",
    `Records size exceeds 4 MB limit: the records have ${got} bytes, allowed are ${maxBatchBytes}. Send fewer per call.`,
  );

/** @param musts such as "have length less than or equal to 64" */
export const constraintsBroken = (path: string, got: string, musts: readonly string[]): FirehoseError =>
  validation(
    ...musts.map((must) => `Value '${got}' at '${path}' failed to satisfy constraint: Member must ${must}`),
  );

export const notBase64 = (path: string): FirehoseError =>
  new FirehoseError("SerializationException", `${path} is not valid base64 text.`);

export const slowDown = (why: string): FirehoseError =>
  new FirehoseError("ServiceUnavailableException", `Slow down. ${why}`, 503);

/** Of a body that was not read to its end. */
export function bodyRefused(status: 400 | 413 | 503, why: string): FirehoseError {
  if (status === 503) return slowDown(why);
  return status === 413
    ? new FirehoseError("RequestEntityTooLargeException", why, status)
    : new FirehoseError("SerializationException", why, status);
}

export const foreignCaller = (why: string): FirehoseError =>
  new FirehoseError("AccessDeniedException", why, 403);

export const internalFailure = (): FirehoseError =>
  new FirehoseError("InternalFailure", "The local run failed to answer; its console says why.", 500);

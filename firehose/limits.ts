/**
 * Limits of the Firehose API and of Lambda's synchronous invocation.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/limits.html
 */

/** Records in one PutRecordBatch call, 1 to this many. */
export const maxRecordsPerBatch = 500;
/** Bytes of all records of one PutRecordBatch call together, before base64 (4 MiB). */
export const maxBatchBytes = 4 * 1024 * 1024;
/** Bytes of one record, before base64 (1,000 KiB). */
export const maxRecordBytes = 1000 * 1024;
/** Bytes of the request and of the response of a synchronous Lambda invocation (6 MiB). */
export const maxInvocationBytes = 6 * 1024 * 1024;

/** What Firehose takes where the Lambda processor's parameter is left out. */
export const lambdaProcessorDefaults = {
  /** Further invocations after a failed one. */
  NumberOfRetries: 3,
  /** Seconds after which the transform is called with what is there, 0 to 900. */
  BufferIntervalInSeconds: 60,
  /** Size in MB (1 MB = 1,048,576 bytes) at which the transform is called, 0.2 to 3. */
  BufferSizeInMBs: 1,
} as const;

/**
 * Lines of the objects in which Firehose keeps what it could not deliver: one JSON object per line.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html#data-transformation-failure-handling
 */

/** Error output types: the folders below the error prefix. */
export const errorOutputTypes = {
  /** The transform failed the record; `rawData` is the source record. */
  transform: "processing-failed",
  /**
   * The domain refused the document or did not take it in time; `rawData` is the transformed document.
   * AWS's pages disagree on the name; this is the one of the developer guide. Readers take all spellings.
   */
  delivery: "AmazonOpenSearchService_failed",
} as const;

/** All spellings of {@link errorOutputTypes} that were seen in documentation or in real buckets. */
export const errorOutputTypeSpellings = {
  transform: ["processing-failed", "processing_failed"],
  delivery: [
    "AmazonOpenSearchService_failed",
    "AmazonOpenSearchService-failed",
    "opensearch-failed",
    "elasticsearch-failed",
  ],
} as const;

interface FailedRecord {
  /** Invocations or deliveries tried, from 1. */
  readonly attemptsMade: number;
  /** Arrival of the record, in milliseconds since 1970. */
  readonly arrivalTimestamp: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  /** End of the last try, in milliseconds since 1970. */
  readonly attemptEndingTimestamp: number;
  /** The bytes in base64. */
  readonly rawData: string;
}

/** `{"attemptsMade":1,"arrivalTimestamp":…,"errorCode":"Lambda.MissingRecordId",…,"rawData":"YQ==","lambdaArn":"arn:…"}` */
export interface FailedTransformRecord extends FailedRecord {
  readonly lambdaArn: string;
  /** Differs from AWS: why the function failed the record. On AWS the function's log alone has it. */
  readonly reason?: string;
}

/** `{"attemptsMade":1,"arrivalTimestamp":…,"errorCode":"400",…,"esDocumentId":"…","esIndexName":"web-2026-03-01","esTypeName":"","rawData":"…"}` */
export interface FailedDeliveryRecord extends FailedRecord {
  readonly esDocumentId: string;
  readonly esIndexName: string;
  /** Always empty: document types ended with Elasticsearch 7. */
  readonly esTypeName: string;
}

export type AnyFailedRecord = FailedTransformRecord | FailedDeliveryRecord;

/** The object's bytes as text: a line per record, each ended by a newline. */
export const failedRecordLines = (records: readonly AnyFailedRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("");

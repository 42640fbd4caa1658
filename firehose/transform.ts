/**
 * The contract between Firehose and a transform function: what it is called with, what it answers, and what
 * becomes of each record.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
 */

/** One record as the function gets it. */
export interface TransformEventRecord {
  readonly recordId: string;
  /** When Firehose took the record, in milliseconds since 1970 (UTC). */
  readonly approximateArrivalTimestamp: number;
  /** The record's bytes in base64. */
  readonly data: string;
}

/** The event of one invocation: `{"invocationId":"…","deliveryStreamArn":"arn:…","region":"eu-west-1","records":[…]}`. */
export interface TransformEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly records: readonly TransformEventRecord[];
}

export const transformResults = ["Ok", "Dropped", "ProcessingFailed"] as const;
export type TransformResult = (typeof transformResults)[number];

/** One record of the function's answer: `{"recordId":"…","result":"Ok","data":"<base64>"}`. */
export interface TransformAnswerRecord {
  readonly recordId: string;
  readonly result: TransformResult;
  /** The document's bytes in base64; needed where `result` is Ok. */
  readonly data?: string;
  readonly metadata?: { readonly partitionKeys?: Readonly<Record<string, string>> };
}

export interface TransformAnswer {
  readonly records: readonly TransformAnswerRecord[];
}

/** What becomes of one record after the transform. */
export type TransformOutcome =
  | { readonly kind: "ok"; readonly data: string }
  | { readonly kind: "dropped" }
  | {
      readonly kind: "failed";
      readonly errorCode: string;
      readonly errorMessage: string;
      /** What the function's log says of this record, where somebody reads it. */
      readonly reason?: string;
    };

const dropped: TransformOutcome = { kind: "dropped" };
const failed = (errorCode: string, errorMessage: string) =>
  ({ kind: "failed", errorCode, errorMessage }) as const;

/** Of a record whose result is ProcessingFailed. */
export const processingFailed = failed(
  "Lambda.ProcessingFailedStatus",
  "The function set the result of this record to ProcessingFailed.",
);

/**
 * Reads the answer of one invocation and tells, for each id that was sent and in that order, what becomes of it.
 * FIRST ids are counted, so that a repeated one fails as a whole; THEN each sent id is looked up. Ids that were
 * never sent are ignored. An answer of the wrong shape fails every record; it is final and not tried again.
 */
export function readTransformAnswer(sentIds: readonly string[], answer: unknown): TransformOutcome[] {
  const records = (answer as Partial<TransformAnswer> | null | undefined)?.records;
  const inOrder = readInOrder(sentIds, records);
  if (inOrder) return inOrder;
  const byId = new Map<string, TransformAnswerRecord | "duplicate">();
  for (const record of Array.isArray(records) ? records : []) {
    const id: unknown = record?.recordId;
    if (typeof id !== "string") continue;
    byId.set(id, byId.has(id) ? "duplicate" : record);
  }
  return sentIds.map((id) => {
    const record = byId.get(id);
    if (record === undefined) {
      return failed("Lambda.MissingRecordId", "The function's answer has no record with this recordId.");
    }
    if (record === "duplicate") {
      return failed("Lambda.DuplicatedRecordId", "The function's answer has this recordId more than once.");
    }
    return outcomeOf(record);
  });
}

/** The usual answer, every id once and in the order sent, needs no map. */
function readInOrder(sentIds: readonly string[], records: unknown): TransformOutcome[] | undefined {
  if (!Array.isArray(records) || records.length !== sentIds.length) return undefined;
  const outcomes: TransformOutcome[] = new Array(sentIds.length);
  for (let i = 0; i < sentIds.length; i++) {
    if (records[i]?.recordId !== sentIds[i]) return undefined;
    outcomes[i] = outcomeOf(records[i]);
  }
  return outcomes;
}

/** Text of which nothing is left once it is decoded is no data: as a document it would be an empty line of a request. */
const hasData = (data: unknown): data is string =>
  typeof data === "string" && /[A-Za-z0-9+/_-]{2}/.test(data);

function outcomeOf(record: TransformAnswerRecord): TransformOutcome {
  switch (record.result) {
    case "Ok":
      if (hasData(record.data)) return { kind: "ok", data: record.data };
      return failed(
        "Lambda.InvalidReturnFormat",
        "The result is Ok, but the record has no data: base64 text of at least one byte.",
      );
    case "Dropped":
      return dropped;
    case "ProcessingFailed":
      return processingFailed;
    default:
      return failed(
        "Lambda.InvalidResult",
        `The result is ${JSON.stringify(record.result)}; allowed are ${transformResults.join(", ")} (case counts).`,
      );
  }
}

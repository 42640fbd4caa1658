/** The SDK's client for a target, and the one call that the publisher makes with it. */
import {
  FirehoseClient,
  PutRecordBatchCommand,
  type PutRecordBatchResponseEntry,
} from "@aws-sdk/client-firehose";
import type { FailedEntry, PutBatch } from "./send";
import type { Target } from "./target";

export interface Connection {
  readonly put: PutBatch;
  close(): void;
}

/** Milliseconds until a connection stands, and until an answer is there. */
const connectionTimeoutMs = 5_000;
const requestTimeoutMs = 30_000;

/**
 * Makes the client. Credentials, region and endpoint that the target leaves open are the SDK's business.
 * `maxAttempts` is 1: how often a batch is tried is decided in one place, send.ts, which has to know of every try to
 * slow down, to keep the time limit and to count what may be there twice.
 */
export function connect(target: Target): Connection {
  const client = new FirehoseClient({
    ...(target.region && { region: target.region }),
    ...(target.endpoint && { endpoint: target.endpoint }),
    ...(target.credentials && { credentials: target.credentials }),
    maxAttempts: 1,
    requestHandler: { connectionTimeout: connectionTimeoutMs, requestTimeout: requestTimeoutMs },
  });
  return {
    put: async (batch) => {
      const Records = Array.from({ length: batch.count }, (_, position) => ({
        Data: batch.record(position),
      }));
      const command = new PutRecordBatchCommand({ DeliveryStreamName: target.streamName, Records });
      const answer = await client.send(command);
      return answer.FailedPutCount ? failedEntries(answer.RequestResponses) : [];
    },
    close: () => client.destroy(),
  };
}

/** The entries with an error code; the answer has one entry per record, in the order of the request. */
export function failedEntries(responses: readonly PutRecordBatchResponseEntry[] = []): FailedEntry[] {
  return responses.flatMap(({ ErrorCode, ErrorMessage = "" }, position) =>
    ErrorCode ? [{ position, errorCode: ErrorCode, errorMessage: ErrorMessage }] : [],
  );
}

/** Puts documents into the function's own stream, for processors that make several of one record. */
import { maxBatchBytes, maxRecordBytes, maxRecordsPerBatch } from "../../firehose/limits";
import type { PutAgainFactory } from "../processor";

interface Answer {
  readonly RequestResponses?: readonly { readonly ErrorCode?: string }[];
}
type Send = (stream: string, region: string, data: Uint8Array[]) => Promise<Answer>;

/**
 * The stream's name is the variable DELIVERY_STREAM_NAME, or the last part of the event's ARN. FIRST the documents
 * are cut into calls; THEN each call is made until every record of it was taken: only those that were not are sent
 * again, after a random pause that doubles, six times at most. Then the documents that are left count as not taken.
 */
export const putAgain: PutAgainFactory = () => {
  const send = createSend();
  const cut = createCut();
  const put = createPut();
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "utf8") => Buffer;
  return async ({ deliveryStreamArn, region }, documents) => {
    const name =
      process.env["DELIVERY_STREAM_NAME"] || deliveryStreamArn.slice(deliveryStreamArn.lastIndexOf("/") + 1);
    // Firehose joins records without anything between them: the backup's lines need their own ends.
    const records = documents.map((document) => from(`${document}\n`, "utf8"));
    const taken: boolean[] = records.map(() => false);
    for (const places of cut(records)) await put((data) => send(name, region, data), records, places, taken);
    return taken;
  };
};

/** The SDK is in Lambda's runtime; it is asked for at the first document, as most batches have none. */
function createSend(): Send {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's types would put the SDK into the closure
  let sdk: any = null;
  // biome-ignore lint/suspicious/noExplicitAny: see above
  let client: any = null;
  return (DeliveryStreamName, region, data) => {
    sdk = sdk ?? require("@aws-sdk/client-firehose");
    client = client ?? new sdk.FirehoseClient({ region, maxAttempts: 1 });
    const Records = data.map((Data) => ({ Data }));
    return client.send(new sdk.PutRecordBatchCommand({ DeliveryStreamName, Records }));
  };
}

/** Places of the records for each call; a record that is too large for any is in none. */
function createCut() {
  const maxRecord = maxRecordBytes;
  const maxBatch = maxBatchBytes;
  const maxRecords = maxRecordsPerBatch;
  return (records: readonly Uint8Array[]): number[][] => {
    const calls: number[][] = [];
    let call: number[] = [];
    let bytes = 0;
    records.forEach((record, place) => {
      if (record.length > maxRecord) return;
      if (call.length === maxRecords || bytes + record.length > maxBatch) {
        calls.push(call);
        call = [];
        bytes = 0;
      }
      call.push(place);
      bytes += record.length;
    });
    if (call.length > 0) calls.push(call);
    return calls;
  };
}

function createPut() {
  const maxAttempts = 6;
  const firstPauseMs = 100;
  const { random } = Math;
  const { warn } = console;
  const wait = setTimeout;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void wait(resolve, ms));
  const final = /^(?:ResourceNotFound|AccessDenied|InvalidArgument|InvalidKMSResource|Validation)/;
  return async (
    send: (data: Uint8Array[]) => Promise<Answer>,
    records: readonly Uint8Array[],
    places: readonly number[],
    taken: boolean[],
  ): Promise<void> => {
    let left = places;
    for (let attempt = 1; left.length > 0; attempt++) {
      try {
        const { RequestResponses = [] } = await send(left.map((place) => records[place]!));
        left.forEach((place, i) => {
          const response = RequestResponses[i];
          if (response && !response.ErrorCode) taken[place] = true;
        });
        left = left.filter((place) => !taken[place]);
      } catch (error) {
        const { name } = error as Error;
        if (attempt === 1 || final.test(name)) warn(`putting documents again: ${name}`);
        if (final.test(name)) return;
      }
      if (attempt === maxAttempts) return;
      if (left.length > 0) await pause(random() * firstPauseMs * 2 ** (attempt - 1));
    }
  };
}

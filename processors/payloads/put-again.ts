/** Puts documents into the function's own stream, for processors that make several of one record. */
import type { PutAgainFactory } from "../processor";
import { createCut, createPut } from "./put-batches";
import { createPutCall } from "./put-call";

/**
 * The stream's name is the variable DELIVERY_STREAM_NAME, or the last part of the event's ARN. FIRST the documents
 * are cut into calls; THEN each call is made until every record of it was taken: only those that were not are sent
 * again, after a random pause that doubles, six times at most. Then the documents that are left count as not taken;
 * where the stream is gone or forbidden, so do those of the calls behind it.
 */
export const putAgain: PutAgainFactory = () => {
  const putCall = createPutCall();
  const cut = createCut();
  const put = createPut();
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "utf8") => Buffer;
  return async ({ deliveryStreamArn, region }, documents) => {
    const name =
      process.env["DELIVERY_STREAM_NAME"] || deliveryStreamArn.slice(deliveryStreamArn.lastIndexOf("/") + 1);
    // Firehose joins records without anything between them: the backup's lines need their own ends.
    const records = documents.map((document) => from(`${document}\n`, "utf8"));
    const taken: boolean[] = records.map(() => false);
    for (const places of cut(records)) {
      if (!(await put((data) => putCall(name, data, region), records, places, taken))) break;
    }
    return taken;
  };
};

/** Puts records into the stream in exact batches, no faster than its share of the stream's quota. */
import { createCut, createPut, type PutAnswer } from "../processors/payloads/put-batches";
import { createPutCall } from "../processors/payloads/put-call";

/**
 * Reads the environment variables DELIVERY_STREAM_NAME and BYTES_PER_SECOND.
 * @returns sends until all records are taken, and says of each that it is. @throws where they are not by `stopMs`, and at
 * once where the stream is gone or forbidden
 */
export const createSender = () => {
  const { DELIVERY_STREAM_NAME: stream = "", BYTES_PER_SECOND = "0" } = process.env;
  const bytesPerSecond = Number(BYTES_PER_SECOND);
  const putCall = createPutCall();
  const cut = createCut();
  const put = createPut();
  const wait = setTimeout;
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void wait(resolve, ms));
  let freeMs = 0;
  const call = async (data: Uint8Array[]): Promise<PutAnswer> => {
    const nowMs = Date.now();
    const startMs = Math.max(nowMs, freeMs);
    const bytes = data.reduce((sum, { length }) => sum + length, 0);
    freeMs = startMs + (bytes / bytesPerSecond) * 1000;
    if (startMs > nowMs) await pause(startMs - nowMs);
    return putCall(stream, data);
  };
  return async (records: readonly Uint8Array[], taken: boolean[], stopMs: number): Promise<void> => {
    for (const places of cut(records)) {
      let left = places;
      while (left.length > 0) {
        const mayHelp = await put(call, records, left, taken);
        left = left.filter((place) => !taken[place]);
        if (left.length > 0 && (!mayHelp || Date.now() > stopMs))
          throw new Error(`${left.length} records were not taken by the stream`);
      }
    }
  };
};

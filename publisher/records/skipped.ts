/** Goes over what an earlier run has read, and sends and refuses none of it again. */
import type { PutBatch } from "../wire/put-batch";
import type { ReadOptions } from "./read-inputs";

const nowhere = { write() {}, end() {} };

/** The batches of `read` without the first so many records. */
export async function* skipped(
  records: number,
  options: ReadOptions,
  read: (options: ReadOptions) => AsyncIterable<PutBatch>,
): AsyncGenerator<PutBatch> {
  let left = records;
  const refuse = (place: string) => (left > 0 ? nowhere : options.refuse(place));
  for await (const batch of read({ ...options, refuse })) {
    if (left === 0) {
      yield batch;
    } else if (left >= batch.count) {
      left -= batch.count;
      batch.release?.();
    } else {
      const places = Array.from({ length: batch.count - left }, (_, n) => n + left);
      left = 0;
      yield { ...pickedOf(batch, places), release: () => batch.release?.() };
    }
  }
}

/** As a plain object: the memory is the whole batch's. */
function pickedOf(batch: PutBatch, places: readonly number[]): PutBatch {
  const picked = batch.pick(places);
  return {
    count: picked.count,
    bytes: picked.bytes,
    encode: (into, at) => picked.encode(into, at),
    record: (position) => picked.record(position),
    pick: (positions) => picked.pick(positions),
  };
}

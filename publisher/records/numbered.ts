/** The messages that are sent where no file is named: `{"message":"hello world 1"}`, `… 2"}`, and so on. */
import { maxRecordsPerBatch } from "../../firehose/limits";
import { BatchMemory, PackedBatch } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";

/** Batches of the messages `first` to `total`, each message once, each ended by a newline where `newline` is set. */
export function* numberedBatches(
  total: number,
  newline = true,
  memory = new BatchMemory(),
  first = 1,
): Generator<PutBatch> {
  const tail = newline ? '"}\n' : '"}';
  for (let number = first; number <= total; ) {
    const batch = new PackedBatch(memory);
    for (; number <= total && batch.count < maxRecordsPerBatch; number++) {
      const start = batch.used;
      batch.add(
        start,
        start + batch.memory.write(`{"message":"hello world ${number}${tail}`, start, "latin1"),
      );
    }
    yield batch;
  }
}

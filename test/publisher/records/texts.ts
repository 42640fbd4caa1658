import type { PutBatch } from "../../../publisher/wire/put-batch";

/** The records of a batch as text, a character for each byte. */
export const texts = (batch: PutBatch): string[] =>
  Array.from({ length: batch.count }, (_, n) => Buffer.from(batch.record(n)).toString("latin1"));

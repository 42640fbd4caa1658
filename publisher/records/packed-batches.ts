/** Packs records that come one by one into batches. */
import { BatchMemory, Packer } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";
import { quiet } from "./quiet";

/**
 * Batches that are as full as the limits allow, of records that are lent one by one: each is copied before the next one
 * is asked for. What came before a failure of the source is not lost with it.
 */
export async function* packedBatchesOf(
  records: AsyncIterable<Uint8Array | typeof quiet> | Iterable<Uint8Array | typeof quiet>,
  memory = new BatchMemory(),
): AsyncGenerator<PutBatch> {
  const packer = new Packer(memory);
  let failure: { readonly cause: unknown } | undefined;
  try {
    for await (const record of records) {
      const full = record === quiet ? packer.rest() : packer.makeRoom(record.length);
      if (full) yield full;
      if (record !== quiet) packer.add(record);
    }
  } catch (cause) {
    failure = { cause };
  }
  const rest = packer.rest();
  if (rest) yield rest;
  if (failure) throw failure.cause;
}

/** Batches of records that may have several lines: stack traces in one record. */
import type { BatchMemory } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";
import { LineFeed, type LineFeedOptions } from "./line-feed";
import { packedBatchesOf } from "./packed-batches";
import { type Chunk, quiet } from "./quiet";

export const joinedBatches = (
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  options: LineFeedOptions,
  memory: BatchMemory,
): AsyncGenerator<PutBatch> => packedBatchesOf(joined(chunks, new LineFeed(options)), memory);

async function* joined(
  chunks: AsyncIterable<Chunk> | Iterable<Chunk>,
  feed: LineFeed,
): AsyncGenerator<Uint8Array | typeof quiet> {
  for await (const chunk of chunks) {
    for (const { bytes } of chunk === quiet ? feed.pause() : feed.push(chunk)) yield bytes;
    if (chunk === quiet) yield quiet;
  }
  for (const { bytes } of feed.end()) yield bytes;
}

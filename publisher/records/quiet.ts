/**
 * Between the chunks of a source that may be endless: what came so far waits for more, and is to be sent as it is. A log
 * that says little must not wait until a batch is full.
 */
export const quiet = Symbol("quiet");

/** Bytes, lent until the next is asked for; or {@link quiet}. */
export type Chunk = Buffer | typeof quiet;

/** What has arrived waits so long at the most, in milliseconds. */
export const quietMs = 500;

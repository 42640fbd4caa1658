/** What a thread of a stream may take for speed alone: the threads of several streams share what those of one have. */
export interface ThreadMemory {
  /** V8 divides it by three, and takes the next power of two for each half of what is young. */
  readonly youngGenerationMiB: number;
  /** Of SQLite, in the thread that writes an index. */
  readonly pageCacheMiB: number;
}

/** With less than the least, a thread of a busy stream would do little but collect garbage. */
const [most, least] = [48, 12];
const pageCacheMiB = 32;
const leastPageCacheMiB = 8;

/** Of each thread in a run of so many streams. */
export const threadMemoryOf = (streams: number): ThreadMemory => ({
  youngGenerationMiB: Math.max(least, most / 2 ** Math.ceil(Math.log2(streams))),
  pageCacheMiB: Math.max(leastPageCacheMiB, Math.floor(pageCacheMiB / streams)),
});

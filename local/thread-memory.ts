/** What a thread of a stream may take for speed alone: the threads of several streams share what those of one have. */
export interface ThreadMemory {
  /** V8 divides it by three, and takes the next power of two for each half of what is young. */
  readonly youngGenerationMiB: number;
  /** The same of the thread of a function: with room for all that a call makes, nothing of it outlives the call. */
  readonly functionYoungGenerationMiB: number;
  /** So many milliseconds after a call the thread of a function gives back what it has left behind. */
  readonly functionIdleMs: number;
  /** Of SQLite, in the thread that writes an index. */
  readonly pageCacheMiB: number;
}

/** With less than the least, a thread of a busy stream would do little but collect garbage. */
const [most, mostOfFunction, least] = [48, 96, 12];
const pageCacheMiB = 32;
const leastPageCacheMiB = 8;
/**
 * A collection drops compiled code and makes what is young small again: after a tenth of a second to
 * a second, which busy streams wait at times, it brings a fifth more CPU time than none.
 */
const functionIdleMs = 30_000;

/** Of each thread in a run of so many streams. */
export function threadMemoryOf(streams: number): ThreadMemory {
  const share = (ofOne: number): number => Math.max(least, ofOne / 2 ** Math.ceil(Math.log2(streams)));
  return {
    youngGenerationMiB: share(most),
    functionYoungGenerationMiB: share(mostOfFunction),
    functionIdleMs,
    pageCacheMiB: Math.max(leastPageCacheMiB, Math.floor(pageCacheMiB / streams)),
  };
}

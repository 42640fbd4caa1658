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
const [most, least] = [48, 12];
const [mostOfFunction, leastOfFunction] = [96, 24];
const pageCacheMiB = 32;
const leastPageCacheMiB = 8;
/** The one function of a busy stream waits less for its next call; of several, each waits while others have their turn. */
const functionIdleMs = 1000;
const leastFunctionIdleMs = 100;

/** Of each thread in a run of so many streams. */
export function threadMemoryOf(streams: number): ThreadMemory {
  const share = (ofOne: number, atLeast: number): number =>
    Math.max(atLeast, ofOne / 2 ** Math.ceil(Math.log2(streams)));
  return {
    youngGenerationMiB: share(most, least),
    functionYoungGenerationMiB: share(mostOfFunction, leastOfFunction),
    functionIdleMs: Math.max(leastFunctionIdleMs, Math.floor(functionIdleMs / streams)),
    pageCacheMiB: Math.max(leastPageCacheMiB, Math.floor(pageCacheMiB / streams)),
  };
}

/** Time as the rooms see it; tests hand in one that they move by hand. */
export interface Clock {
  /** Wall clock, milliseconds since 1970 (UTC). It may jump. */
  nowMs(): number;
  /** Milliseconds that only ever grow, for ages and intervals. */
  steadyMs(): number;
  /** Resolves after `ms` milliseconds, or at once when the signal is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done);
    }),
};

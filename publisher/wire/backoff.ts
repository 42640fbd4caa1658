/**
 * Waiting between tries: exponential with full jitter, so that senders that failed together do not come back together.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */

/** The clock and the dice of a sender, replaced in tests. */
export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 to below 1. */
  random(): number;
}

export const realClock: Clock = {
  now: () => performance.now(),
  random: Math.random,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      signal?.addEventListener("abort", wake);
    }),
};

const baseMs = 100;
const capMs = 20_000;

/** Milliseconds to wait after the `attempt`-th try (from 1) failed: 0 to 100, to 200, to 400, … to 20,000. */
export const backoffMs = (attempt: number, random: () => number): number =>
  random() * Math.min(capMs, baseMs * 2 ** (attempt - 1));

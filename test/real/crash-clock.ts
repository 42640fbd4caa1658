/** A clock that runs fast, so that hourly indices come and go while a run lives for a second. */
export interface FastClock {
  /** Time on a real clock at which it stood at `fromMs`. */
  readonly startedMs: number;
  readonly fromMs: number;
  readonly factor: number;
}

export const fastTime = ({ startedMs, fromMs, factor }: FastClock, realMs: number): number =>
  Math.floor(fromMs + (realMs - startedMs) * factor);

/** It starts so far in the past that it does not reach the present within `forMs`: nothing comes from the future. */
export function fastClock(factor: number, forMs: number): FastClock {
  const startedMs = Date.now();
  return { startedMs, fromMs: startedMs - forMs * factor, factor };
}

const hourMs = 3_600_000;

/** The wall clock of this thread, and what is done by the hour, from now on. */
export function runFast(clock: FastClock): void {
  const { now } = Date;
  const { setInterval: every } = globalThis;
  Date.now = () => fastTime(clock, now());
  globalThis.setInterval = ((work: () => void, ms: number) =>
    every(work, ms >= hourMs ? 150 : ms)) as typeof setInterval;
}

export const hourOf = (ms: number): number => Math.floor(ms / hourMs) * hourMs;

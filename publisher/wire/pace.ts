/**
 * How fast records go out. Free until the service throttles, then as fast as it was seen to accept and a little less;
 * from there the pace grows again, and is free once it is far above what was throttled.
 */
import type { Clock } from "./backoff";

/** Below the accepted rate, so that what piled up at the service can drain. */
const decrease = 0.8;
/** Growth per second without throttling. */
const growthPerSecond = 1.2;
/** So many times the rate that was throttled: the throttling is over. */
const freeAbove = 3;
/** Calls in flight when the pace drops still tell of the old one: their throttling does not count again. */
const calmMs = 500;
/** Time over which the accepted rate is measured. */
const windowMs = 1000;
const leastPerSecond = 50;

export class Pace {
  /** Records per second; Infinity = free. */
  private perSecond: number;
  /** The rate at the latest throttling. */
  private throttledAt = Infinity;
  private throttledMs = -Infinity;
  private grownMs = 0;
  /** When the next record may go. */
  private nextMs = -Infinity;
  private windowStartMs: number;
  private acceptedInWindow = 0;
  private acceptedPerSecond = 0;

  /** @param ceiling records per second that are never exceeded */
  constructor(
    private readonly clock: Clock,
    private readonly ceiling = Infinity,
  ) {
    this.perSecond = ceiling;
    this.windowStartMs = clock.now();
  }

  /** Gives a place to so many records; they may go after so many milliseconds. */
  reserve(records: number): number {
    if (this.perSecond === Infinity) return 0;
    const now = this.clock.now();
    this.grow(now);
    if (this.perSecond === Infinity) return 0;
    const startMs = Math.max(now, this.nextMs);
    this.nextMs = startMs + (records * 1000) / this.perSecond;
    return startMs - now;
  }

  accepted(records: number): void {
    this.acceptedInWindow += records;
    this.measure(this.clock.now());
  }

  /** Records were refused because there were too many. */
  throttled(): void {
    const now = this.clock.now();
    this.measure(now);
    if (now - this.throttledMs < calmMs) return;
    const elapsedMs = Math.max(now - this.windowStartMs, 1);
    const current = Math.max(
      this.acceptedPerSecond,
      (this.acceptedInWindow * 1000) / Math.max(elapsedMs, windowMs),
    );
    const from = Math.min(this.perSecond, current || Infinity);
    this.throttledAt = from === Infinity ? leastPerSecond : from;
    this.perSecond = Math.max(
      Math.min(leastPerSecond, this.ceiling),
      Math.min(this.throttledAt * decrease, this.ceiling),
    );
    this.throttledMs = now;
    this.grownMs = now;
  }

  private measure(now: number): void {
    const elapsedMs = now - this.windowStartMs;
    if (elapsedMs < windowMs) return;
    this.acceptedPerSecond = (this.acceptedInWindow * 1000) / elapsedMs;
    this.acceptedInWindow = 0;
    this.windowStartMs = now;
  }

  private grow(now: number): void {
    if (this.throttledAt === Infinity || now <= this.grownMs) return;
    this.perSecond *= growthPerSecond ** ((now - this.grownMs) / 1000);
    this.grownMs = now;
    if (this.perSecond < this.throttledAt * freeAbove && this.perSecond < this.ceiling) return;
    this.perSecond = this.ceiling;
    this.throttledAt = Infinity;
  }
}

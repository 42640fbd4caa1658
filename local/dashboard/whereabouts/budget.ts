/** What one question may cost: time, bytes that are unpacked, and how much is found. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Patience } from "../../rooms";

export class Budget {
  /** Bytes that were looked through. */
  bytes = 0;
  private readonly endMs: number;

  constructor(
    timeoutMs: number,
    readonly maxBytes: number,
    /** Aborted when nobody waits any more. */
    private readonly signal: AbortSignal | undefined,
  ) {
    this.endMs = performance.now() + timeoutMs;
  }

  private get leftMs(): number {
    return Math.max(1, this.endMs - performance.now());
  }

  /** For a question to the index. */
  get patience(): Patience {
    const timeoutMs = Math.ceil(this.leftMs);
    return this.signal === undefined ? { timeoutMs } : { signal: this.signal, timeoutMs };
  }

  get isSpent(): boolean {
    return this.bytes >= this.maxBytes || performance.now() >= this.endMs;
  }

  /** Does some work with a part of what is left. */
  async within<T>(share: number, work: (part: Budget) => Promise<T>): Promise<T> {
    const part = new Budget(this.leftMs * share, (this.maxBytes - this.bytes) * share, this.signal);
    const done = await work(part);
    this.bytes += part.bytes;
    return done;
  }

  /** Lets others have their turn. @throws the signal's reason where nobody waits any more */
  async breathe(): Promise<void> {
    await nextTurn();
    this.signal?.throwIfAborted();
  }
}

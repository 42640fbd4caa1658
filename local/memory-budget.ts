/** A bound for what many requests hold in memory together. Who makes no progress gives way to the others. */

/** Slower than this, over that time, is slow. */
const slowBytesPerMs = 100;
const slowAfterMs = 1000;

/** What one request holds. */
export interface Share {
  /** False where it does not fit, also after the slow ones gave way: nothing is held more than before. */
  take(bytes: number): boolean;
  /** Holds so much less: it has left. */
  give(bytes: number): void;
  /** From here on it waits for nobody outside, and is not asked to give way. */
  settle(): void;
  /** Holds nothing any more. */
  close(): void;
}

interface Holder {
  bytes: number;
  /** When it counts as slow unless it has moved on by then. */
  slowAtMs: number;
  settled: boolean;
  readonly giveWay: () => void;
}

export class MemoryBudget {
  private readonly holders = new Set<Holder>();
  private held = 0;

  /** @param steadyMs milliseconds that only ever grow */
  constructor(
    readonly limitBytes: number,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {}

  /** Bytes held right now. */
  get bytes(): number {
    return this.held;
  }

  /** @param giveWay called where it is slow while others need the room; what it holds is counted as given back */
  open(giveWay: () => void): Share {
    const holder: Holder = {
      bytes: 0,
      slowAtMs: this.steadyMs() + slowAfterMs,
      settled: false,
      giveWay,
    };
    this.holders.add(holder);
    return {
      take: (bytes) => this.take(holder, bytes),
      give: (bytes) => {
        this.add(holder, -Math.min(bytes, holder.bytes));
        this.moved(holder, bytes);
      },
      settle: () => {
        holder.settled = true;
      },
      close: () => this.forget(holder),
    };
  }

  private take(holder: Holder, bytes: number): boolean {
    if (!this.holders.has(holder)) return false;
    if (this.held + bytes > this.limitBytes) this.endSlowOnes(holder);
    if (this.held + bytes > this.limitBytes) return false;
    this.add(holder, bytes);
    this.moved(holder, bytes);
    return true;
  }

  private endSlowOnes(but: Holder): void {
    const nowMs = this.steadyMs();
    for (const holder of this.holders) {
      if (holder === but || holder.settled || holder.slowAtMs >= nowMs) continue;
      this.forget(holder);
      holder.giveWay();
    }
  }

  private add(holder: Holder, bytes: number): void {
    holder.bytes += bytes;
    this.held += bytes;
  }

  /** The time that bytes earn is never saved up: a fast start excuses no stop. */
  private moved(holder: Holder, bytes: number): void {
    holder.slowAtMs = Math.min(holder.slowAtMs + bytes / slowBytesPerMs, this.steadyMs() + slowAfterMs);
  }

  private forget(holder: Holder): void {
    if (!this.holders.delete(holder)) return;
    this.held -= holder.bytes;
    holder.bytes = 0;
  }
}

/** Holds until size or age, whichever comes first: the buffering hints of a Firehose stream. */
import type { Clock } from "./clock";

export interface BufferingHints {
  /** Bytes at which the buffer is due. */
  readonly bytes: number;
  /** Milliseconds after its first record at which the buffer is due; 0 = at once. */
  readonly intervalMs: number;
}

/** Counts what waits in one buffer and tells when it is due; the records themselves stay where they are. */
export class Hold {
  private records = 0;
  private bytes = 0;
  private sinceMs = 0;
  /** How many want everything at once. */
  private drains = 0;
  private wake: () => void = () => {};

  constructor(
    private readonly hints: BufferingHints,
    private readonly clock: Clock,
  ) {}

  add(records: number, bytes: number): void {
    if (records === 0) return;
    const wasEmpty = this.records === 0;
    if (wasEmpty) this.sinceMs = this.clock.steadyMs();
    this.records += records;
    this.bytes += bytes;
    if (wasEmpty || this.isDue()) this.wake();
  }

  /** What was taken out; the age of the rest counts from now. */
  take(records: number, bytes: number): void {
    this.records = Math.max(0, this.records - records);
    this.bytes = this.records === 0 ? 0 : Math.max(0, this.bytes - bytes);
    this.sinceMs = this.clock.steadyMs();
  }

  /** From now on everything is due at once. @returns how to end that */
  drain(): () => void {
    this.drains++;
    this.wake();
    return () => void this.drains--;
  }

  /** Resolves when the buffer is due or the signal is aborted. */
  async due(stop: AbortSignal): Promise<void> {
    while (!this.isDue() && !stop.aborted) {
      const change = new AbortController();
      const wake = (): void => change.abort();
      this.wake = wake;
      stop.addEventListener("abort", wake, { once: true });
      const longest = 2 ** 31 - 1;
      const leftMs = this.records > 0 ? this.hints.intervalMs - this.ageMs : longest;
      await this.clock.wait(Math.min(longest, Math.max(0, leftMs)), change.signal);
      stop.removeEventListener("abort", wake);
    }
  }

  get status(): { records: number; bytes: number; ageMs: number } {
    return { records: this.records, bytes: this.bytes, ageMs: Math.round(this.ageMs) };
  }

  private get ageMs(): number {
    return this.records > 0 ? this.clock.steadyMs() - this.sinceMs : 0;
  }

  private isDue(): boolean {
    if (this.records === 0) return false;
    return this.drains > 0 || this.bytes >= this.hints.bytes || this.ageMs >= this.hints.intervalMs;
  }
}

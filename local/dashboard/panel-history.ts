/** What the counts were in the last minutes, for the sparklines and rates of a page that has just been opened. */

export interface Sample {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Counts of the panels, in their order. */
  readonly panels: readonly number[];
  readonly accepted: number;
  readonly indexed: number;
  readonly dropped: number;
  readonly failed: number;
  readonly backedUp: number;
}

const keepMs = 5 * 60_000;

export class PanelHistory {
  private readonly samples: Sample[] = [];

  /** At most one a second is kept; what changes more often is in the live stream. */
  add(sample: Sample): void {
    // Ahead of it where the clock was set back: they would keep all others out until it is there again.
    while ((this.samples.at(-1)?.atMs ?? 0) > sample.atMs) this.samples.pop();
    const last = this.samples.at(-1);
    if (last !== undefined && sample.atMs - last.atMs < 1_000) return;
    this.samples.push(sample);
    // One older than the window stays: it says from which count the first difference starts.
    while (this.samples.length > 2 && this.samples[1]!.atMs < sample.atMs - keepMs) this.samples.shift();
  }

  /** Counts of other panels cannot be compared. */
  clear(): void {
    this.samples.length = 0;
  }

  list(): readonly Sample[] {
    return this.samples;
  }
}

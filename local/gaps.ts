/** What is missing of the numbers that were given out, told by the two files that know them: the queue and the ledger. */
import type { LedgerTotals } from "./rooms";

/** A stretch of numbers whose records are not there. */
export interface Gap {
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The queue as far as it is asked here. */
export interface Numbered {
  readonly lastSeq: number;
  /** The last record that the ledger had settled when it told the queue last. */
  readonly settledThrough: number;
  gapsAfter(afterSeq: number): Gap[];
}

const countOf = ({ firstSeq, lastSeq }: Gap): number => lastSeq - firstSeq + 1;

/** Records that were acknowledged and will never be settled otherwise: they count as lost, and are passed over. */
export class Gaps {
  private readonly gaps: readonly Gap[];

  constructor(queue: Numbered, { throughSeq }: LedgerTotals) {
    this.gaps = queue.gapsAfter(throughSeq);
  }

  /** The end of the gap that begins after `seq`; `seq` itself where there is none. */
  endAfter(seq: number): number {
    return this.gaps.find(({ firstSeq }) => firstSeq === seq + 1)?.lastSeq ?? seq;
  }

  /** Lost records of which the ledger does not know yet. */
  lostAfter(throughSeq: number): number {
    return this.gaps
      .filter(({ firstSeq }) => firstSeq > throughSeq)
      .reduce((sum, gap) => sum + countOf(gap), 0);
  }

  /** Undefined where nothing is missing. */
  describe(): string | undefined {
    if (this.gaps.length === 0) return undefined;
    const lost = this.gaps.reduce((sum, gap) => sum + countOf(gap), 0);
    const shown = this.gaps.slice(0, 5).map(({ firstSeq, lastSeq }) => `${firstSeq} to ${lastSeq}`);
    const more =
      this.gaps.length > shown.length ? ` and ${this.gaps.length - shown.length} stretches more` : "";
    return (
      `${lost} accepted records are lost, numbers ${shown.join(", ")}${more}: the queue has them no more and the ` +
      "index does not know them. What was backed up is in s3/."
    );
  }
}

/** Every record up to `throughSeq` that is in none of the counts. */
export const lostBefore = ({ throughSeq, indexed, dropped, failed }: LedgerTotals): number =>
  Math.max(0, throughSeq - indexed - dropped - failed);

/** Sentences for the person: one file of the data folder is older than the other. */
export function tellOlderFile(queue: Numbered, { throughSeq }: LedgerTotals): string[] {
  if (throughSeq > queue.lastSeq) {
    return [
      `The queue file is older than the index: records ${queue.lastSeq + 1} to ${throughSeq} are settled already; counting goes on after them.`,
    ];
  }
  if (throughSeq < queue.settledThrough) {
    return [
      `The index is older than the queue: it knows of ${throughSeq} settled records, the queue of ${queue.settledThrough}. Its file was removed or put back; what the queue still has is delivered again.`,
    ];
  }
  return [];
}

/** Looks through the records that the queue still has: those on their way, and those that are not backed up yet. */
import type { RecordTrail } from "../../record-trail";
import type { Budget } from "./budget";
import { digestOf, excerpt, type Trace, type Traces } from "./trace";
import type { Wanted } from "./wanted";

const atOnceBytes = 1024 * 1024;

export interface LookedInQueue {
  readonly records: number;
  readonly all: boolean;
}

export async function lookInQueue(
  trail: RecordTrail,
  wanted: Wanted,
  traces: Traces,
  budget: Budget,
): Promise<LookedInQueue> {
  let records = 0;
  let afterSeq = 0;
  for (;;) {
    const batch = trail.read(afterSeq, (_count, bytes) => bytes <= atOnceBytes);
    if (batch.length === 0) return { records, all: true };
    if (budget.isSpent || traces.isFull) return { records, all: false };
    for (const [at, offset] of wanted.placesIn(batch)) {
      const bytes = batch.bytesAt(at);
      const trace: Trace = {
        seq: batch.firstSeq + at,
        digest: digestOf(bytes),
        source: excerpt(bytes, offset),
        arrived: [batch.arrivalsMs[at]!, batch.arrivalsMs[at]!],
      };
      if (!traces.add(trace)) return { records, all: false };
    }
    records += batch.length;
    budget.bytes += batch.body.length;
    afterSeq = batch.lastSeq;
    await budget.breathe();
  }
}

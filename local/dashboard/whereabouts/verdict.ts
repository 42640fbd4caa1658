/** What became of a record, from all that was found of it. */
import type { Trace } from "./trace";

export type Outcome =
  | "indexed"
  | "delivered"
  | "failed"
  | "dropped"
  /** Its index was deleted with its age. */
  | "rotated"
  | "waiting"
  | "unknown";

export interface Verdict {
  readonly outcome: Outcome;
  /** A sentence for people, where the outcome needs one. */
  readonly why?: string;
}

/** What is known of the stream as a whole. */
export interface Known {
  /** Records up to there are settled; undefined where nothing tells of single records. */
  readonly settledThrough: number | undefined;
  readonly dropped: number;
  readonly lost: number;
  /** Whether all failed records were looked through. */
  readonly allFailures: boolean;
  /** Whether every document of a number was asked for. */
  readonly allDocuments: boolean;
  readonly hasOwnIds: boolean;
  readonly isSearched: boolean;
  /** Whether an index that the record may have gone to is not there; undefined where that is not known. */
  lacksIndexOf(trace: Trace): boolean | undefined;
}

const unknown = (why: string): Verdict => ({ outcome: "unknown", why });

export function verdictOn(trace: Trace, known: Known): Verdict {
  const { seq, document, failure, delivered } = trace;
  if (document) return { outcome: "indexed" };
  if (failure) return { outcome: "failed" };
  if (delivered) return { outcome: "delivered" };
  if (seq === undefined || known.settledThrough === undefined)
    return unknown("Which record of the object it is cannot be told, so neither what became of it.");
  if (seq > known.settledThrough) return { outcome: "waiting" };
  if (!known.allFailures)
    return unknown("It is settled; the failed records were looked through only in part.");
  if (!known.isSearched) {
    return known.dropped === 0
      ? { outcome: "delivered", why: "It is in an object of the destination that does not have the text." }
      : unknown("It was delivered in an object that does not have the text, or the processor dropped it.");
  }
  if (!known.allDocuments) return unknown("It is settled; the index did not answer in time.");
  if (!known.hasOwnIds)
    return unknown(
      "It did not fail; the destination gives documents ids of its own, so its document cannot be told.",
    );
  const lacksIndex = known.lacksIndexOf(trace);
  if (known.dropped + known.lost === 0 && lacksIndex !== false)
    return { outcome: "rotated", why: "It was indexed, and its index has been deleted since." };
  if (known.lost === 0 && lacksIndex === false) return { outcome: "dropped" };
  if (known.lost > 0)
    return unknown("It is in no index: dropped by the processor, or among the records that are lost here.");
  return unknown("The processor dropped it, or its index has been deleted since.");
}

/**
 * What was found for a question. A document never changes, so that none is read twice for one question: a page that asks
 * the same every second costs what is new, and what ran out of time goes on where it stopped. What the tokens say holds
 * until documents come, so that a list, a count and a histogram of one question read them once.
 */
import { RecordSet } from "../file/record-set";
import type { Records } from "./records";

const questionsKept = 32;
const bytesKept = 64 * 1024 * 1024;

/** What the tokens say. */
export interface Known {
  /** Matches for certain. */
  readonly sure: Records;
  /** To be looked at. */
  readonly doubtful: Records;
  /** Both. */
  readonly possible: Records;
}

export class Verdict {
  /** Records whose documents were looked at. */
  readonly read = new RecordSet();
  /** Those of them that are matches. */
  readonly matches = new RecordSet();

  private known: Known | undefined;
  private state = "";

  get bytes(): number {
    const { sure, doubtful, possible } = this.known ?? {};
    const sets = new Set([this.read, this.matches, sure?.bits, doubtful?.bits, possible?.bits]);
    return [...sets].reduce((sum, set) => sum + (set?.bytes ?? 0), 0);
  }

  /** What the tokens say in a state of the index; `read` does so where they have not been asked in it. */
  knownIn(state: string, read: () => Known): Known {
    if (this.known === undefined || this.state !== state) {
      this.known = read();
      this.state = state;
    }
    return this.known;
  }
}

export class Verdicts {
  /** By question, the one asked longest ago first. */
  private readonly kept = new Map<string, Verdict>();

  /** The question names the index and all that the answer depends on; undefined: one that is never asked again. */
  of(question: string | undefined): Verdict {
    if (question === undefined) return new Verdict();
    const verdict = this.kept.get(question) ?? new Verdict();
    this.kept.delete(question);
    let bytes = [...this.kept.values()].reduce((sum, each) => sum + each.bytes, verdict.bytes);
    for (const [oldest, { bytes: freed }] of this.kept) {
      if (this.kept.size < questionsKept && bytes <= bytesKept) break;
      this.kept.delete(oldest);
      bytes -= freed;
    }
    this.kept.set(question, verdict);
    return verdict;
  }
}

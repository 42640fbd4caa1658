/**
 * What was found by reading documents. A document never changes, so that none is read twice for one question: a page that
 * asks the same every second costs what is new, and what ran out of time goes on where it stopped.
 */
import { RecordSet } from "../file/record-set";

const questionsKept = 32;
const bytesKept = 64 * 1024 * 1024;

export class Verdict {
  /** Records whose documents were looked at. */
  readonly read = new RecordSet();
  /** Those of them that are matches. */
  readonly matches = new RecordSet();

  get bytes(): number {
    return this.read.bytes + this.matches.bytes;
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

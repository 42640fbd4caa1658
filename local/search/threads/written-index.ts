/**
 * One index as the run writes it. Its calls go to the thread one after the other, so that each index waits for no more
 * than one call of every other. Where the thread has ended, the next call opens the index in the one that comes after
 * it, as it was settled last.
 */
import type {
  IndexDocument,
  LedgerEntry,
  PackedDocuments,
  Refusal,
  ReplayOutcome,
  SavedQuery,
} from "../../rooms";
import type { DocumentColumns } from "../writing/document-columns";
import type { Settled } from "../writing/writer";
import type { WriterThread, WritingWorker } from "./writer-thread";
import type { IndexCall, OpenedFile, WriterMethods } from "./writer-worker";

type Method = keyof WriterMethods;
type Given<M extends Method> = Parameters<WriterMethods[M]> extends [unknown, ...infer G] ? G : never;

export class WrittenIndex {
  private last: Promise<unknown> = Promise.resolve();
  private openIn: WritingWorker | undefined;
  /** As it was settled last. */
  private settled: Settled = {
    totals: { throughSeq: 0, indexed: 0, dropped: 0, failed: 0 },
    panelCounts: [],
  };
  /** Documents were written that are not settled yet. */
  private unsettled = false;
  private readonly whenSettled: (() => void)[] = [];

  /** `explain` may put another error in the place of one that the thread answers. */
  constructor(
    private readonly thread: WriterThread,
    private file: OpenedFile,
    private readonly explain: (error: Error) => Error,
  ) {}

  get state(): Settled {
    return this.settled;
  }

  get panels(): readonly SavedQuery[] {
    return this.file.panels;
  }

  async open(): Promise<void> {
    this.settled = await this.call("state");
  }

  write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]> {
    const columns = columnsOf(documents);
    return this.take((goesOn) => this.call("write", { documents: columns, goesOn }));
  }

  /** Memory is copied into the thread, and stays here: it is delivered again where that fails. */
  writePacked(parts: readonly PackedDocuments[]): Promise<readonly Refusal[]> {
    return this.take((goesOn) => this.call("writePacked", { documents: parts, goesOn }));
  }

  private async take(write: (goesOn: boolean) => Promise<readonly Refusal[]>): Promise<readonly Refusal[]> {
    const goesOn = this.unsettled;
    this.unsettled = true;
    try {
      return await write(goesOn);
    } catch (error) {
      this.endOfTurn();
      throw error;
    }
  }

  async settle(entry: LedgerEntry): Promise<void> {
    try {
      this.settled = await this.call("settle", { entry, goesOn: this.unsettled });
    } finally {
      this.endOfTurn();
    }
  }

  /** Settled or undone: whatever happened, nothing is half written. */
  private endOfTurn(): void {
    this.unsettled = false;
    for (const go of this.whenSettled.splice(0)) go();
  }

  /** Resolves when nothing is half written. */
  private async betweenTurns(): Promise<void> {
    while (this.unsettled) await new Promise<void>((resolve) => this.whenSettled.push(resolve));
  }

  async setPanels(panels: readonly SavedQuery[]): Promise<void> {
    await this.betweenTurns();
    this.settled = await this.call("setPanels", panels);
    this.file = { ...this.file, panels };
  }

  async replay(documents: readonly IndexDocument[]): Promise<readonly ReplayOutcome[]> {
    await this.betweenTurns();
    const { outcomes, state } = await this.call("replay", columnsOf(documents));
    this.settled = state;
    return outcomes;
  }

  removeFromOutbox(keys: readonly string[]): Promise<void> {
    return this.call("removeFromOutbox", keys);
  }

  async dropIndicesCreatedBefore(ms: number): Promise<string[]> {
    const { dropped, state } = await this.call("dropIndicesCreatedBefore", ms);
    this.settled = state;
    return dropped;
  }

  /** After all that was called before. */
  async close(): Promise<void> {
    await this.last;
    try {
      if (this.openIn?.hasEnded === false) await this.call("close");
    } finally {
      await this.thread.leave(this);
    }
  }

  private call<M extends Method>(method: M, ...given: Given<M>): Promise<ReturnType<WriterMethods[M]>> {
    const answer = this.last.then(() => this.callNow<ReturnType<WriterMethods[M]>>(method, given[0]));
    this.last = answer.catch(() => {});
    return answer;
  }

  private async callNow<T>(method: Method, given: unknown): Promise<T> {
    const { file } = this.file;
    const worker = this.thread.workerFor(this);
    try {
      if (this.openIn !== worker) {
        this.settled = await worker.call<Settled>("open", this.file);
        this.openIn = worker;
      }
      return await worker.call<T>(method, { file, given } satisfies IndexCall);
    } catch (error) {
      throw this.explain(error as Error);
    }
  }
}

function columnsOf(documents: readonly IndexDocument[]): DocumentColumns {
  return {
    seqs: Float64Array.from(documents, ({ seq }) => seq),
    arrivalsMs: Float64Array.from(documents, ({ arrivalMs }) => arrivalMs),
    ids: documents.map(({ id }) => id),
    indices: documents.map(({ index }) => index),
    sources: documents.map(({ source }) => source),
  };
}

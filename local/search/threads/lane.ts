/**
 * Questions of one kind, answered by a few reader threads of their own. A reader that does not stop in time, or dies,
 * is left to itself and another one takes its place: nobody waits for it, neither a person nor the end of the run.
 */
import type { Patience } from "../../rooms";
import { type CalledWorker, WorkerGone } from "./worker-call";

/** A thread, and the number by which it is told that nobody waits any more. */
export interface Reader {
  readonly worker: Pick<CalledWorker, "call" | "stop">;
  readonly abandoned: Int32Array;
}

export interface LaneOptions {
  readonly start: () => Reader;
  /** Readers at the most; they are started when they are needed. */
  readonly mostReaders: number;
  /** How long an abandoned reader may take to stop by itself, in milliseconds. @default 50 */
  readonly abandonedMs?: number;
  /** How long a reader may take to answer once its time is over, in milliseconds. @default 1000 */
  readonly lateMs?: number;
}

interface Waiting {
  readonly resolve: (reader: Reader) => void;
  readonly reject: (error: unknown) => void;
}

/** A question that has waited for its turn gets no less than this part of its time. */
const leastPart = 0.1;

const reasonOf = (signal: AbortSignal): unknown => signal.reason ?? new Error("The question was withdrawn.");
const closedError = (): Error => new Error("The index is closed.");

export class Lane {
  private readonly idle: Reader[] = [];
  private readonly busy = new Set<Reader>();
  /** Readers at work on a question, whether somebody still waits for its answer or not. */
  private readonly working = new Set<Reader>();
  /** Of these: who is given back as soon as the work has ended. */
  private readonly givenBack = new Set<Reader>();
  private readonly waiting = new Set<Waiting>();
  private closed = false;

  constructor(private readonly options: LaneOptions) {}

  /** Rejects with the signal's reason as soon as it is aborted, whatever the reader does. */
  async call<T>(method: string, request: unknown, patience: Patience = {}): Promise<T> {
    const sinceMs = performance.now();
    const reader = await this.acquire(patience.signal);
    try {
      const { timeoutMs } = patience;
      const leftMs = timeoutMs && Math.max(timeoutMs * leastPart, timeoutMs - (performance.now() - sinceMs));
      return await this.ask<T>(reader, method, request, {
        ...patience,
        ...(leftMs && { timeoutMs: leftMs }),
      });
    } finally {
      this.release(reader);
    }
  }

  /** A reader for several questions; give it back with {@link release}. */
  acquire(signal?: AbortSignal): Promise<Reader> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(closedError());
      if (signal?.aborted) return reject(reasonOf(signal));
      const one: Waiting = {
        resolve: (reader) => {
          signal?.removeEventListener("abort", withdraw);
          resolve(reader);
        },
        reject,
      };
      const withdraw = () => {
        this.waiting.delete(one);
        reject(reasonOf(signal as AbortSignal));
      };
      signal?.addEventListener("abort", withdraw, { once: true });
      this.waiting.add(one);
      this.serve();
    });
  }

  release(reader: Reader): void {
    if (this.working.has(reader)) {
      this.givenBack.add(reader);
      return;
    }
    if (!this.busy.delete(reader)) return;
    this.idle.push(reader);
    this.serve();
  }

  private serve(): void {
    for (const one of this.waiting) {
      const reader = this.idle.pop() ?? (this.busy.size < this.options.mostReaders && this.options.start());
      if (!reader) return;
      this.waiting.delete(one);
      this.busy.add(reader);
      one.resolve(reader);
    }
  }

  ask<T>(reader: Reader, method: string, request: unknown, { signal, timeoutMs }: Patience): Promise<T> {
    const { abandonedMs = 50, lateMs = 1000 } = this.options;
    return new Promise<T>((resolve, reject) => {
      if (!this.busy.has(reader)) return reject(new Error("The reader had to be stopped; begin again."));
      if (signal?.aborted) return reject(reasonOf(signal));
      let timer: NodeJS.Timeout | undefined;
      const replaceAfter = (ms: number, error: unknown) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          this.replace(reader);
          reject(error);
        }, ms);
      };
      const abandon = () => {
        Atomics.store(reader.abandoned, 0, 1);
        const reason = reasonOf(signal as AbortSignal);
        replaceAfter(abandonedMs, reason);
        reject(reason);
      };
      Atomics.store(reader.abandoned, 0, 0);
      signal?.addEventListener("abort", abandon, { once: true });
      if (timeoutMs !== undefined)
        replaceAfter(timeoutMs + lateMs, new Error(`The index did not answer within ${timeoutMs} ms.`));
      this.working.add(reader);
      reader.worker
        .call<T>(method, { request, timeoutMs })
        .then(resolve, (error: unknown) => {
          if (error instanceof WorkerGone) this.replace(reader);
          reject(error);
        })
        .finally(() => {
          clearTimeout(timer);
          this.working.delete(reader);
          if (this.givenBack.delete(reader)) this.release(reader);
          signal?.removeEventListener("abort", abandon);
        });
    });
  }

  /** Not waited for: a thread within a long call of SQLite ends when that call does. */
  private replace(reader: Reader): void {
    if (!this.busy.delete(reader)) return;
    this.working.delete(reader);
    this.givenBack.delete(reader);
    void reader.worker.stop();
    this.serve();
  }

  /** Ends all readers; one that hangs is not waited for longer than this. */
  async close(mostMs: number): Promise<void> {
    this.closed = true;
    for (const one of this.waiting) one.reject(closedError());
    this.waiting.clear();
    for (const reader of this.busy) Atomics.store(reader.abandoned, 0, 1);
    const readers = [...this.idle.splice(0), ...this.busy];
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, mostMs);
    });
    await Promise.race([Promise.all(readers.map(({ worker }) => worker.stop())), late]);
    clearTimeout(timer);
  }
}

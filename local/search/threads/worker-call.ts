/** Calls into a worker thread, one answer per call. */
import type { Worker } from "node:worker_threads";
import { QueryError } from "../../rooms";
import type { ThreadMemory } from "../../thread-memory";
import { startTypeScriptWorker } from "../../typescript-worker";
import type { Answer, Call } from "./answer-calls";

/** The thread has ended, so that it will answer nothing any more. */
export class WorkerGone extends Error {
  constructor(why: string, options?: { cause?: unknown }) {
    super(`The index's worker has ended (${why})`, options);
    this.name = "WorkerGone";
  }
}

/** A worker thread that runs one of this folder's files. */
export class CalledWorker {
  private readonly worker: Worker;
  private readonly waiting = new Map<
    number,
    { resolve: (value: never) => void; reject: (error: Error) => void }
  >();
  private calls = 0;
  private gone: Error | undefined;
  private why: WorkerGone | undefined;

  /** `explain` may put another error in the place of one that the worker answers. */
  constructor(
    file: string,
    data: unknown,
    { youngGenerationMiB }: ThreadMemory,
    private readonly explain: (error: Error) => Error = (error) => error,
  ) {
    this.worker = startTypeScriptWorker(file, data, {
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMiB },
    });
    this.worker.on("message", (answer: Answer) => this.receive(answer));
    this.worker.on("error", (error: Error) => {
      this.why = new WorkerGone(this.explain(error).message, { cause: error });
    });
    // Not before: until then its files are open.
    this.worker.on("exit", (code) => this.end(this.why ?? new WorkerGone(`exit code ${code}`)));
  }

  /** It answers nothing any more, and has closed its files. */
  get hasEnded(): boolean {
    return this.gone !== undefined;
  }

  private receive({ id, value, error }: Answer): void {
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) call?.resolve(value as never);
    else if (error.problem !== undefined) call?.reject(new QueryError(error.problem));
    else call?.reject(this.explain(Object.assign(new Error(error.message), { code: error.code })));
  }

  private end(error: Error): void {
    this.gone = error;
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
  }

  call<T>(method: string, argument?: unknown): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.gone !== undefined) return reject(this.gone);
      const id = ++this.calls;
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, argument } satisfies Call);
    });
  }

  async stop(): Promise<void> {
    await this.worker.terminate();
  }
}

/** The thread that writes the indices of a run. One for all: what it compiles, and what is young in it, is there once. */
import { join } from "node:path";
import type { ThreadMemory } from "../../thread-memory";
import { CalledWorker } from "./worker-call";

export type WritingWorker = Pick<CalledWorker, "call" | "hasEnded" | "stop">;

export class WriterThread {
  private worker: WritingWorker | undefined;
  private readonly users = new Set<unknown>();

  constructor(
    memory: ThreadMemory,
    private readonly start: () => WritingWorker = () =>
      new CalledWorker(join(__dirname, "writer-worker.ts"), undefined, memory),
  ) {}

  /** Started with the first index that is opened, and anew where it has ended. */
  workerFor(user: unknown): WritingWorker {
    this.users.add(user);
    if (this.worker === undefined || this.worker.hasEnded) this.worker = this.start();
    return this.worker;
  }

  /** The thread ends with its last index. */
  async leave(user: unknown): Promise<void> {
    this.users.delete(user);
    if (this.users.size > 0) return;
    const { worker } = this;
    this.worker = undefined;
    await worker?.stop();
  }
}

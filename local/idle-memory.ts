/** Gives back what a thread has left behind once it has nothing to do: V8 by itself waits for more work. */
import { Session } from "node:inspector";
import { getHeapStatistics } from "node:v8";

/** For less, a collection is not worth its 15 ms. */
const leastBytes = 8 * 1024 * 1024;

export class IdleMemory {
  private readonly timer: NodeJS.Timeout;
  private session: Session | undefined;
  /** Of the heap, after the last collection. */
  private heldBytes = 0;

  /**
   * @param idleMs so many milliseconds after its last work a thread is idle
   * @param free gives back what is not V8's
   */
  constructor(
    idleMs: number,
    private readonly free: () => void = () => {},
  ) {
    this.timer = setTimeout(() => this.giveBack(), idleMs).unref();
  }

  /** The thread has worked just now. */
  worked(): void {
    this.timer.refresh();
  }

  private giveBack(): void {
    if (getHeapStatistics().total_heap_size < this.heldBytes + leastBytes) return;
    this.free();
    // V8's other door to its collector, `gc`, would be seen by the functions of the whole process.
    if (this.session === undefined) {
      this.session = new Session();
      this.session.connect();
    }
    this.session.post("HeapProfiler.collectGarbage", () => {
      this.heldBytes = getHeapStatistics().total_heap_size;
    });
  }
}

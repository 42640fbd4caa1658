/** Batches are settled in any order; a place in a file holds only once all before it are. */
import type { PutBatch } from "../wire/put-batch";

interface Entry {
  readonly batch: PutBatch;
  readonly apply: () => void;
  isSettled: boolean;
  isHeld: boolean;
}

export class Settled {
  private readonly entries: Entry[] = [];

  /** Calls `apply` when this batch and all before it are given back and none was held. */
  add(batch: PutBatch, apply: () => void): void {
    const entry: Entry = { batch, apply, isSettled: false, isHeld: false };
    this.entries.push(entry);
    const release = batch.release?.bind(batch);
    batch.release = () => {
      entry.isSettled = true;
      release?.();
      this.advance();
    };
  }

  /** The batch was not accepted, and is to be read again. */
  hold(batch: PutBatch): void {
    for (const entry of this.entries) entry.isHeld ||= entry.batch === batch;
  }

  private advance(): void {
    for (let first = this.entries[0]; first?.isSettled && !first.isHeld; first = this.entries[0]) {
      this.entries.shift();
      first.apply();
    }
  }
}

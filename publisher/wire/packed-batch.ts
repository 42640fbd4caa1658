/**
 * A batch whose records lie in one piece of memory that is used again. Left to the garbage collector, megabytes of
 * buffers for each call pile up by the hundred before it looks: it counts its own heap, not what lies beside it.
 */
import { maxBatchBytes, maxRecordsPerBatch } from "../../firehose/limits";
import { encodeRecord, fits, ListedBatch, type PutBatch } from "./put-batch";

/** The records, and between them what was taken off: a byte order mark, and up to two bytes of each line's end. */
const memoryBytes = maxBatchBytes + 2 * maxRecordsPerBatch + 16;

/** Gives out memory for batches and takes it back. Pages that no record was written to take no room. */
export class BatchMemory {
  private readonly kept: Buffer[] = [];
  /** Pieces of memory that there are, given out or not: as many as were out at once. */
  made = 0;

  take(): Buffer {
    const kept = this.kept.pop();
    if (kept) return kept;
    this.made++;
    return Buffer.allocUnsafeSlow(memoryBytes);
  }

  give(memory: Buffer): void {
    this.kept.push(memory);
  }
}

export class PackedBatch implements PutBatch {
  count = 0;
  bytes = 0;
  /** Place behind the last record. */
  used = 0;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private held: Buffer | undefined;

  constructor(private readonly pool: BatchMemory) {
    this.held = pool.take();
  }

  get memory(): Buffer {
    if (this.held === undefined) throw new Error("a batch was used after its memory was given back");
    return this.held;
  }

  /** Puts bytes at `place`; `add` makes records of them. */
  put(bytes: Buffer, from: number, to: number, place: number): void {
    if (place + to - from > this.memory.length)
      throw new RangeError(`${to - from} bytes do not fit at ${place}`);
    bytes.copy(this.memory, place, from, to);
  }

  /** @param used place behind the record and what was taken off its end */
  add(start: number, end: number, used = end): void {
    this.starts.push(start);
    this.ends.push(end);
    this.count++;
    this.bytes += end - start;
    this.used = used;
  }

  encode(into: Buffer, at: number): number {
    let place = at;
    const { memory } = this;
    for (let n = 0; n < this.count; n++)
      place = encodeRecord(memory, this.starts[n]!, this.ends[n]!, into, place);
    return place - 1; // Without the last comma.
  }

  record(position: number): Uint8Array {
    const start = this.starts[position];
    if (start === undefined) throw new RangeError(`no record ${position} in a batch of ${this.count}`);
    return this.memory.subarray(start, this.ends[position]);
  }

  /** The records stay where they are: the picked batch holds until this one is released. */
  pick(positions: readonly number[]): PutBatch {
    return new ListedBatch(positions.map((position) => this.record(position)));
  }

  release(): void {
    if (this.held === undefined) return;
    this.pool.give(this.held);
    this.held = undefined;
  }
}

/** Packs records one by one. */
export class Packer {
  private batch: PackedBatch | undefined;

  constructor(private readonly memory: BatchMemory) {}

  /** Gives the batch that is full without a record of so many bytes: hand it on first, its memory may come back. */
  makeRoom(bytes: number): PackedBatch | undefined {
    return this.batch && !fits(this.batch.count, this.batch.bytes, bytes) ? this.rest() : undefined;
  }

  /** Copies the record. */
  add(record: Uint8Array): void {
    this.batch ??= new PackedBatch(this.memory);
    const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
    this.batch.put(bytes, 0, bytes.length, this.batch.used);
    this.batch.add(this.batch.used, this.batch.used + bytes.length);
  }

  /** What is packed and not given yet. */
  rest(): PackedBatch | undefined {
    const { batch } = this;
    this.batch = undefined;
    return batch;
  }
}

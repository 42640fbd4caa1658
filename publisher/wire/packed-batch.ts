/**
 * A batch whose records lie in one piece of memory that is used again. Left to the garbage collector, megabytes of
 * buffers for each call pile up by the hundred before it looks: it counts its own heap, not what lies beside it.
 */
import { maxBatchBytes, maxRecordsPerBatch } from "../../firehose/limits";
import { close, fits, ListedBatch, open, type PutBatch, writeBase64 } from "./put-batch";

/**
 * Records lie so that base64 of all of them at once has each in its place: a call for each record takes as long as its
 * bytes. Each begins at a multiple of three, and between two of them so many bytes are free as become, in base64, the
 * characters that stand there: `"},{"Data":"`.
 */
const between = Buffer.concat([close, open]);
const gapBytes = (between.length / 4) * 3;
const EQUALS = 0x3d;

/** The records, what is free behind each, and what is taken off a line: a byte order mark, and its end. */
const memoryBytes = maxBatchBytes + (2 + gapBytes) * maxRecordsPerBatch + 16;

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
  /** Place where the next record begins. */
  next = 0;
  private readonly ends: number[] = [];
  private held: Buffer | undefined;

  constructor(private readonly pool: BatchMemory) {
    this.held = pool.take();
  }

  get memory(): Buffer {
    if (this.held === undefined) throw new Error("a batch was used after its memory was given back");
    return this.held;
  }

  /** Puts bytes at `place`; `add` makes a record of them. */
  put(bytes: Buffer, from: number, to: number, place: number): void {
    if (place + to - from > this.memory.length)
      throw new RangeError(`${to - from} bytes do not fit at ${place}`);
    bytes.copy(this.memory, place, from, to);
  }

  /** What lies from `next` to `end` is a record. */
  add(end: number): void {
    const { memory } = this;
    memory[end] = 0; // Of the last group of three: base64 of what is missing in it.
    this.ends.push(end);
    this.count++;
    this.bytes += end - this.next;
    this.next = groups(end) * 3 + gapBytes;
  }

  encode(into: Buffer, at: number): number {
    const { memory, ends } = this;
    const first = at + open.copy(into, at);
    writeBase64(memory, 0, this.next - gapBytes, into, first);
    let place = first;
    for (let n = 0; n < ends.length; n++) {
      if (n > 0) for (let c = 0; c < between.length; c++) into[place + c] = between[c]!;
      const end = ends[n]!;
      place = first + groups(end) * 4;
      if (end % 3 > 0) into[place - 1] = EQUALS;
      if (end % 3 === 1) into[place - 2] = EQUALS;
    }
    return place + close.copy(into, place) - 1; // Without the last comma.
  }

  record(position: number): Uint8Array {
    const end = this.ends[position];
    if (end === undefined) throw new RangeError(`no record ${position} in a batch of ${this.count}`);
    const start = position === 0 ? 0 : groups(this.ends[position - 1]!) * 3 + gapBytes;
    return this.memory.subarray(start, end);
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

/** Groups of three bytes, the last of them begun. */
const groups = (bytes: number): number => Math.trunc((bytes + 2) / 3);

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
    const place = this.batch.next;
    this.batch.put(bytes, 0, bytes.length, place);
    this.batch.add(place + bytes.length);
  }

  /** What is packed and not given yet. */
  rest(): PackedBatch | undefined {
    const { batch } = this;
    this.batch = undefined;
    return batch;
  }
}

/** What one PutRecordBatch call carries. */
import { maxBatchBytes, maxRecordBytes, maxRecordsPerBatch } from "../../firehose/limits";

/**
 * Records that go out in one call. How they are held is the source's business: a source that knows a shorter way
 * to base64 than through the bytes of each record takes it.
 */
export interface PutBatch {
  /** Records, 1 to {@link maxRecordsPerBatch}. */
  readonly count: number;
  /** Bytes of all records before base64, up to {@link maxBatchBytes}. */
  readonly bytes: number;
  /**
   * Writes the elements of the request's `Records`, in order, at `at`: `{"Data":"aGVsbG8K"},{"Data":"…"}`.
   * Gives the place behind them. `into` has room for {@link encodedBytes}.
   */
  encode(into: Buffer, at: number): number;
  /** The bytes of one record, by its place from 0. */
  record(position: number): Uint8Array;
  /** The records at these places, in this order. */
  pick(positions: readonly number[]): PutBatch;
  /** Nobody needs the batch any more, nor what was picked from it: its memory may be used again. */
  release?(): void;
}

/** A batch of records that are held one by one. */
export class ListedBatch implements PutBatch {
  readonly count: number;
  readonly bytes: number;

  constructor(readonly records: readonly Uint8Array[]) {
    this.count = records.length;
    this.bytes = records.reduce((sum, record) => sum + record.length, 0);
  }

  encode(into: Buffer, at: number): number {
    let end = at;
    for (const record of this.records) {
      const bytes = Buffer.from(record.buffer, record.byteOffset, record.length);
      end += open.copy(into, end);
      end = writeBase64(bytes, 0, bytes.length, into, end);
      end += close.copy(into, end);
    }
    return end - 1; // Without the last comma.
  }

  record(position: number): Uint8Array {
    const record = this.records[position];
    if (record === undefined) throw new RangeError(`no record ${position} in a batch of ${this.count}`);
    return record;
  }

  pick(positions: readonly number[]): PutBatch {
    return new ListedBatch(positions.map((position) => this.record(position)));
  }
}

/** What stands before the base64 of a record, and behind it. */
export const open = Buffer.from('{"Data":"');
export const close = Buffer.from('"},');

/** Bytes that {@link PutBatch.encode} needs at the most: base64 takes 4 for each 3 begun. */
export const encodedBytes = ({ count, bytes }: PutBatch): number =>
  Math.ceil(bytes / 3) * 4 + count * (4 + open.length + close.length);

/** Base64 is made in pieces, each of whole groups of three bytes: text of a megabyte would stay for long. */
const pieceBytes = 48 * 1024;

/** Writes these bytes in base64; gives the place behind it. */
export function writeBase64(bytes: Buffer, from: number, to: number, into: Buffer, at: number): number {
  let end = at;
  for (let piece = from; piece < to; piece += pieceBytes)
    end += into.write(bytes.toString("base64", piece, Math.min(to, piece + pieceBytes)), end, "latin1");
  return end;
}

/** Says whether a record of `bytes` still fits into a batch of `count` records with `batchBytes` bytes. */
export const fits = (count: number, batchBytes: number, bytes: number): boolean =>
  count < maxRecordsPerBatch && batchBytes + bytes <= maxBatchBytes;

/**
 * Groups records into batches that are as full as the limits allow, in their order; none is empty.
 * A record above the limit goes to `refuse`.
 */
export async function* batchesOf(
  records: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  refuse: (record: Uint8Array) => void = tooLong,
): AsyncGenerator<PutBatch> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const record of records) {
      if (record.length > maxRecordBytes) {
        refuse(record);
        continue;
      }
      if (!fits(held.length, bytes, record.length)) {
        yield new ListedBatch(held);
        held = [];
        bytes = 0;
      }
      held.push(record);
      bytes += record.length;
    }
  } catch (error) {
    // Records that came before the failure are not lost with it.
    if (held.length > 0) yield new ListedBatch(held);
    throw error;
  }
  if (held.length > 0) yield new ListedBatch(held);
}

function tooLong(record: Uint8Array): never {
  throw new RangeError(`a record of ${record.length} bytes; allowed: up to ${maxRecordBytes} bytes`);
}

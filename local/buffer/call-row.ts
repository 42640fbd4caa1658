/** One row of the queue: the records of one call, their bytes one after another. */
import { crc32 } from "node:zlib";
import type { CallRecords } from "../call-records";
import { RecordBatch } from "../record-batch";

export interface CallRow {
  readonly first_seq: number;
  readonly count: number;
  readonly arrival_ms: number;
  /** Size of each record, four bytes each, the lowest first. */
  readonly lengths: Uint8Array;
  readonly body: Uint8Array;
  /** Checksum of sizes and bytes; null in rows of the versions that wrote none. */
  readonly crc: number | null;
}

/** The columns of a row, in their order. */
export const callColumns = ["first_seq", "count", "arrival_ms", "lengths", "body", "crc"] as const;

export function callRow(firstSeq: number, records: CallRecords, arrivalMs: number): CallRow {
  const { body, lengths: sizes } = records;
  const lengths = new Uint8Array(sizes.buffer, sizes.byteOffset, sizes.byteLength);
  const crc = crc32(body, crc32(lengths));
  return { first_seq: firstSeq, count: sizes.length, arrival_ms: arrivalMs, lengths, body, crc };
}

/** Whether the row is as it was written, as far as that can be told. */
export function isWhole({ count, lengths, body, crc }: CallRow): boolean {
  if (count < 1 || lengths.length !== count * 4) return false;
  if (crc !== null) return crc32(body, crc32(lengths)) === crc;
  const sizes = sizesOf(lengths);
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += sizes(i);
  return bytes === body.length;
}

function sizesOf(lengths: Uint8Array): (i: number) => number {
  const view = new DataView(lengths.buffer, lengths.byteOffset, lengths.byteLength);
  return (i) => view.getUint32(i * 4, true);
}

/** Puts the rows of a read together. */
export class BatchBuilder {
  private firstSeq = 0;
  private readonly arrivalsMs: number[] = [];
  private readonly ends: number[] = [];
  private readonly bodies: Uint8Array[] = [];
  private bytes = 0;

  /** Adds what fits of a row; false = nothing more can be added. */
  add(row: CallRow, afterSeq: number, fits: (records: number, bytes: number) => boolean): boolean {
    const skipped = Math.max(0, afterSeq + 1 - row.first_seq);
    const seq = row.first_seq + skipped;
    if (this.ends.length === 0) this.firstSeq = seq;
    else if (seq !== this.firstSeq + this.ends.length) return false;
    const size = sizesOf(row.lengths);
    let start = 0;
    for (let i = 0; i < skipped; i++) start += size(i);
    let end = start;
    let whole = true;
    for (let i = skipped; i < row.count; i++) {
      const length = size(i);
      whole = this.ends.length === 0 || fits(this.ends.length + 1, this.bytes + length);
      if (!whole) break;
      end += length;
      this.bytes += length;
      this.ends.push(this.bytes);
      this.arrivalsMs.push(row.arrival_ms);
    }
    this.bodies.push(row.body.subarray(start, end));
    return whole;
  }

  build(): RecordBatch {
    return new RecordBatch(this.firstSeq, this.arrivalsMs, this.ends, Buffer.concat(this.bodies));
  }
}

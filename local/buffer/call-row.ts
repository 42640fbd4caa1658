/** One row of the queue: the records of one call, their bytes one after another. */
import { crc32 } from "node:zlib";
import type { CallRecords } from "../call-records";
import { giveBack } from "../give-back";
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

/** Some records of a row, by their places in it. */
interface Stretch {
  readonly row: CallRow;
  readonly from: number;
  readonly to: number;
}

/** Puts the rows of a read together, and gives their own memory back. */
export class BatchBuilder {
  private firstSeq = 0;
  private count = 0;
  private bytes = 0;
  private readonly stretches: Stretch[] = [];
  private readonly bodies: Uint8Array[] = [];

  /** Adds what fits of a row; false = nothing more can be added. */
  add(row: CallRow, afterSeq: number, fits: (records: number, bytes: number) => boolean): boolean {
    const from = Math.max(0, afterSeq + 1 - row.first_seq);
    const seq = row.first_seq + from;
    if (this.count === 0) this.firstSeq = seq;
    else if (seq !== this.firstSeq + this.count) return false;
    const size = sizesOf(row.lengths);
    let start = 0;
    for (let at = 0; at < from; at++) start += size(at);
    let end = start;
    let to = from;
    for (; to < row.count; to++) {
      const length = size(to);
      if (this.count > 0 && !fits(this.count + 1, this.bytes + length)) break;
      end += length;
      this.bytes += length;
      this.count++;
    }
    this.stretches.push({ row, from, to });
    this.bodies.push(row.body.subarray(start, end));
    return to === row.count;
  }

  build(): RecordBatch {
    const arrivalsMs = new Float64Array(this.count);
    const ends = new Uint32Array(this.count);
    let place = 0;
    let end = 0;
    for (const { row, from, to } of this.stretches) {
      const size = sizesOf(row.lengths);
      arrivalsMs.fill(row.arrival_ms, place, place + to - from);
      for (let at = from; at < to; at++) {
        end += size(at);
        ends[place++] = end;
      }
    }
    const body = Buffer.concat(this.bodies);
    for (const { row } of this.stretches) {
      giveBack(row.body);
      giveBack(row.lengths);
    }
    return new RecordBatch(this.firstSeq, arrivalsMs, ends, body);
  }
}

/** Bodies of PutRecordBatch requests, in memory that is used again: megabytes anew for each call would keep the garbage collector busy. */

import { free } from "./free-memory";
import { encodedBytes, type PutBatch } from "./put-batch";

/** Memory is taken in steps of so many bytes, so that batches of about the same size share it. */
const stepBytes = 64 * 1024;

/** Room in front of each body for the request's head, most of which may be a session's token. */
const headRoomBytes = 8 * 1024;

/** Head and body in one piece, without a copy of a body that a pool has made: one write for both. */
export function withHead(head: string, body: Buffer): Buffer {
  if (head.length > headRoomBytes) return Buffer.concat([Buffer.from(head, "latin1"), body]);
  const request = Buffer.from(body.buffer, body.byteOffset - head.length, head.length + body.length);
  request.write(head, "latin1");
  return request;
}

export class BodyPool {
  private readonly head: Buffer;
  private readonly kept: ArrayBuffer[] = [];
  /** Bodies that there are, in use or kept: as many as were in use at once. */
  made = 0;

  constructor(streamName: string) {
    this.head = Buffer.from(`{"DeliveryStreamName":${JSON.stringify(streamName)},"Records":[`);
  }

  /** The JSON of the request. */
  make(batch: PutBatch): Buffer {
    const memory = Buffer.from(this.take(headRoomBytes + this.head.length + encodedBytes(batch) + 2));
    const begin = headRoomBytes + this.head.copy(memory, headRoomBytes);
    const end = batch.encode(memory, begin);
    memory[end] = 0x5d;
    memory[end + 1] = 0x7d;
    return memory.subarray(headRoomBytes, end + 2);
  }

  /** The body is not needed any more. */
  giveBack(body: Buffer): void {
    this.kept.push(body.buffer as ArrayBuffer);
  }

  /** What is kept and too small makes way for what is needed: there are never more than were out at once. */
  private take(bytes: number): ArrayBuffer {
    const kept = this.kept.pop();
    if (kept && kept.byteLength >= bytes) return kept;
    if (kept) free(kept);
    else this.made++;
    return new ArrayBuffer(Math.ceil(bytes / stepBytes) * stepBytes);
  }
}

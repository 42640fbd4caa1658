/** From an object to its records, in groups that make one call each. */
import { maxBatchBytes, maxRecordsPerBatch } from "../firehose/limits";
import type { LogObject } from "./events";
import { createSplits, type Split } from "./split";
import type { Store } from "./store";
import { createUnpack, type Unpacking } from "./unpack";

export interface ReadOutcome {
  /** Whether the object came to its end. */
  readonly isWhole: boolean;
  /** Records that were left out, as they are too long for the stream. */
  readonly tooLong: number;
}

/** A record, and its place among those of the object, from 0. */
export interface Placed {
  readonly place: number;
  readonly data: Buffer;
}

/** @returns gives the records that `isTaken` does not know to `take`, until that says false */
export const createReadRecords = (store: Store) => {
  const splitOf = createSplits();
  const unpack = createUnpack();
  const maxRecords = maxRecordsPerBatch;
  const maxBytes = maxBatchBytes;
  const headBytes = 256;
  return async (
    object: LogObject,
    isTaken: (place: number) => boolean,
    take: (records: readonly Placed[]) => Promise<boolean>,
  ): Promise<ReadOutcome> => {
    /** Thrown by what takes, and caught here: it ends the reading. */
    const enough = new Error("enough");
    let next = 0;
    let group: Placed[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const records = group;
      group = [];
      bytes = 0;
      if (records.length > 0 && !(await take(records))) throw enough;
    };
    const add = async (records: readonly Buffer[]): Promise<void> => {
      for (const data of records) {
        const place = next++;
        if (isTaken(place)) continue;
        if (group.length === maxRecords || bytes + data.length > maxBytes) await flush();
        group.push({ place, data });
        bytes += data.length;
      }
    };
    const text = gathered(headBytes, splitOf);
    const plain = async (chunk: Buffer): Promise<void> => add(text.push(chunk));
    let packed: Unpacking | undefined;
    let head = Buffer.alloc(0);
    try {
      await store.read(object, async (chunk) => {
        if (packed) return packed.write(chunk);
        head = Buffer.concat([head, chunk]);
        if (head.length < 4) return;
        packed = unpack(head, plain);
        return packed.write(head);
      });
      packed = packed ?? unpack(head, plain);
      if (head.length < 4 && head.length > 0) await packed.write(head);
      await packed.end();
      await add(text.end());
      await flush();
      return { isWhole: true, tooLong: text.tooLong() };
    } catch (error) {
      if (error !== enough) throw error;
      return { isWhole: false, tooLong: text.tooLong() };
    }
  };
};

/** Waits for the first bytes, by which the way of splitting is chosen. */
function gathered(headBytes: number, splitOf: (head: Buffer) => Split): Split {
  let split: Split | undefined;
  let head: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      if (split) return split.push(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < headBytes) return [];
      split = splitOf(head);
      return split.push(head);
    },
    end: () => {
      if (split) return split.end();
      split = splitOf(head);
      return [...split.push(head), ...split.end()];
    },
    tooLong: () => split?.tooLong() ?? 0,
  };
}

/** From an object to its records, in groups that make one call each. */
import { maxBatchBytes, maxRecordsPerBatch } from "../firehose/limits";
import { isDamaged, type LogObject } from "./events";
import { createRefuse } from "./formats";
import { type Cut, createSplits, type Split, type Start } from "./split";
import type { Store } from "./store";
import { createUnpack, type Unpacking } from "./unpack";

export interface ReadOutcome {
  /** Whether the object came to its end. */
  readonly isWhole: boolean;
  /** Records that were left out, as they are too long for the stream. */
  readonly tooLong: number;
}

/** How the text of an object lies in it. */
export interface From extends Start {
  /** Whether the text was packed: then all of it is unpacked, up to the start. */
  readonly isPacked: boolean;
}

/** Who reads an object. */
export interface Reader {
  readonly from: From;
  /** Whether the stream has it already. */
  isTaken(record: Cut): boolean;
  /** @returns whether to go on */
  take(records: readonly Cut[], isPacked: boolean): Promise<boolean>;
  /** Asked at each piece of the object, whether or not there is a record in it. */
  mayGoOn(): boolean;
}

/** @returns gives the records that are not taken to `take`, until the object or the reader ends it */
export const createReadRecords = (store: Store) => {
  const splitOf = createSplits();
  const unpack = createUnpack();
  const refuse = createRefuse();
  const maxRecords = maxRecordsPerBatch;
  const maxBytes = maxBatchBytes;
  return async (object: LogObject, reader: Reader): Promise<ReadOutcome> => {
    /** Thrown by what takes, and caught here: it ends the reading. */
    const enough = new Error("enough");
    const { from } = reader;
    let isPacked = from.isPacked;
    let group: Cut[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      const records = group;
      group = [];
      bytes = 0;
      if (records.length > 0 && !(await reader.take(records, isPacked))) throw enough;
    };
    const add = async (records: readonly Cut[]): Promise<void> => {
      for (const record of records) {
        if (reader.isTaken(record)) continue;
        const { length } = record.data;
        if (group.length === maxRecords || bytes + length > maxBytes) await flush();
        group.push(record);
        bytes += length;
      }
    };
    const text = gathered(from, splitOf, (head) => refuse(head, isPacked));
    const plain = async (chunk: Buffer): Promise<void> => add(text.push(chunk));
    // Text that is not packed is read from the start on; of packed text what is before it is dropped.
    const isInside = from.bytes > 0 && !isPacked;
    const behindStart = isPacked ? dropped(from.bytes, plain) : plain;
    const packed = opened(isInside, (head) => {
      const unpacking = unpack(head, behindStart);
      isPacked = unpacking !== undefined;
      return unpacking ?? { write: plain, end: async () => {} };
    });
    try {
      await store.read(object, isInside ? from.bytes : 0, async (chunk) => {
        if (!reader.mayGoOn()) throw enough;
        await packed.write(chunk);
      });
      await packed.end();
      await add(text.end());
      await flush();
      return { isWhole: true, tooLong: text.tooLong() };
    } catch (error) {
      // What stands before the damage is sent, but for a line that is not whole.
      if (isDamaged(error))
        await flush().catch((stopped) => (stopped === enough ? undefined : Promise.reject(stopped)));
      if (error !== enough) throw error;
      return { isWhole: false, tooLong: text.tooLong() };
    }
  };
};

/** Waits for the first bytes, by which the way of unpacking is chosen; inside of a text there is no choice. */
function opened(isInside: boolean, choose: (head: Buffer) => Unpacking): Unpacking {
  const headBytes = 4;
  let head = Buffer.alloc(0);
  let chosen = isInside ? choose(head) : undefined;
  return {
    write: async (chunk) => {
      if (chosen) return chosen.write(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < headBytes) return;
      chosen = choose(head);
      return chosen.write(head);
    },
    end: async () => {
      if (!chosen) {
        chosen = choose(head);
        if (head.length > 0) await chosen.write(head);
      }
      await chosen.end();
    },
  };
}

/** Takes what is behind so many bytes. */
function dropped(bytes: number, take: (chunk: Buffer) => Promise<void>) {
  let left = bytes;
  return async (chunk: Buffer): Promise<void> => {
    const skipped = Math.min(left, chunk.length);
    left -= skipped;
    if (skipped < chunk.length) await take(chunk.subarray(skipped));
  };
}

/** Waits for the first bytes, by which the way of splitting is chosen. */
function gathered(
  start: Start,
  splitOf: (head: Buffer, start: Start) => Split,
  refuse: (head: Buffer) => void,
): Split {
  const headBytes = 256;
  let split: Split | undefined = start.bytes > 0 ? splitOf(Buffer.alloc(0), start) : undefined;
  let head: Buffer = Buffer.alloc(0);
  const choose = (): Split => {
    refuse(head);
    return splitOf(head, start);
  };
  return {
    push: (chunk) => {
      if (split) return split.push(chunk);
      head = Buffer.concat([head, chunk]);
      if (head.length < headBytes) return [];
      split = choose();
      return split.push(head);
    },
    end: () => {
      if (split) return split.end();
      split = choose();
      return [...split.push(head), ...split.end()];
    },
    tooLong: () => split?.tooLong() ?? 0,
  };
}

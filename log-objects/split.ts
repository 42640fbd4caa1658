/** Cuts the bytes of an object into records: lines, or the events of a CloudTrail file. */
import { maxRecordBytes } from "../firehose/limits";
import { unreadable } from "./events";

/** A record. */
export interface Cut {
  /** Its place among those of the object, from 0. */
  readonly place: number;
  readonly data: Buffer;
  /** Bytes of the object's text up to its end; not a number where nothing can go on from there. */
  readonly end: number;
}

export interface Split {
  /** The records that end in these bytes. */
  push(chunk: Buffer): Cut[];
  /** What is left at the end of the object. */
  end(): Cut[];
  /** Records that were too long for the stream, and left out. */
  tooLong(): number;
}

/** Where the splitting of lines goes on. */
export interface Start {
  /** Records before it. */
  readonly records: number;
  /** Bytes of text before it. */
  readonly bytes: number;
}

/** @returns the way to split, by an object's first bytes; from a start on that is not the first there are lines */
export const createSplits = () => {
  const recordsHead = /^\uFEFF?\s*\{\s*"Records"\s*:\s*\[/;
  return (head: Buffer, start: Start): Split =>
    start.bytes === 0 && recordsHead.test(head.toString("utf8", 0, 256))
      ? createElements()
      : createLines(start);
};

/** Puts the parts of a record together; of one that is too long nothing is kept. */
function createParts() {
  const maxBytes = maxRecordBytes;
  let parts: Buffer[] = [];
  let bytes = 0;
  let tooLong = 0;
  return {
    add: (part: Buffer): void => {
      bytes += part.length;
      if (bytes > maxBytes) parts = [];
      else parts.push(part);
    },
    /** The record, where it is not too long. */
    take: (): Buffer | undefined => {
      const isTooLong = bytes > maxBytes;
      const [first] = parts;
      const record = parts.length === 1 ? first : Buffer.concat(parts);
      if (isTooLong) tooLong++;
      parts = [];
      bytes = 0;
      return isTooLong ? undefined : record;
    },
    isEmpty: (): boolean => bytes === 0,
    tooLong: (): number => tooLong,
  };
}

/** Each line with its line feed, as the backup joins records without anything between them; blank ones are none. */
function createLines({ records, bytes }: Start): Split {
  const lineFeed = 10;
  const blank = 32;
  const mark = 0xef_bb_bf;
  const newline = Buffer.from("\n");
  const { add, take, isEmpty, tooLong } = createParts();
  let place = records;
  let before = bytes;
  /** By the first byte alone for nearly all of them. */
  const isBlank = (record: Buffer): boolean => {
    if (record[0]! > blank || record.length > 1024) return false;
    return record.toString("latin1").trim() === "";
  };
  let isFirst = bytes === 0;
  const line = (cuts: Cut[], end: number): void => {
    let data = take();
    // The mark tells what the file is written in, and is none of its first line's.
    if (isFirst && data && data.length > 3 && data.readUIntBE(0, 3) === mark) data = data.subarray(3);
    isFirst = false;
    if (data && !isBlank(data)) cuts.push({ place: place++, data, end });
  };
  return {
    push: (chunk) => {
      const cuts: Cut[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        add(chunk.subarray(start, end + 1));
        start = end + 1;
        line(cuts, before + start);
      }
      if (start < chunk.length) add(chunk.subarray(start));
      before += chunk.length;
      return cuts;
    },
    end: () => {
      const cuts: Cut[] = [];
      if (isEmpty()) return cuts;
      add(newline);
      line(cuts, before);
      return cuts;
    },
    tooLong,
  };
}

/** The objects of the list in the outermost object, each with a line feed behind it. */
function createElements(): Split {
  const [quote, backslash, open, close, openList, closeList] = [34, 92, 123, 125, 91, 93];
  const newline = Buffer.from("\n");
  const { add, take, tooLong } = createParts();
  let place = 0;
  let depth = 0;
  let isInList = false;
  let isText = false;
  let isEscaped = false;
  /** Goes over one byte; tells where an element begins or ends. */
  const step = (byte: number): "begin" | "end" | undefined => {
    if (isText) {
      if (isEscaped) isEscaped = false;
      else if (byte === backslash) isEscaped = true;
      else if (byte === quote) isText = false;
    } else if (byte === quote) isText = true;
    else if (byte === open) return depth++ === 1 && isInList ? "begin" : undefined;
    else if (byte === close) return --depth === 1 && isInList ? "end" : undefined;
    else if (depth === 1 && (byte === openList || byte === closeList)) isInList = byte === openList;
    return undefined;
  };
  return {
    push: (chunk) => {
      const cuts: Cut[] = [];
      let start = depth > 1 && isInList ? 0 : -1;
      for (let i = 0; i < chunk.length; i++) {
        const turn = step(chunk[i]!);
        if (turn === "begin") start = i;
        if (turn !== "end") continue;
        add(chunk.subarray(start, i + 1));
        add(newline);
        const data = take();
        if (data) cuts.push({ place: place++, data, end: Number.NaN });
        start = -1;
      }
      if (start >= 0) add(chunk.subarray(start));
      return cuts;
    },
    end: () => {
      if (depth !== 0) throw unreadable("is JSON that ends too early");
      return [];
    },
    tooLong,
  };
}

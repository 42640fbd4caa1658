/** Cuts the bytes of an object into records: lines, or the events of a CloudTrail file. */
import { maxRecordBytes } from "../firehose/limits";
import { unreadable } from "./events";

export interface Split {
  /** The records that end in these bytes. */
  push(chunk: Buffer): Buffer[];
  /** What is left at the end of the object. */
  end(): Buffer[];
  /** Records that were too long for the stream, and left out. */
  tooLong(): number;
}

/** @returns the way to split, by an object's first bytes */
export const createSplits = () => {
  const recordsHead = /^\uFEFF?\s*\{\s*"Records"\s*:\s*\[/;
  return (head: Buffer): Split =>
    recordsHead.test(head.toString("utf8", 0, 256)) ? createElements() : createLines();
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
      const record = bytes > maxBytes ? undefined : Buffer.concat(parts);
      if (!record) tooLong++;
      parts = [];
      bytes = 0;
      return record;
    },
    isEmpty: (): boolean => bytes === 0,
    tooLong: (): number => tooLong,
  };
}

/** Each line with its line feed, as the backup joins records without anything between them; blank ones are none. */
function createLines(): Split {
  const lineFeed = 10;
  const newline = Buffer.from("\n");
  const isBlank = /^\s*$/;
  const { add, take, isEmpty, tooLong } = createParts();
  const line = (records: Buffer[]): void => {
    const record = take();
    if (record && (record.length > 1024 || !isBlank.test(record.toString("latin1")))) records.push(record);
  };
  return {
    push: (chunk) => {
      const records: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
        add(chunk.subarray(start, end + 1));
        line(records);
        start = end + 1;
      }
      if (start < chunk.length) add(chunk.subarray(start));
      return records;
    },
    end: () => {
      const records: Buffer[] = [];
      if (isEmpty()) return records;
      add(newline);
      line(records);
      return records;
    },
    tooLong,
  };
}

/** The objects of the list in the outermost object, each with a line feed behind it. */
function createElements(): Split {
  const [quote, backslash, open, close, openList, closeList] = [34, 92, 123, 125, 91, 93];
  const newline = Buffer.from("\n");
  const { add, take, tooLong } = createParts();
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
      const records: Buffer[] = [];
      let start = depth > 1 && isInList ? 0 : -1;
      for (let i = 0; i < chunk.length; i++) {
        const turn = step(chunk[i]!);
        if (turn === "begin") start = i;
        if (turn !== "end") continue;
        add(chunk.subarray(start, i + 1));
        add(newline);
        const record = take();
        if (record) records.push(record);
        start = -1;
      }
      if (start >= 0) add(chunk.subarray(start));
      return records;
    },
    end: () => {
      if (depth !== 0) throw unreadable("is JSON that ends too early");
      return [];
    },
    tooLong,
  };
}

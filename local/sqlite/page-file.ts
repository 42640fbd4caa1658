/**
 * The pages of a SQLite file and of the write-ahead log beside it, read without SQLite, which gives up at the first
 * page that is not whole.
 * @see https://www.sqlite.org/fileformat2.html
 */
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

const walHeaderBytes = 32;
const frameHeaderBytes = 24;

interface Checksum {
  readonly a: number;
  readonly b: number;
}

/** What is in the log, frame by frame. */
interface Log {
  readonly pageBytes: number;
  /** Where the newest committed text of a page begins in the log, by page number. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Frames that are not whole although frames behind them are: SQLite would forget all of those without a word. */
  readonly damagedFrames: number;
  /** As `offsets`, with frames that no commit follows and such as cannot be checked behind a damaged one. */
  readonly likely: ReadonlyMap<number, number>;
  /** Frames behind the last commit, whole or not: the torn end of a write, or a commit that is damaged itself. */
  readonly tailFrames: number;
}

/** What SQLite takes unless it is told otherwise. */
export const sqlitePageBytes = 4096;

const isPageSize = (bytes: number): boolean => bytes >= 512 && bytes <= 65536 && (bytes & (bytes - 1)) === 0;

function checksum(bytes: Buffer, { a, b }: Checksum, bigEndian: boolean): Checksum {
  let [x, y] = [a, b];
  for (let at = 0; at < bytes.length; at += 8) {
    const first = bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const second = bigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    x = (x + first + y) >>> 0;
    y = (y + second + x) >>> 0;
  }
  return { a: x, b: y };
}

function isHeaderWhole(header: Buffer, bigEndian: boolean): boolean {
  const { a, b } = checksum(header.subarray(0, 24), { a: 0, b: 0 }, bigEndian);
  return a === header.readUInt32BE(24) && b === header.readUInt32BE(28);
}

/**
 * Each frame is checked from the sum that its predecessor states, not from what the predecessor holds: a damaged frame
 * costs itself (and, where its header is gone, the next one), not all that follow.
 */
function readLog(file: string, otherwise = sqlitePageBytes): Log | undefined {
  if (!existsSync(file)) return undefined;
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const header = Buffer.alloc(walHeaderBytes + frameHeaderBytes);
    if (readSync(handle, header, 0, header.length, 0) < header.length) return undefined;
    const magic = header.readUInt32BE(0);
    const stated = header.readUInt32BE(8);
    if (magic >>> 1 === 0x377f0682 >>> 1 && isPageSize(stated) && isHeaderWhole(header, (magic & 1) === 1)) {
      return readFrames(handle, { size, pageBytes: stated, bigEndian: (magic & 1) === 1, header });
    }
    // Without its header SQLite takes nothing of a log; the frames name it too, and the machine's own order is usual.
    saltsOf(handle, size, otherwise)?.copy(header, 16);
    const log = readFrames(handle, { size, pageBytes: otherwise, bigEndian: false, header });
    return { ...log, damagedFrames: log.damagedFrames + 1 };
  } finally {
    closeSync(handle);
  }
}

/** The mark of the log's newest generation: that of the first frame whose sum goes on from its predecessor's. */
function saltsOf(handle: number, size: number, pageBytes: number): Buffer | undefined {
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  let before: Checksum | undefined;
  for (let at = walHeaderBytes; at + frame.length <= size; at += frame.length) {
    readSync(handle, frame, 0, frame.length, at);
    const stated = { a: frame.readUInt32BE(16), b: frame.readUInt32BE(20) };
    if (before !== undefined) {
      const sum = checksum(
        frame.subarray(frameHeaderBytes),
        checksum(frame.subarray(0, 8), before, false),
        false,
      );
      if (sum.a === stated.a && sum.b === stated.b) return frame.subarray(8, 16);
    }
    before = stated;
  }
  return undefined;
}

function readFrames(
  handle: number,
  log: { size: number; pageBytes: number; bigEndian: boolean; header: Buffer },
): Log {
  const { size, pageBytes, bigEndian, header } = log;
  const frame = Buffer.alloc(frameHeaderBytes + pageBytes);
  const offsets = new Map<number, number>();
  let begun: [page: number, offset: number][] = [];
  let before: Checksum = { a: header.readUInt32BE(24), b: header.readUInt32BE(28) };
  let damagedFrames = 0;
  let doubtful = 0;
  let tailFrames = 0;
  let isChecked = true;
  const likely = new Map<number, number>();
  for (let at = walHeaderBytes; at + frame.length <= size; at += frame.length) {
    readSync(handle, frame, 0, frame.length, at);
    const stated = { a: frame.readUInt32BE(16), b: frame.readUInt32BE(20) };
    const sum = checksum(
      frame.subarray(frameHeaderBytes),
      checksum(frame.subarray(0, 8), before, bigEndian),
      bigEndian,
    );
    const isOfThisLog = frame.compare(header, 16, 24, 8, 16) === 0;
    before = stated;
    const couldBeChecked = isChecked;
    isChecked = isOfThisLog && sum.a === stated.a && sum.b === stated.b;
    if (isOfThisLog) tailFrames++;
    // Where its predecessor states no sum, a frame may be whole all the same.
    if (isChecked || (isOfThisLog && !couldBeChecked)) {
      likely.set(frame.readUInt32BE(0), at + frameHeaderBytes);
    }
    if (!isChecked) {
      doubtful++;
      continue;
    }
    damagedFrames += doubtful;
    doubtful = 0;
    begun.push([frame.readUInt32BE(0), at + frameHeaderBytes]);
    if (frame.readUInt32BE(4) === 0) continue;
    for (const [page, offset] of begun) offsets.set(page, offset);
    begun = [];
    tailFrames = 0;
  }
  return { pageBytes, offsets, damagedFrames, likely, tailFrames };
}

export class PageFile {
  readonly pageBytes: number;
  /** Bytes of a page that hold content. */
  readonly usableBytes: number;
  readonly pages: number;
  private readonly log: Log | undefined;
  private readonly handle: number;
  private readonly logHandle: number | undefined;

  /**
   * @param otherwise the size of a page where neither the file nor its log can tell
   * @param withTail whether frames count that no commit follows, or that cannot be checked: for rows that prove
   * themselves
   */
  constructor(file: string, otherwise: number, withTail = false) {
    this.handle = openSync(file, "r");
    const log = readLog(`${file}-wal`, otherwise);
    this.log = log && withTail ? { ...log, offsets: log.likely } : log;
    this.logHandle = this.log === undefined ? undefined : openSync(`${file}-wal`, "r");
    const header = Buffer.alloc(100);
    readSync(this.handle, header, 0, 100, 0);
    const isWhole = header.toString("latin1", 0, 15) === "SQLite format 3";
    const stated = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
    this.pageBytes = isWhole && isPageSize(stated) ? stated : (this.log?.pageBytes ?? otherwise);
    this.usableBytes = this.pageBytes - (isWhole ? (header[20] as number) : 0);
    const inFile = Math.ceil(fstatSync(this.handle).size / this.pageBytes);
    this.pages = Math.max(inFile, ...(this.log?.offsets.keys() ?? []));
  }

  /** Frames of the log that are damaged in the midst of others. */
  get damagedFrames(): number {
    return this.log?.damagedFrames ?? 0;
  }

  /** Page 1 is the first; what the file does not have is read as zeros. */
  page(number: number): Buffer {
    const page = Buffer.alloc(this.pageBytes);
    const inLog = this.log?.offsets.get(number);
    if (inLog !== undefined && this.log?.pageBytes === this.pageBytes)
      readSync(this.logHandle as number, page, 0, page.length, inLog);
    else if (number > 0) readSync(this.handle, page, 0, page.length, (number - 1) * this.pageBytes);
    return page;
  }

  close(): void {
    closeSync(this.handle);
    if (this.logHandle !== undefined) closeSync(this.logHandle);
  }
}

/** Whether SQLite will drop frames of the log beside a file: a torn write at its end is no damage, but looks the same. */
export function dropsLogFrames(file: string): boolean {
  const log = readLog(`${file}-wal`);
  return log !== undefined && log.damagedFrames + log.tailFrames > 0;
}

/** Frames of the log beside a file that are damaged in the midst of others: SQLite itself does not tell. */
export function damagedLogFrames(file: string): number {
  return readLog(`${file}-wal`)?.damagedFrames ?? 0;
}

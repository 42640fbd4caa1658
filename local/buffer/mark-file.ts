/**
 * What the queue had reached, in a small file beside it, written after each commit: a queue file that was cut, put
 * back or deleted does not know what it has lost.
 */
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { BackupIntent } from "../rooms";

export interface Mark {
  readonly epoch: string;
  readonly createdMs: number;
  /** The number that the next record gets. */
  readonly nextSeq: number;
  /** The last record that the ledger has settled. */
  readonly settledThrough: number;
  /** Calls up to there are forgotten; what lies of them in the file still is nothing to be saved. */
  readonly trimmedThrough: number;
  readonly backedUpThrough: number;
  /** Records in finished objects of the backup. */
  readonly backedUp: number;
  /** The object that is being written. */
  readonly intent: BackupIntent | undefined;
}

/** It is written in one piece over what was there: the same length, filled up with blanks. */
const lengthBytes = 4096;

export class MarkFile {
  private readonly descriptor: number;

  constructor(file: string) {
    this.descriptor = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
    ftruncateSync(this.descriptor, lengthBytes);
  }

  /** Not synced: after a loss of power it may be older than the queue, never newer. */
  write(mark: Mark): void {
    const text = JSON.stringify(mark);
    writeSync(this.descriptor, `${crc32(text)} ${text}\n`.padEnd(lengthBytes), 0);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Undefined where there is none, or one that was not written whole. */
export function readMark(file: string): Mark | undefined {
  let line: string;
  try {
    [line = ""] = readFileSync(file, "utf8").split("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const at = line.indexOf(" ");
  const text = line.slice(at + 1);
  return String(crc32(text)) === line.slice(0, at) ? (JSON.parse(text) as Mark) : undefined;
}

/** How far files were sent: kept over restarts, and known by device, inode and first bytes, not by name. */
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { wrongState } from "../errors";

/** A place in a file. */
export interface Place {
  /** Decimal digits: they may have more than a number holds. */
  readonly device: string;
  readonly inode: string;
  /** Bytes before it were accepted, or are in the file of unsent records. */
  readonly offset: number;
  /** Of the first bytes: an inode is used again, and a truncated file keeps it. */
  readonly headBytes: number;
  readonly headHash: string;
}

/** Places by absolute path: of the file itself, and of rotated ones that are not read to their end. */
export type Places = Readonly<Record<string, readonly Place[]>>;

const maxHeadBytes = 256;

export interface Head {
  readonly headBytes: number;
  readonly headHash: string;
}

/** The first bytes of a file as it is now, or as many of them as are asked for. */
export async function headOf(file: FileHandle, bytes = maxHeadBytes): Promise<Head> {
  const memory = Buffer.alloc(bytes);
  const { bytesRead } = await file.read(memory, 0, bytes, 0);
  return { headBytes: bytesRead, headHash: hash("sha256", memory.subarray(0, bytesRead)) };
}

/** Says whether a file still begins as it did. */
export async function beginsAs(file: FileHandle, { headBytes, headHash }: Head): Promise<boolean> {
  return (await headOf(file, headBytes)).headHash === headHash;
}

/** Throws where the file is there and is none of ours: to begin anew would send all once more. */
export function readPlaces(file: string): Places {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    const { version, files } = JSON.parse(text) as { version: unknown; files: Places };
    const isPlace = (place: Place) =>
      Number.isSafeInteger(place.offset) && place.offset >= 0 && typeof place.headHash === "string";
    if (version === 1 && Object.values(files).every((places) => places.every(isPlace))) return files;
  } catch {
    // Told below.
  }
  throw wrongState(file);
}

/** Whole or not at all: a crash leaves the places before. */
export function writePlaces(file: string, files: Places): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify({ version: 1, files }));
  renameSync(`${file}.new`, file);
}

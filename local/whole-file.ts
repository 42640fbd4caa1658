/** Writes small files of the data folder. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** The file is there whole or as it was, after a loss of power too. */
export function writeWholeFile(file: string, text: string): void {
  const descriptor = openSync(`${file}.part`, "w");
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${file}.part`, file);
}

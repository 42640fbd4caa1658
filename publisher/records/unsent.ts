/** The file of records that were not accepted: one line each, so that `--file` takes it again. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import { cannotKeep, noUnsentFile } from "../errors";
import type { PutBatch } from "../wire/put-batch";

export class UnsentFile {
  private file: number | undefined;
  private isEmpty = true;

  /** @param name path, taken as it is; without it `unsent-<time>.log` in the current folder. */
  constructor(private name?: string) {}

  /** Path of the file, once something is in it. */
  get path(): string | undefined {
    return this.isEmpty ? undefined : this.name;
  }

  /** Makes the file. Throws where that cannot be: when there is something to keep, it is too late to say so. */
  make(): void {
    try {
      this.open();
    } catch (error) {
      throw noUnsentFile(error);
    }
  }

  write(batch: PutBatch): void {
    try {
      writeFully(this.open(), linesOf(batch));
    } catch (error) {
      throw cannotKeep(error);
    }
    this.isEmpty = false;
  }

  /** What lies there may be an input of this run, or what an earlier one could not send: it is never written over. */
  private open(): number {
    this.name ??= freshName("unsent");
    this.file ??= openSync(this.name, "wx");
    return this.file;
  }

  /** Takes the file away: nothing was accepted and the input is still whole. */
  discard(): void {
    this.isEmpty = true;
    this.close();
  }

  close(): void {
    if (this.file === undefined || this.name === undefined) return;
    closeSync(this.file);
    this.file = undefined;
    if (this.isEmpty) rmSync(this.name, { force: true });
  }
}

function linesOf(batch: PutBatch): Uint8Array {
  const lines: Uint8Array[] = [];
  for (let position = 0; position < batch.count; position++) {
    const record = batch.record(position);
    lines.push(record);
    if (record[record.length - 1] !== 0x0a) lines.push(newline);
  }
  return Buffer.concat(lines);
}

const newline = Buffer.from("\n");

/** Writes all bytes, however many calls that takes. */
export function writeFully(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

/** A name that no file has yet: `unsent-20260301T090807Z.log`, then `…-2.log` and so on. */
export function freshName(kind: string, extension = "log"): string {
  const stem = `${kind}-${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
  let name = `${stem}.${extension}`;
  for (let n = 2; existsSync(name); n++) name = `${stem}-${n}.${extension}`;
  return name;
}

/** The file of records that were not accepted: one line each, so that `--file` takes it again. */
import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import type { PutBatch } from "../wire/put-batch";

export class UnsentFile {
  private file: number | undefined;
  /** Path of the file, once something is in it. */
  path: string | undefined;

  /** @param wanted path, taken as it is; without it `unsent-<time>.log` in the current folder. */
  constructor(private readonly wanted?: string) {}

  write(batch: PutBatch): void {
    if (this.file === undefined) {
      this.path = this.wanted ?? freshName("unsent");
      this.file = openSync(this.path, this.wanted ? "w" : "wx");
    }
    const lines: Uint8Array[] = [];
    for (let position = 0; position < batch.count; position++) {
      const record = batch.record(position);
      lines.push(record);
      if (record[record.length - 1] !== 0x0a) lines.push(newline);
    }
    writeFully(this.file, Buffer.concat(lines));
  }

  /** Takes the file away: nothing was accepted and the input is still whole. */
  discard(): void {
    this.close();
    if (this.path !== undefined) rmSync(this.path, { force: true });
    this.path = undefined;
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
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

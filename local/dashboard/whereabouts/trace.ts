/** What is found of one record, here and there, put together. */
import { createHash } from "node:crypto";

export interface Trace {
  /** Number of the record, where it can be told. */
  readonly seq?: number | undefined;
  /** SHA-1 of the source record, where all of it was seen. */
  readonly digest?: string | undefined;
  /** Start of the source record, or what surrounds the text in it. */
  readonly source?: string | undefined;
  /** Between these times it arrived, in milliseconds since 1970. */
  readonly arrived?: readonly [firstMs: number, lastMs: number] | undefined;
  readonly document?: { readonly index: string; readonly id: string; readonly text: string } | undefined;
  readonly failure?: Failure | undefined;
  /** Object of the backup. */
  readonly object?: ObjectName | undefined;
  /** Object of a bucket that is the stream's destination. */
  readonly delivered?: ObjectName | undefined;
}

export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
}

export interface Failure extends ObjectName {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly reason?: string;
  /** The source record, or the document that was refused. */
  readonly data: string;
}

export const digestOf = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("base64");

/** Traces of one record are one, known by its number or else by its bytes; at most so many are kept. */
export class Traces {
  private readonly all: Trace[] = [];

  constructor(readonly most: number) {}

  get isFull(): boolean {
    return this.all.length >= this.most;
  }

  get list(): readonly Trace[] {
    return this.all;
  }

  /** False where there is no room for one more. */
  add(trace: Trace): boolean {
    const place = this.all.findIndex((known) => isSame(known, trace));
    if (place < 0) {
      if (this.isFull) return false;
      this.all.push(trace);
    } else this.all[place] = merged(this.all[place]!, trace);
    return true;
  }
}

/** Two failures are two records, however alike. */
function isSame(known: Trace, trace: Trace): boolean {
  if (known.seq !== undefined && trace.seq !== undefined) return known.seq === trace.seq;
  if (trace.digest === undefined || known.digest !== trace.digest) return false;
  return known.failure === undefined || trace.failure === undefined;
}

function merged(known: Trace, trace: Trace): Trace {
  const given = Object.entries(trace).filter(([, value]) => value !== undefined);
  return { ...known, ...Object.fromEntries(given), ...(known.source && { source: known.source }) };
}

/** Letters of a record or document that are shown. */
const maxShown = 4_000;

/** A record's text; of a long one the part that surrounds the byte `at`. */
export function excerpt(bytes: Buffer, at = 0): string {
  if (bytes.length <= maxShown) return bytes.toString("utf8").replace(/\r?\n$/, "");
  const start = Math.max(0, Math.min(at - maxShown / 2, bytes.length - maxShown));
  const end = start + maxShown;
  return `${start > 0 ? "…" : ""}${bytes.toString("utf8", start, end)}${end < bytes.length ? "…" : ""}`;
}

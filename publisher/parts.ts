/** What a run sends, in parts that can be read once more and gone on with: numbered messages, samples, files. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { typedCommand } from "../typed/command";
import { cannotContinue } from "./errors";
import { findAll } from "./find-all";
import type { Finding, Input } from "./records/find-inputs";
import { numberedBatches } from "./records/numbered";
import { packedBatchesOf } from "./records/packed-batches";
import { type ReadOptions, readInputs } from "./records/read-inputs";
import { sampleLines } from "./records/samples";
import { skipped } from "./records/skipped";
import { freshName } from "./records/unsent";
import type { PutBatch } from "./wire/put-batch";

/** One of `messages`, `sample` with `messages`, and `file`. */
export interface Part {
  /** Number of messages, or of records of the sample. */
  readonly messages?: number;
  /** Send invented records of this kind instead of the numbered ones. */
  readonly sample?: string;
  /** When the sample's records end, in milliseconds since 1970. */
  readonly endMs?: number;
  /** Files, folders, `s3://bucket/prefix`, `-` for standard input. */
  readonly file?: readonly string[];
  /** Only files and objects of this time or later, milliseconds since 1970. */
  readonly sinceMs?: number;
  /** Only files and objects before this time, milliseconds since 1970. */
  readonly untilMs?: number;
  /** Key of the first object, where the first of `file` is in S3. */
  readonly from?: string;
  /** Name of the array whose elements are sent, instead of lines. */
  readonly records?: string;
  /** Join lines: stack traces (true), or all up to the next that matches. */
  readonly multiline?: string | true;
  /** Records that an earlier run has read of what is named first. */
  readonly skip: number;
}

export interface OpenPart {
  readonly batches: AsyncGenerator<PutBatch>;
  /** Before base64, where it is known. */
  readonly bytes: number | undefined;
  readonly records: number | undefined;
  /** The same can be read once more. */
  readonly repeatable: boolean;
  /** What an earlier end left to read; undefined where nothing is left. */
  rest(): Part | undefined;
}

export type PartOptions = Omit<ReadOptions, "records" | "multiline" | "onRead"> &
  Finding & {
    /** Region of the buckets. @default as the SDK finds it */
    readonly region?: string | undefined;
  };

/** Throws for wrong inputs. */
export async function openPart(part: Part, options: PartOptions): Promise<OpenPart> {
  return part.file
    ? openInputs(part, await findAll(part.file, { ...options, ...part }), options)
    : openNumbered(part, options);
}

function openInputs(part: Part, inputs: readonly Input[], options: PartOptions): OpenPart {
  const { records, multiline, skip } = part;
  let total = 0;
  let at = { place: 0, records: 0 };
  const reading: ReadOptions = {
    ...options,
    ...(records !== undefined && { records }),
    ...(multiline && { multiline }),
    onRead: (place, read) => {
      total += place === at.place ? read - at.records : read;
      at = { place, records: read };
    },
  };
  return {
    batches: skipped(skip, reading, (skipping) => readInputs(inputs, skipping)),
    bytes: bytesOf(inputs),
    records: undefined,
    repeatable: inputs.every(({ sizeBytes }) => sizeBytes !== undefined),
    // Where not even that was gone over which an earlier run had read, it is left to be gone over.
    rest: () => (total < skip ? restOf(part, inputs, 0, skip) : restOf(part, inputs, at.place, at.records)),
  };
}

/** Files by their whole path; of a bucket its address, and the key to begin with. */
function restOf(part: Part, inputs: readonly Input[], place: number, skip: number): Part {
  const left = inputs.slice(place);
  const { from: _, ...rest } = part;
  const named = left.map(({ path, in: object }) => object?.url ?? (path === "-" ? path : resolve(path)));
  const key = left[0]?.in?.key;
  return { ...rest, file: [...new Set(named)], skip, ...(key !== undefined && { from: key }) };
}

function openNumbered(part: Part, options: PartOptions): OpenPart {
  const { messages = 0, skip } = part;
  let read = skip;
  async function* counted(): AsyncGenerator<PutBatch> {
    for await (const batch of numberedOf(part, options)) {
      read += batch.count;
      yield batch;
    }
  }
  return {
    batches: counted(),
    bytes: undefined,
    records: Math.max(0, messages - skip),
    repeatable: true,
    rest: () => (read < messages ? { ...part, skip: read } : undefined),
  };
}

function numberedOf(part: Part, options: PartOptions): AsyncIterable<PutBatch> | Iterable<PutBatch> {
  const { messages = 0, sample, endMs, skip } = part;
  if (sample === undefined) return numberedBatches(messages, options.newline, options.memory, skip + 1);
  return packedBatchesOf(sampleRecords(sample, messages, skip, options.newline, endMs), options.memory);
}

function* sampleRecords(
  kind: string,
  count: number,
  skip: number,
  newline: boolean,
  endMs?: number,
): Generator<Buffer> {
  let place = 0;
  for (const line of sampleLines(kind, count, 1, endMs)) {
    if (place++ >= skip) yield newline ? Buffer.concat([line, lineEnd]) : line;
  }
}

const lineEnd = Buffer.from("\n");

/** The size where it is known: compressed files grow, standard input has none. */
function bytesOf(inputs: readonly Input[]): number | undefined {
  const plain = inputs.every(({ path, sizeBytes }) => sizeBytes !== undefined && !/\.(gz|zst)$/.test(path));
  return plain ? inputs.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0) : undefined;
}

/** From where a run that ended early goes on. */
export interface Continuation {
  readonly newline: boolean;
  readonly parts: readonly Part[];
}

/** Writes what is left of the parts, behind the records that were not accepted; gives the file's name. */
export function writeContinuation(newline: boolean, open: readonly OpenPart[], unsent?: string): string {
  const rest = open.map((one) => one.rest()).filter((part) => part !== undefined);
  const saved: Part[] = unsent === undefined ? [] : [{ file: [resolve(unsent)], skip: 0 }];
  const path = freshName("continue", "json");
  const continuation: Continuation = { newline, parts: [...saved, ...rest] };
  writeFileSync(path, `${JSON.stringify({ version: 1, ...continuation }, null, 1)}\n`, { flag: "wx" });
  return path;
}

export function readContinuation(path: string): Continuation {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw cannotContinue(path, error);
  }
  const { version, newline, parts } = (value ?? {}) as Record<string, unknown>;
  if (version !== 1 || typeof newline !== "boolean" || !Array.isArray(parts) || !parts.every(isPart))
    throw cannotContinue(path, `it is none that ${typedCommand("publish")} has written`);
  return { newline, parts };
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isPart(value: unknown): value is Part {
  const { messages, file, skip, sample, records } = (value ?? {}) as Record<string, unknown>;
  const isFile = Array.isArray(file) && file.every((path) => typeof path === "string");
  return (
    isCount(skip) &&
    (isFile || isCount(messages)) &&
    (sample === undefined || typeof sample === "string") &&
    (records === undefined || typeof records === "string")
  );
}

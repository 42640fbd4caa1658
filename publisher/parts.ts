/** What a run sends, in parts that can be read once more and gone on with: numbered messages, samples, files. */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { cannotContinue } from "./errors";
import { type Finding, findInputs, type Input } from "./records/find-inputs";
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
  /** Files and folders, `-` for standard input. */
  readonly file?: readonly string[];
  /** Name of the array whose elements are sent, instead of lines. */
  readonly records?: string;
  /** Join lines: stack traces (true), or all up to the next that matches. */
  readonly multiline?: string | true;
  /** Records that an earlier run has read. */
  readonly skip: number;
}

export interface OpenPart {
  readonly part: Part;
  readonly batches: AsyncGenerator<PutBatch>;
  /** Before base64, where it is known. */
  readonly bytes: number | undefined;
  readonly records: number | undefined;
  /** The same can be read once more. */
  readonly repeatable: boolean;
  /** Records that were read from it, the skipped ones included. */
  read(): number;
}

export type PartOptions = Omit<ReadOptions, "records" | "multiline"> & Finding;

/** Throws for wrong inputs. */
export function openPart(part: Part, options: PartOptions): OpenPart {
  let read = part.skip;
  const inputs = part.file && findInputs(part.file, options);
  async function* counted(): AsyncGenerator<PutBatch> {
    for await (const batch of batchesOf(part, inputs, options)) {
      read += batch.count;
      yield batch;
    }
  }
  return {
    part: inputs ? { ...part, file: inputs.map(({ path }) => (path === "-" ? path : resolve(path))) } : part,
    batches: counted(),
    bytes: inputs && bytesOf(inputs),
    records: inputs ? undefined : Math.max(0, (part.messages ?? 0) - part.skip),
    repeatable: inputs?.every(({ sizeBytes }) => sizeBytes !== undefined) ?? true,
    read: () => read,
  };
}

function batchesOf(
  part: Part,
  inputs: readonly Input[] | undefined,
  options: PartOptions,
): AsyncIterable<PutBatch> | Iterable<PutBatch> {
  const { messages = 0, sample, endMs, records, multiline, skip } = part;
  if (inputs) {
    const reading = {
      ...options,
      ...(records !== undefined && { records }),
      ...(multiline && { multiline }),
    };
    return skipped(skip, reading, (skipping) => readInputs(inputs, skipping));
  }
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
  const rest = open
    .map((one): Part => ({ ...one.part, skip: one.read() }))
    .filter(({ messages, file, skip }) => file !== undefined || skip < (messages ?? 0));
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
    throw cannotContinue(path, "it is none that npm run publish has written");
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

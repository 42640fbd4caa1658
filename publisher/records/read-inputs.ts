/** From the inputs of the command line to batches; what cannot be sent is told and the rest goes on. */
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { oneLine } from "../errors";
import { BatchMemory, packedBatchesOf } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";
import { bytesOf, type Input } from "./byte-source";
import { type ElementsFound, elementsOf } from "./json-elements";
import { lineBatches, type RefusedLine } from "./lines";

export interface ReadOptions {
  /** Add a newline to each record. */
  readonly newline: boolean;
  /** Send each element of the array of this name; undefined: each line. */
  readonly records?: string;
  /** Takes a line or element that is too long: `access.log:17`. */
  readonly refuse: (place: string) => RefusedLine;
  /** An input that could not be read to its end. */
  readonly onProblem: (text: string) => void;
  /** An input that was left out on purpose. */
  readonly onNote: (text: string) => void;
  /** Ends standard input. */
  readonly signal?: AbortSignal;
  readonly stdin?: Readable;
  /** What batches of lines are made in. */
  readonly memory?: BatchMemory;
}

export async function* readInputs(inputs: readonly Input[], options: ReadOptions): AsyncGenerator<PutBatch> {
  const memory = options.memory ?? new BatchMemory();
  for (const input of inputs) {
    const name = input.path === "-" ? "standard input" : input.path;
    try {
      yield* options.records === undefined
        ? readLines(input, name, options, memory)
        : readElements(input, name, options.records, options, memory);
    } catch (error) {
      options.onProblem(
        `${name}: ${oneLine(error)}; what was read before that is sent, an unfinished line at its end is not`,
      );
    }
  }
}

function readLines(
  input: Input,
  name: string,
  options: ReadOptions,
  memory: BatchMemory,
): AsyncGenerator<PutBatch> {
  const refuse = (line: number) => options.refuse(`${name}:${line}`);
  const chunks = bytesOf(input, options.signal, options.stdin);
  return lineBatches(chunks, { newline: options.newline, refuse }, memory);
}

/** CloudTrail's digest files lie among its logs and hold no events: left out by name, and by content. */
async function* readElements(
  input: Input,
  name: string,
  key: string,
  options: ReadOptions,
  memory: BatchMemory,
): AsyncGenerator<PutBatch> {
  if (basename(input.path).includes("_CloudTrail-Digest_"))
    return options.onNote(`${name}: a CloudTrail digest, left out`);
  const found: ElementsFound = { arrays: 0, keys: [] };
  const refuse = (element: number) => options.refuse(`${name}: element ${element} of ${key}`);
  const chunks = bytesOf(input, options.signal, options.stdin);
  yield* packedBatchesOf(elementsOf(chunks, { key, newline: options.newline, refuse }, found), memory);
  if (found.arrays > 0) return;
  const digest = found.keys.includes("digestS3Bucket");
  options.onNote(
    digest ? `${name}: a CloudTrail digest, left out` : `${name}: has no array ${key}, left out`,
  );
}

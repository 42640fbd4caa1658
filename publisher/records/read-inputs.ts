/** From the inputs of the command line to batches; what cannot be sent is told and the rest goes on. */
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { oneLine } from "../errors";
import { BatchMemory } from "../wire/packed-batch";
import type { PutBatch } from "../wire/put-batch";
import { type ByteOptions, bytesOf } from "./byte-source";
import type { Input } from "./find-inputs";
import { beginOf } from "./head";
import { joinedBatches } from "./joined-lines";
import { describeDocument, describeMissing, documentIn } from "./json-document";
import { type ElementsFound, elementsOf, nothingFound, outermost } from "./json-elements";
import { lineBatches, type RefusedLine } from "./lines";
import { packedBatchesOf } from "./packed-batches";

import { beginningWith, type Continues, stackTraces } from "./stack-traces";

export interface ReadOptions {
  /** Add a newline to each record. */
  readonly newline: boolean;
  /** Send each element of the array of this name, or of the file itself (`.`); undefined: each line. */
  readonly records?: string;
  /** Join lines: stack traces (true), or all up to the next that matches. */
  readonly multiline?: string | true;
  /** Takes a line or element that is too long: `access.log:17`. */
  readonly refuse: (place: string) => RefusedLine;
  /** An input that could not be read to its end. */
  readonly onProblem: (text: string) => void;
  /** Reading has come so far: so many records of the input in this place, counted from 0. */
  readonly onRead?: (place: number, records: number) => void;
  /** An input that was left out on purpose. */
  readonly onNote: (text: string) => void;
  /** Ends standard input. */
  readonly signal?: AbortSignal;
  /** Lines of standard input wait so long for others to fill a batch, in milliseconds. @default 500 */
  readonly quietMs?: number;
  readonly stdin?: Readable;
  /** What batches of lines are made in. */
  readonly memory?: BatchMemory;
}

export async function* readInputs(inputs: readonly Input[], options: ReadOptions): AsyncGenerator<PutBatch> {
  const memory = options.memory ?? new BatchMemory();
  for (const [place, input] of inputs.entries()) {
    let records = 0;
    options.onRead?.(place, records);
    const name = input.path === "-" ? "standard input" : input.path;
    let given = false;
    try {
      const batches =
        options.records === undefined
          ? readLines(input, name, options, memory)
          : readElements(input, name, options.records, options, memory);
      for await (const batch of batches) {
        given = true;
        records += batch.count;
        options.onRead?.(place, records);
        yield batch;
      }
    } catch (error) {
      const what = given
        ? "what was read before that is sent, an unfinished line at its end is not"
        : "nothing of it was sent";
      options.onProblem(`${name}: ${oneLine(error)}; ${what}`);
    }
  }
}

async function* readLines(
  input: Input,
  name: string,
  options: ReadOptions,
  memory: BatchMemory,
): AsyncGenerator<PutBatch> {
  const refuse = (line: number) => options.refuse(`${name}:${line}`);
  const bytes = bytesOf(input, bytesOptions(name, options));
  try {
    const { head, chunks } = await beginOf(bytes);
    const what = /\.json(\.gz|\.zst)?$/i.test(input.path) ? documentIn(head) : undefined;
    const { newline, multiline } = options;
    const joins = joinsOf(multiline);
    if (what === undefined && joins)
      yield* joinedBatches(chunks, { newline, refuse, continues: joins() }, memory);
    else if (what === undefined) yield* lineBatches(chunks, { newline, refuse }, memory);
    else options.onProblem(`${name}: ${describeDocument(what, await keysOf(input))}; nothing of it was sent`);
  } finally {
    await bytes.return(undefined);
  }
}

/** Makes the judge of a file's lines. Throws where the pattern is none. */
export function joinsOf(multiline: string | true | undefined): (() => Continues) | undefined {
  if (multiline === undefined) return undefined;
  if (multiline === true) return stackTraces;
  const pattern = new RegExp(multiline, "u");
  return () => beginningWith(pattern);
}

/** What there is in a JSON file, without sending any of it. */
async function keysOf(input: Input): Promise<ElementsFound> {
  const found = nothingFound();
  const refuse = () => ({ write() {}, end() {} });
  try {
    for await (const _ of elementsOf(bytesOf(input), { key: "", refuse }, found));
  } catch {
    // It is no JSON further on; what was found until there may still help.
  }
  return found;
}

const bytesOptions = (name: string, { signal, stdin, quietMs, onNote }: ReadOptions): ByteOptions => ({
  signal,
  stdin,
  quietMs,
  onNote: (text) => onNote(`${name}: ${text}`),
});

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
  const found = nothingFound();
  const refuse = (element: number) => options.refuse(`${name}: element ${element} of ${key}`);
  const chunks = bytesOf(input, bytesOptions(name, options));
  yield* packedBatchesOf(elementsOf(chunks, { key, newline: options.newline, refuse }, found), memory);
  if (found.arrays > 0 || (key === outermost && found.objects > 0)) return;
  if (found.objects + found.outermostArrays === 0) return options.onNote(`${name}: is empty, left out`);
  if (found.keys.includes("digestS3Bucket")) return options.onNote(`${name}: a CloudTrail digest, left out`);
  options.onProblem(`${name}: ${describeMissing(key, found)}; nothing of it was sent`);
}

/** One run of the publisher: sources and target in, a true report out. */

import { startProgress, type Total } from "./progress";
import { findInputs, type Input } from "./records/find-inputs";
import { numberedBatches } from "./records/numbered";
import { packedBatchesOf } from "./records/packed-batches";
import { readInputs } from "./records/read-inputs";
import { RefusedFile } from "./records/refused";
import { sampleLines } from "./records/samples";
import { UnsentFile } from "./records/unsent";
import type { Report } from "./report";
import type { Target } from "./target";
import { connect } from "./wire/connection";
import type { PutBatch } from "./wire/put-batch";
import { sendAll } from "./wire/send";

export interface PublishOptions {
  /** Number of messages; undefined where files are sent. */
  readonly messages?: number;
  /** Send invented records of this kind instead of the numbered ones. */
  readonly sample?: string;
  /** Files and folders, `-` for standard input. */
  readonly file?: readonly string[];
  /** Name of the array whose elements are sent, instead of lines. */
  readonly records?: string;
  /** Add a newline to each record. */
  readonly newline: boolean;
  /** Records per second at the most. */
  readonly rate?: number;
  /** How long a batch is tried without success, in seconds. */
  readonly timeout: number;
  /** Calls in flight at the most. */
  readonly inFlight: number;
  /** Where records go that were not accepted. */
  readonly unsent?: string;
  /** Ends the run: what is in flight ends, the rest is saved. */
  readonly signal?: AbortSignal;
}

const lineEnd = Buffer.from("\n");

interface Source {
  readonly batches: Iterable<PutBatch> | AsyncIterable<PutBatch>;
  readonly total: Total;
  /** The same can be read once more. */
  readonly repeatable: boolean;
}

/** Sends what the options name to the target. Throws for wrong inputs, before anything is sent. */
export async function publish(
  target: Target,
  options: PublishOptions,
  say: (text: string) => void,
): Promise<Report> {
  const refused = new RefusedFile(say);
  const problems: string[] = [];
  const source = sourceOf(options, refused, problems, say);
  const unsent = new UnsentFile(options.unsent);
  const progress = startProgress(source.total);
  const connection = connect(target);
  const startedMs = performance.now();
  try {
    const summary = await sendAll(connection.put, source.batches, {
      inFlight: options.inFlight,
      timeoutMs: options.timeout * 1000,
      repeatable: source.repeatable,
      onProgress: progress.update,
      onUnsent: (batch) => unsent.write(batch),
      ...(options.rate && { ratePerSecond: options.rate }),
      ...(options.signal && { signal: options.signal }),
    });
    if (source.repeatable && summary.stopped && summary.accepted === 0) unsent.discard();
    return {
      ...summary,
      refused: refused.count,
      ...(refused.path && { refusedFile: refused.path }),
      problems,
      seconds: (performance.now() - startedMs) / 1000,
      streamName: target.streamName,
      target: target.description,
      ...(unsent.path && { unsentFile: unsent.path }),
    };
  } finally {
    progress.stop();
    connection.close();
    unsent.close();
    refused.close();
  }
}

function sourceOf(
  options: PublishOptions,
  refused: RefusedFile,
  problems: string[],
  say: (text: string) => void,
): Source {
  if (options.file === undefined) {
    const records = options.messages ?? 0;
    if (options.sample !== undefined) {
      return {
        batches: packedBatchesOf(sampleRecords(options.sample, records, options.newline)),
        total: { records },
        repeatable: true,
      };
    }
    return { batches: numberedBatches(records, options.newline), total: { records }, repeatable: true };
  }
  const onProblem = (text: string) => {
    problems.push(text);
    say(text);
  };
  const inputs = findInputs(options.file, { onProblem, onNote: say });
  const batches = readInputs(inputs, {
    newline: options.newline,
    ...(options.records && { records: options.records }),
    ...(options.signal && { signal: options.signal }),
    refuse: refused.refuse,
    onNote: say,
    onProblem,
  });
  return {
    batches,
    total: totalOf(inputs),
    repeatable: inputs.every(({ sizeBytes }) => sizeBytes !== undefined),
  };
}

function* sampleRecords(kind: string, count: number, newline: boolean): Generator<Buffer> {
  for (const line of sampleLines(kind, count)) yield newline ? Buffer.concat([line, lineEnd]) : line;
}

/** The size where it is known: compressed files grow, standard input has none. */
function totalOf(inputs: readonly Input[]): Total {
  const plain = inputs.every(({ path, sizeBytes }) => sizeBytes !== undefined && !/\.(gz|zst)$/.test(path));
  return plain ? { bytes: inputs.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0) } : {};
}

/** One run of the publisher: sources and target in, a true report out. */
import { join } from "node:path";
import { type OpenPart, openPart, type Part, type PartOptions, writeContinuation } from "./parts";
import { type Progress, startProgress, type Total } from "./progress";
import { Follower } from "./records/follow";
import { quietMs } from "./records/quiet";
import { joinsOf } from "./records/read-inputs";
import { RefusedFile } from "./records/refused";
import { UnsentFile } from "./records/unsent";
import type { Report } from "./report";
import type { Target } from "./target";
import { realClock } from "./wire/backoff";
import { connect } from "./wire/connection";
import { BatchMemory } from "./wire/packed-batch";
import type { PutBatch } from "./wire/put-batch";
import { type SendOptions, type Summary, sendAll } from "./wire/send";

export interface PublishOptions {
  /** What is sent, one after the other. */
  readonly parts: readonly Part[];
  /** Files that are followed as they grow, instead of parts: absolute paths. */
  readonly follow?: readonly string[];
  /** Join lines of these files: stack traces (true), or all up to the next that matches. */
  readonly multiline?: string | true;
  /** Folder of the file that says how far they were sent. */
  readonly stateDir: string;
  /** Add a newline to each record. */
  readonly newline: boolean;
  /** Records per second at the most. */
  readonly rate?: number;
  /** How long a batch is tried without success, in seconds; Infinity where files are followed. */
  readonly timeout: number;
  /** Calls in flight at the most. */
  readonly inFlight: number;
  /** Where records go that were not accepted. */
  readonly unsent?: string;
  /** Region of the buckets that are read. @default as the SDK finds it */
  readonly region?: string;
  /** Ends the run: what is in flight ends. */
  readonly signal?: AbortSignal;
}

interface Source {
  readonly batches: AsyncIterable<PutBatch>;
  readonly total: Total;
  /** The same can be read once more. */
  readonly repeatable: boolean;
  unsent(batch: PutBatch, of: PutBatch): void;
  /** Nothing more is sent: a source without end ends. */
  stop?(): void;
  /** The run has ended. Gives the file that says from where to go on, where there is one. */
  end(summary: Summary): Promise<string | undefined>;
}

/** Sends what the options name to the target. Throws for wrong inputs, before anything is sent. */
export async function publish(
  target: Target,
  options: PublishOptions,
  say: (text: string) => void,
): Promise<Report> {
  const refused = new RefusedFile(say);
  const unsent = new UnsentFile(options.unsent);
  const problems: string[] = [];
  const reading: PartOptions & { readonly memory: BatchMemory } = {
    newline: options.newline,
    memory: new BatchMemory(),
    ...(options.signal && { signal: options.signal }),
    ...(options.region !== undefined && { region: options.region }),
    refuse: refused.refuse,
    onNote: say,
    onProblem: (text) => {
      problems.push(text);
      say(text);
    },
  };
  const source = options.follow
    ? followed(options, options.follow, target.streamName, reading, unsent)
    : inParts(options, await openAll(options.parts, reading), unsent);
  if (options.unsent !== undefined || !source.repeatable) unsent.make();
  const progress = startProgress(source.total);
  const connection = connect(target);
  const startedMs = performance.now();
  try {
    const summary = await sendAll(connection.put, source.batches, sending(options, source, progress));
    const continueFile = await source.end(summary);
    return {
      ...summary,
      refused: refused.count,
      ...(refused.path && { refusedFile: refused.path }),
      problems,
      seconds: (performance.now() - startedMs) / 1000,
      streamName: target.streamName,
      target: target.description,
      ...(unsent.path && { unsentFile: unsent.path }),
      ...(continueFile && { continueFile }),
    };
  } finally {
    progress.stop();
    connection.close();
    unsent.close();
    refused.close();
  }
}

const sending = (options: PublishOptions, source: Source, progress: Progress): SendOptions => ({
  inFlight: options.inFlight,
  timeoutMs: options.timeout * 1000,
  ...(options.timeout === Number.POSITIVE_INFINITY && { maxAttempts: Number.POSITIVE_INFINITY }),
  repeatable: source.repeatable,
  onProgress: progress.update,
  onUnsent: source.unsent,
  ...(source.stop && { onStop: source.stop }),
  ...(options.rate && { ratePerSecond: options.rate }),
  ...(options.signal && { signal: options.signal }),
});

async function openAll(parts: readonly Part[], reading: PartOptions): Promise<OpenPart[]> {
  const open: OpenPart[] = [];
  for (const part of parts) open.push(await openPart(part, reading));
  return open;
}

function inParts(options: PublishOptions, open: readonly OpenPart[], unsent: UnsentFile): Source {
  const repeatable = open.every((part) => part.repeatable);
  return {
    batches: oneAfterTheOther(open),
    total: totalOf(open),
    repeatable,
    unsent: (batch) => unsent.write(batch),
    end: async (summary) => {
      if (!repeatable || !summary.stopped) return undefined;
      if (summary.accepted > 0) return writeContinuation(options.newline, open, unsent.path);
      unsent.discard(); // The input is still whole.
      return undefined;
    },
  };
}

async function* oneAfterTheOther(parts: readonly OpenPart[]): AsyncGenerator<PutBatch> {
  for (const { batches } of parts) yield* batches;
}

function totalOf(open: readonly OpenPart[]): Total {
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce(
      (total, value) => (total === undefined || value === undefined ? undefined : total + value),
      0,
    );
  const records = sum(open.map((part) => part.records));
  const bytes = sum(open.map((part) => part.bytes));
  return { ...(records !== undefined && { records }), ...(bytes !== undefined && { bytes }) };
}

/** What is not accepted when the run is stopped is read again by the next one; what was given up before is saved. */
function followed(
  options: PublishOptions,
  paths: readonly string[],
  streamName: string,
  reading: PartOptions & { readonly memory: BatchMemory },
  unsent: UnsentFile,
): Source {
  const joins = joinsOf(options.multiline);
  const ended = new AbortController();
  const follower = new Follower({
    ...reading,
    paths,
    state: join(options.stateDir, `followed-${streamName}.json`),
    quietMs,
    clock: realClock,
    signal: ended.signal,
    ...(joins && { continues: joins }),
  });
  return {
    batches: follower.batches(),
    total: {},
    repeatable: true,
    stop: () => ended.abort(),
    unsent: (batch, of) => {
      const isWhole = batch.count === of.count;
      if (isWhole && options.timeout === Number.POSITIVE_INFINITY) follower.hold(of);
      else unsent.write(batch);
    },
    end: async () => {
      await follower.close();
      return undefined;
    },
  };
}

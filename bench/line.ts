/**
 * One run of the whole line: `npm start` as a process of its own, `npm run publish` into it, until all is indexed and
 * backed up. CPU is read from /proc: Linux only.
 */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ready, startRun, startScript } from "../engines/local-run";
import { usageOf } from "./process-usage";
import { type ThreadUsage, threadsOf } from "./thread-usage";

export interface LineOptions {
  readonly records: number;
  /** What the publisher is told to send, all of it `records` records. @default as many numbered messages */
  readonly input?: { readonly file: string; readonly processor: string };
  /**
   * Streams of one program on one domain, that share the records; each has a publisher. A run to compare it with has as
   * many publishers. @default the project's own program
   */
  readonly streams?: { readonly count: number; readonly publishers: number };
  /** Whether all is measured a second time in the same run, as it is in the peers. @default false */
  readonly isRepeated?: boolean;
  /** Folder for profiles of CPU. @default none are taken */
  readonly profiles?: string;
}

export interface LineFigures extends Measured {
  readonly readySeconds: number;
  /** The same records once more, into the run that is warm now. */
  readonly again: Measured | undefined;
  /** Of all index files, for one time the records. */
  readonly indexBytes: number;
}

interface Measured {
  /** From the first record to the last count. */
  readonly seconds: number;
  readonly sentSeconds: number;
  /** Of the run, without its start. */
  readonly cpuSeconds: number;
  readonly publisherCpuSeconds: number;
  readonly peakMb: number;
  readonly indexed: number;
  readonly threads: readonly ThreadUsage[];
}

/** Counts of all streams together. */
type Status = Record<"accepted" | "indexed" | "waiting" | "backedUp", number>;

/** `whenSettled` may ask the run more, when it has the records once. */
export async function runLine(
  options: LineOptions,
  whenSettled: (ready: Ready) => Promise<void> = async () => {},
): Promise<LineFigures> {
  const data = mkdtempSync(join(tmpdir(), "firehose-bench-"));
  const beginMs = performance.now();
  const server = startRun({ data, ...settingsOf(options), env: profilingOf(options) });
  try {
    const ready = await server.ready;
    const readySeconds = (performance.now() - beginMs) / 1000;
    const figures = await measure(options, ready, server.child);
    await whenSettled(ready);
    const again = options.isRepeated
      ? await measure(options, ready, server.child, figures.indexed)
      : undefined;
    server.child.kill("SIGTERM");
    await server.ended;
    const indexBytes = bytesOfIndices(data) / (again === undefined ? 1 : 2);
    return { readySeconds, ...figures, again, indexBytes };
  } finally {
    server.child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  }
}

export function settingsOf({ input, streams }: LineOptions): { program?: string; set: string[] } {
  const set = input ? [`processor=${input.processor}`] : [];
  return streams ? { program: "bench/streams", set: [...set, `count=${streams.count}`] } : { set };
}

const profilingOf = ({ profiles }: LineOptions): Record<string, string> =>
  profiles ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles}` } : {};

async function measure(
  options: LineOptions,
  ready: Ready,
  server: ChildProcess,
  indexedBefore = 0,
): Promise<Measured> {
  const before = usageOf(server.pid!);
  const threadsBefore = threadsOf(server.pid!);
  const startMs = performance.now();
  const publisherCpuSeconds = await publishAll(options, ready);
  const sentSeconds = (performance.now() - startMs) / 1000;
  const { indexed } = await settled(ready);
  const seconds = (performance.now() - startMs) / 1000;
  const after = usageOf(server.pid!);
  return {
    seconds,
    sentSeconds,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    publisherCpuSeconds,
    peakMb: after.peakMb,
    indexed: indexed - indexedBefore,
    threads: threadsOf(server.pid!, threadsBefore),
  };
}

/** Each publisher has its part of the records, and its stream: the first one where there is one alone. */
export async function publishAll({ records, input, streams }: LineOptions, ready: Ready): Promise<number> {
  const publishers = streams?.publishers ?? 1;
  const what = input ? ["--file", input.file] : [String(records / publishers)];
  const sent = Array.from({ length: publishers }, (_, i) =>
    publish([...what, "--stream", ready.streams[i % ready.streams.length]!], ready.firehose),
  );
  return (await Promise.all(sent)).reduce((sum, cpuSeconds) => sum + cpuSeconds, 0);
}

/** @returns CPU seconds */
async function publish(args: readonly string[], firehose: string): Promise<number> {
  const publisher = startScript("publish", args, {
    AWS_ENDPOINT_URL_FIREHOSE: firehose,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
  });
  publisher.stdout!.resume();
  publisher.stderr!.resume();
  let { cpuSeconds } = usageOf(publisher.pid!);
  // Nothing is known of a process that has ended.
  const watch = setInterval(() => {
    cpuSeconds = usageOf(publisher.pid!).cpuSeconds || cpuSeconds;
  }, 50);
  const code = await new Promise<number | null>((done) => publisher.once("exit", done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`A publisher ended with ${code}.`);
  return cpuSeconds;
}

export async function settled({ dashboard, streams }: Ready): Promise<Status> {
  for (;;) {
    const all = await Promise.all(
      streams.map(async (name) => {
        const answer = await fetch(`${dashboard}/api/status?stream=${encodeURIComponent(name)}`);
        return (await answer.json()) as Status;
      }),
    );
    const sum = (key: keyof Status): number => all.reduce((total, status) => total + status[key], 0);
    const [accepted, indexed, waiting, backedUp] = [
      sum("accepted"),
      sum("indexed"),
      sum("waiting"),
      sum("backedUp"),
    ];
    if (waiting === 0 && backedUp >= accepted) return { accepted, indexed, waiting, backedUp };
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

function bytesOfIndices(data: string): number {
  return readdirSync(data, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /^index\.sqlite/.test(entry.name))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

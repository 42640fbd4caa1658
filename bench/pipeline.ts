/**
 * The whole line: `npm run publish` through endpoint, queue, closure, index and backup to the last count, of a run that is
 * cold and once more of the same run. Beside it what a warm OpenSearch and VictoriaLogs take for indexing the same
 * documents alone, and what of acknowledged ones each has lost when it is killed. CPU is read from /proc: Linux only.
 */
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { parseArgs } from "node:util";
import { sampleLines } from "../publisher/records/samples";
import { type LineFigures, type LineOptions, runLine } from "./line";
import { countLostByKill } from "./line-killed";
import { openSearchFigures } from "./opensearch";
import { compareStreams } from "./pipeline-streams";
import { printProfiles } from "./profile";
import type { PeerFigures } from "./source-file";
import { victoriaLogsFigures } from "./victoria-logs-figures";

/** Of the messages that the publisher numbers. */
const messages = "messages";

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      streams: { type: "string" },
      rounds: { type: "string", default: "3" },
      documents: { type: "string", default: messages },
      profile: { type: "boolean", default: false },
      alone: { type: "boolean", default: false },
    },
  });
  const records = Number(positionals[0] ?? 1_000_000);
  if (values.streams !== undefined)
    return compareStreams(Number(values.streams), records, Number(values.rounds));
  for (const documents of values.documents.split(",")) {
    const folder = mkdtempSync(join(tmpdir(), "bench-pipeline-"));
    try {
      const options = { records, ...(await inputOf(documents, records, folder)) };
      if (values.profile) await profile(options, folder);
      else await compare(documents, options, { folder, alone: values.alone });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Invented records of a processor, written beforehand, so that making them is not a part of the line. */
async function inputOf(
  documents: string,
  records: number,
  folder: string,
): Promise<Pick<LineOptions, "input">> {
  if (documents === messages) return {};
  const file = join(folder, "records.log");
  const out = createWriteStream(file);
  for (const line of sampleLines(documents, records))
    if (!out.write(`${line}\n`)) await new Promise<void>((go) => out.once("drain", () => go()));
  out.end();
  await finished(out);
  return { input: { file, processor: documents } };
}

async function compare(
  documents: string,
  options: LineOptions,
  { folder, alone }: { folder: string; alone: boolean },
): Promise<void> {
  const sources = join(folder, "documents.ndjson");
  const twice = { ...options, isRepeated: true };
  const line = await runLine(twice, ({ dashboard }) => saveDocuments(dashboard, sources));
  const bytes = statSync(sources).size;
  const lost = await countLostByKill(options);
  const own = { ...line, diskBytes: line.indexBytes, lost };
  const warm = { ...own, ...line.again };
  process.stdout.write(
    `${documents}: ${line.indexed} documents of ${Math.round(bytes / line.indexed)} bytes; ready after ${line.readySeconds.toFixed(1)} s, ` +
      `${Math.round(options.records / line.sentSeconds)} records/s accepted, publisher ${((line.publisherCpuSeconds * 1e6) / options.records).toFixed(2)} CPU s per 1M\n`,
  );
  const rows: Record<string, PeerFigures | string> = {
    "this, endpoint to last count, with backup, warm": warm,
    "this, from a start that is cold": own,
  };
  if (!alone) {
    const of = { file: sources, documents: line.indexed, processor: options.input?.processor ?? "map" };
    rows["OpenSearch 2.19, warm, indexing alone"] = await openSearchFigures(of);
    rows["VictoriaLogs, indexing alone"] = await victoriaLogsFigures(of);
  }
  print(rows, { count: line.indexed, bytes });
}

/** As the transform made them, without the names that the index has for them. */
async function saveDocuments(dashboard: string, file: string): Promise<void> {
  const answer = await fetch(`${dashboard}/api/export`);
  const lines = createInterface({ input: Readable.fromWeb(answer.body as ReadableStream) });
  const before = `"_source":`;
  await pipeline(
    lines,
    async function* (all: AsyncIterable<string>) {
      for await (const line of all) yield `${line.slice(line.indexOf(before) + before.length, -1)}\n`;
    },
    createWriteStream(file),
  );
}

function print(
  rows: Readonly<Record<string, PeerFigures | string>>,
  { count, bytes }: { count: number; bytes: number },
): void {
  const [warm] = Object.values(rows) as [PeerFigures];
  const table = Object.entries(rows).map(([name, row]) => [
    name,
    typeof row === "string"
      ? { "CPU s per 1M": row }
      : {
          "CPU s per 1M": ((row.cpuSeconds * 1e6) / count).toFixed(2),
          "this to it": (warm.cpuSeconds / row.cpuSeconds).toFixed(2),
          "CPU s per GB": ((row.cpuSeconds * 1e9) / bytes).toFixed(1),
          "records/s": Math.round(count / row.seconds),
          "MB/s": (bytes / row.seconds / 1e6).toFixed(1),
          "disk per byte": (row.diskBytes / bytes).toFixed(2),
          "peak MB": Math.round(row.peakMb),
          "gone after kill -9": row.lost,
        },
  ]);
  console.table(Object.fromEntries(table));
}

/** A run of its own: taking profiles costs CPU too. */
async function profile(options: LineOptions, folder: string): Promise<void> {
  const profiles = join(folder, "profiles");
  mkdirSync(profiles);
  const { threads, cpuSeconds }: LineFigures = await runLine({ ...options, profiles });
  process.stdout.write(`${cpuSeconds.toFixed(1)} CPU s, ${options.records} records, by thread\n`);
  console.table(
    threads
      .filter((thread) => thread.cpuSeconds >= 0.05)
      .sort((one, other) => other.cpuSeconds - one.cpuSeconds)
      .map(({ name, cpuSeconds }) => ({ thread: name, "CPU s": cpuSeconds.toFixed(2) })),
  );
  printProfiles(readdirSync(profiles).map((name) => join(profiles, name)));
}

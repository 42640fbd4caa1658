/**
 * `npm run bench -- processors [NAME …] [--rounds N]`: CPU time of each processor's emitted text against the same
 * source not serialized, in batches of 500 records, text in and text out as Lambda does it; and the size of the text.
 */
import { deflateRawSync } from "node:zlib";
import type { TransformEvent } from "../firehose/transform";
import { processorChain, processors } from "../processors";
import { emit, loadEmitted } from "../processors/dev/emit";
import { type TransformHandler, transformHandlerFactory } from "../processors/handler";
import { sampleKinds, sampleLines } from "../publisher/records/samples";
import { combinedLine } from "../publisher/records/samples/access-log";
import { createRandom } from "../publisher/records/samples/random";

const batchRecords = 500;
const batchesPerRound = 100;
const startMs = 1_772_366_400_000;

export async function run(args: string[]): Promise<void> {
  const rounds = args.includes("--rounds") ? Number(args[args.indexOf("--rounds") + 1]) : 5;
  const wanted = args.filter((arg, i) => !arg.startsWith("--") && args[i - 1] !== "--rounds");
  printRow(["processor", "CPU s per 1M", "not serialized", "ratio", "text kB", "zipped kB"]);
  for (const value of wanted.length > 0 ? wanted : Object.keys(processors)) {
    const chain = processorChain(value);
    if (typeof chain === "string") throw new Error(chain);
    const text = await emit(chain);
    const [emitted, source] = await interleaved(
      [loadEmitted(text), transformHandlerFactory(chain)()],
      eventText(value),
      rounds,
    );
    const kB = (bytes: number) => (bytes / 1000).toFixed(1);
    const ratio = (emitted! / source!).toFixed(2);
    printRow([
      value,
      emitted!.toFixed(2),
      source!.toFixed(2),
      ratio,
      kB(text.length),
      kB(deflateRawSync(text).length),
    ]);
  }
}

function printRow(cells: readonly string[]): void {
  process.stdout.write(
    `${cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(16))).join("")}\n`,
  );
}

/** Least CPU seconds per million records of each handler; in turns, so that both meet the same machine. */
async function interleaved(
  handlers: readonly TransformHandler[],
  event: string,
  rounds: number,
): Promise<number[]> {
  const best = handlers.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, handler] of handlers.entries()) {
      const before = process.cpuUsage();
      for (let batch = 0; batch < batchesPerRound; batch++) {
        JSON.stringify(await handler(JSON.parse(event) as TransformEvent));
      }
      const { user, system } = process.cpuUsage(before);
      // The first round warms up.
      if (round > 0) best[i] = Math.min(best[i]!, (user + system) / (batchesPerRound * batchRecords));
    }
  }
  return best;
}

/** Combined-format lines for access logs and what reads any text; single events where a payload would be put again. */
function eventText(value: string): string {
  const kind = value.split(",").find((name) => sampleKinds.includes(name)) ?? "access-log";
  const lines =
    kind === "access-log" ? combinedLines() : [...sampleLines(kind, batchRecords, 1, startMs)].map(String);
  const records = lines.map((line, i) => ({
    recordId: `${i}`.padStart(56, "0"),
    approximateArrivalTimestamp: startMs,
    data: Buffer.from(`${kind === "cloudwatch-logs" ? singleEvent(line) : line}\n`).toString("base64"),
  }));
  const deliveryStreamArn = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/web";
  return JSON.stringify({ invocationId: "bench", deliveryStreamArn, region: "eu-west-1", records });
}

function combinedLines(): string[] {
  const random = createRandom(1);
  return Array.from({ length: batchRecords }, (_, i) => combinedLine(random, startMs + i * 50));
}

function singleEvent(line: string): string {
  const payload = JSON.parse(line) as { logEvents: unknown[] };
  return JSON.stringify({ ...payload, logEvents: payload.logEvents.slice(-1) });
}

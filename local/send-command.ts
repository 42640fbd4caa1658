/** What to type in a second terminal so that records come into this very run. */
import { join } from "node:path";
import { commandFolder, typedCommand, typedWord } from "../typed/command";

export interface RunPlace {
  readonly stack: string;
  readonly dataFolder: string;
  /** As configured: a name, or several joined by commas; undefined where nobody knows. */
  readonly processor: string | undefined;
  /** One of several streams; undefined where there is one only. @default undefined */
  readonly streamName?: string | undefined;
}

/** Kinds of records that the publisher can invent, each read by the processor of the same name. */
export const sampledProcessors = ["access-log", "cloudtrail", "cloudwatch-logs", "json-events"] as const;

/** The kind that a chain of processors reads; undefined where it reads messages, or nobody knows. */
export const sampleOf = (processor: string | undefined): string | undefined =>
  sampledProcessors.find((kind) => processor?.split(",")[0]?.trim() === kind);

/**
 * `npm run publish -- 1000`, with what finds this run and what its processor can read.
 * @param folder in which the command is typed: it finds the run of that folder's program by itself
 */
export function sendCommand(
  { stack, dataFolder, processor, streamName }: RunPlace,
  folder = commandFolder(),
): string {
  const sample = sampleOf(processor);
  const isUsual = dataFolder === join(folder, ".local", stack);
  const where = isUsual
    ? stack === "dev"
      ? []
      : ["--stack", stack]
    : ["--local", "--data", typedWord(dataFolder)];
  const which = streamName === undefined ? [] : ["--stream", streamName];
  return [
    typedCommand("publish", ""),
    "1000",
    ...which,
    ...(sample ? ["--sample", sample] : []),
    ...where,
  ].join(" ");
}

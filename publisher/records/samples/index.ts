/** Data of each kind for a trial without real logs: invented, realistic, the same for the same seed. */
import { accessLogLine } from "./access-log";
import { cloudtrailEvent } from "./cloudtrail";
import { cloudwatchLogsPayload } from "./cloudwatch-logs";
import { jsonEvent } from "./json-events";
import { createRandom, type Random } from "./random";

const samples: Readonly<Record<string, (random: Random, ms: number) => string>> = {
  "access-log": accessLogLine,
  "json-events": jsonEvent,
  "cloudwatch-logs": cloudwatchLogsPayload,
  cloudtrail: cloudtrailEvent,
};

/** The kinds that {@link sampleLines} knows: names of processors. */
export const sampleKinds: readonly string[] = Object.keys(samples);

const spanMs = 3_600_000;

/**
 * `count` records of a kind, without a line end, made one by one. They are dated in even steps over the hour that
 * ends at `endMs`, milliseconds since 1970, so that they show up in a dashboard's last hour.
 * @param seed the same seed makes the same records, but for their times. @default 1
 * @param endMs @default now
 */
export function* sampleLines(kind: string, count: number, seed = 1, endMs = Date.now()): Iterable<Buffer> {
  const make = Object.hasOwn(samples, kind) ? samples[kind] : undefined;
  if (!make)
    throw new RangeError(`There is no sample ${JSON.stringify(kind)}; there are ${sampleKinds.join(", ")}.`);
  const random = createRandom(seed);
  const startMs = endMs - spanMs;
  for (let i = 1; i <= count; i++) {
    yield Buffer.from(make(random, Math.round(startMs + (spanMs * i) / count)), "utf8");
  }
}

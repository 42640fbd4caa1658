/** What is other in the plan of a program that was changed while it runs: functions are replaced, the rest waits. */
import { sep } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { archivePathsOf, type Plan, type ProcessorPlan, type StreamPlan } from "./plan/plan";

export interface Changes {
  /** By the stream's name. */
  readonly functions: ReadonlyMap<string, ProcessorPlan>;
  /** Ends of sentences: what takes effect at the next start. */
  readonly later: readonly string[];
}

/** What a function that runs can take over: its buffer was made with the hints of the start. */
const replaceable = ({
  bufferIntervalSeconds: _seconds,
  bufferSizeMiB: _size,
  ...processor
}: ProcessorPlan): object => processor;

const hints = ({ bufferIntervalSeconds, bufferSizeMiB }: ProcessorPlan): object => ({
  bufferIntervalSeconds,
  bufferSizeMiB,
});

/** The functions of a run. */
export class Reload {
  constructor(
    /** What runs. */
    private plan: Plan,
    private readonly streams: readonly {
      readonly stream: StreamPlan;
      readonly pipeline: { replaceFunction(processor: ProcessorPlan): void };
    }[],
  ) {}

  /** @returns sentences on what is other now, and on what will be at the next start */
  takeOver(plan: Plan, changed: readonly string[]): string[] {
    const { functions, later } = changesBetween(this.plan, plan, changed);
    const said = [];
    for (const { stream, pipeline } of this.streams) {
      const { deliveryStreamName: name } = stream;
      const processor = functions.get(name);
      if (!processor) continue;
      pipeline.replaceFunction(processor);
      said.push(`${name}: the function ${processor.name} is the saved one from the next records on.`);
    }
    const streams = this.plan.streams.map((stream) => {
      const processor = functions.get(stream.deliveryStreamName);
      return processor ? { ...stream, processor } : stream;
    });
    this.plan = { ...this.plan, streams };
    if (later.length > 0) said.push(`at the next start: ${later.join("; ")}.`);
    return said.length > 0 ? said : ["what was saved changes nothing here."];
  }
}

/** @param changed paths of files that have changed: the plan holds the text of closures, and of archives the paths */
export function changesBetween(before: Plan, after: Plan, changed: readonly string[]): Changes {
  const functions = new Map<string, ProcessorPlan>();
  const later: string[] = [];
  for (const stream of after.streams) {
    const { deliveryStreamName: name, processor } = stream;
    const old = before.streams.find((one) => one.deliveryStreamName === name);
    if (!old) {
      later.push(`the stream ${name} is new`);
      continue;
    }
    if (old.processor && processor) {
      const isOther = !isDeepStrictEqual(replaceable(old.processor), replaceable(processor));
      if (isOther || holdsAny(processor, changed)) functions.set(name, processor);
    }
    later.push(...othersOf(old, stream).map((what) => `${name}: ${what}`));
  }
  for (const { deliveryStreamName: name } of before.streams) {
    if (!after.streams.some((one) => one.deliveryStreamName === name))
      later.push(`the stream ${name} is gone`);
  }
  if (!isDeepStrictEqual(before.objectFunctions, after.objectFunctions))
    later.push("the functions of log buckets");
  if (!isDeepStrictEqual(before.probes, after.probes)) later.push("the functions of probes");
  return { functions, later };
}

function holdsAny(processor: ProcessorPlan, changed: readonly string[]): boolean {
  const paths = archivePathsOf(processor);
  return changed.some((file) => paths.some((path) => file === path || file.startsWith(path + sep)));
}

const names: readonly [keyof StreamPlan, string][] = [
  ["destination", "the destination"],
  ["backup", "the backup"],
  ["panels", "the panels"],
  ["indexRetentionDays", "the retention of indices"],
  ["indexTemplate", "the index template"],
];

function othersOf(old: StreamPlan, now: StreamPlan): string[] {
  const found = names.filter(([key]) => !isDeepStrictEqual(old[key], now[key])).map(([, what]) => what);
  if (!old.processor !== !now.processor)
    found.push(now.processor ? "a function where there was none" : "no function");
  else if (old.processor && now.processor && !isDeepStrictEqual(hints(old.processor), hints(now.processor)))
    found.push("the buffering hints of the function");
  return found;
}

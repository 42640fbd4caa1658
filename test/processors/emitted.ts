/** The text that would be uploaded as Lambda code, made and loaded as Pulumi and Lambda do it. */
import type { TransformAnswer, TransformEvent } from "../../firehose/transform";
import { processorChain } from "../../processors";
import { emit, loadEmitted } from "../../processors/dev/emit";
import { outcomeOf } from "../../processors/dev/fixtures";
import type { TransformHandler } from "../../processors/handler";

export interface Emitted {
  readonly text: string;
  readonly handler: TransformHandler;
}

/** What the handlers have warned of; a handler takes `console.warn` at its cold start. */
export const warnings: string[] = [];

const known = new Map<string, Promise<Emitted>>();

/** Serializes the chain of a configured value such as `redact,access-log`; once per value and test run. */
export function emitted(value: string): Promise<Emitted> {
  const promise = known.get(value) ?? serialize(value);
  known.set(value, promise);
  return promise;
}

/** The same text loaded afresh, as by a cold start. */
export async function coldStart(value: string): Promise<TransformHandler> {
  return load((await emitted(value)).text);
}

async function serialize(value: string): Promise<Emitted> {
  const chain = processorChain(value);
  if (typeof chain === "string") throw new Error(chain);
  const text = await emit(chain);
  return { text, handler: load(text) };
}

function load(text: string): TransformHandler {
  const { setTimeout } = globalThis;
  const { warn } = console;
  // A handler takes its clock at its cold start: what it waits for takes no time.
  globalThis.setTimeout = ((run: () => void) => setImmediate(run)) as unknown as typeof setTimeout;
  console.warn = (warning: unknown) =>
    warnings.push(typeof warning === "string" ? warning : JSON.stringify(warning));
  try {
    return loadEmitted(text);
  } finally {
    console.warn = warn;
    globalThis.setTimeout = setTimeout;
  }
}

export const deliveryStreamArn = "arn:aws:firehose:eu-west-1:111122223333:deliverystream/web";

/** When the records of {@link eventOf} arrived: 2026-03-01T12:00:00Z. */
export const arrivalMs = 1_772_366_400_000;

/** An event as Firehose sends it, with ids r0, r1, … */
export function eventOf(records: readonly (string | Buffer)[]): TransformEvent {
  return {
    invocationId: "invocation",
    deliveryStreamArn,
    region: "eu-west-1",
    records: records.map((data, i) => ({
      recordId: `r${i}`,
      approximateArrivalTimestamp: arrivalMs,
      data: Buffer.from(data as string).toString("base64"),
    })),
  };
}

export type Answered =
  // biome-ignore lint/suspicious/noExplicitAny: a document of any shape
  { readonly result: "Ok"; readonly document: any; readonly text: string } | { readonly result: string };

/** The answer's documents, parsed. */
export const read = (answer: TransformAnswer): Answered[] =>
  answer.records.map(({ result, data }) => {
    if (result !== "Ok") return { result };
    const text = Buffer.from(data ?? "", "base64").toString("utf8");
    return { result, text, document: JSON.parse(text) };
  });

/** Runs records through the emitted text. */
export async function run(value: string, ...records: (string | Buffer)[]): Promise<Answered[]> {
  const { handler } = await emitted(value);
  return read(await handler(eventOf(records)));
}

/** What becomes of each record, as fixtures say it. */
export async function outcomes(value: string, records: readonly string[]): Promise<unknown[]> {
  const { handler } = await emitted(value);
  return (await handler(eventOf(records))).records.map((one, i) => outcomeOf(one, records[i]!));
}

/** The document of the only record; fails where it has none. */
// biome-ignore lint/suspicious/noExplicitAny: a document of any shape
export async function documentOf(value: string, record: string | Buffer): Promise<any> {
  const [answered] = await run(value, record);
  if (!answered || !("document" in answered)) throw new Error(`no document: ${JSON.stringify(answered)}`);
  return answered.document;
}

/** A document's text without the time of its arrival, where the handler wrote that in front. */
export const withoutArrival = (text: string): string =>
  text.replace(`{"@timestamp":"${new Date(arrivalMs).toISOString()}"`, "{").replace(/^\{,/, "{");

/** From a chain of processors to the handler that runs from its emitted text. */
import { emit } from "../../processors/dev/emit";
import type { Processor } from "../../processors/processor";
import { type ClosureOptions, type Handler, loadHandler } from "../infra/run-closure";

export { emit as serialize };

const known = new Map<string, Promise<string>>();

/** A cold start; the text is made once for each chain of the registry's, whose processors are the same objects. */
export async function emitted(chain: readonly Processor[], options: ClosureOptions = {}): Promise<Handler> {
  const ids = chain.map(idOf).join();
  const text = known.get(ids) ?? emit(chain);
  known.set(ids, text);
  return loadHandler(await text, options);
}

const idsOfProcessors = new Map<Processor, number>();

function idOf(processor: Processor): number {
  const id = idsOfProcessors.get(processor) ?? idsOfProcessors.size;
  idsOfProcessors.set(processor, id);
  return id;
}

export const base64 = (text: string): string => Buffer.from(text).toString("base64");
export const text = (data: string): string => Buffer.from(data, "base64").toString();

/** An event with a record for each text; the ids are r1, r2, … */
export const eventOf = (...texts: readonly string[]) => ({
  invocationId: "invocation",
  deliveryStreamArn: "arn:aws:firehose:eu-west-1:111122223333:deliverystream/web",
  region: "eu-west-1",
  records: texts.map((line, i) => ({
    recordId: `r${i + 1}`,
    approximateArrivalTimestamp: 1772323200000 + i,
    data: base64(line),
  })),
});

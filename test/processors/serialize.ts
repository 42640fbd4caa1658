/** From a chain of processors to the handler that runs from its emitted text. */
import { emit } from "../../processors/dev/emit";
import type { Processor } from "../../processors/processor";
import { type ClosureOptions, type Handler, loadHandler } from "../infra/run-closure";

export { emit as serialize };

export async function emitted(chain: readonly Processor[], options: ClosureOptions = {}): Promise<Handler> {
  return loadHandler(await emit(chain), options);
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

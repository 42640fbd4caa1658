/**
 * From the function for one record to the handler that Firehose calls with a batch. This folder is the only place
 * with the base64 of the transform.
 *
 * All of it is serialized into the Lambda, and a captured function is built anew at each call there. So
 * everything here, as every processor, is a factory: called once at cold start, it makes the functions and
 * locals that run for each record. What a chain does not need is not captured, so it is not in its text.
 */
import type { TransformAnswer, TransformEvent } from "../../firehose/transform";
import type { Outcome, Processor } from "../processor";
import { createAnswer } from "./answer";
import { createChain, createSingle } from "./chain";
import { createCodec } from "./codec";
import { createPutFurther } from "./further";

export type TransformHandler = (event: TransformEvent) => Promise<TransformAnswer>;

/**
 * The factory to serialize: `() => async (event) => answer`. Each processor of `chain` gets the text of the one
 * before it. A record whose processor throws fails alone, as does a record for whose document the answer has no
 * room left.
 */
export function transformHandlerFactory(chain: readonly Processor[]): () => TransformHandler {
  const factories = chain.map((processor) => processor.create);
  const createMask = chain.find((processor) => processor.mask)?.mask;
  const createPutAgain = chain.find((processor) => processor.putAgain)?.putAgain;
  const createFurther = createPutAgain && createPutFurther;
  const createRun = chain.length === 1 ? createSingle : createChain;
  return () => {
    const { read, encode } = createCodec();
    const run = createRun(factories, createMask);
    const answer = createAnswer(encode, createFurther?.(createPutAgain!));
    const { all } = Promise;
    return async (event) => {
      const pending = event.records.map((record) => run(read(record)));
      const isLater = pending.some((outcome) => "then" in outcome);
      return answer(event, (isLater ? await all.call(Promise, pending) : pending) as Outcome[]);
    };
  };
}

/**
 * From the function for one record to the handler that Firehose calls with a batch. This folder is the only place
 * with the base64 of the transform.
 *
 * All of it is serialized into the Lambda, and a captured function is built anew at each call there. So
 * everything here, as every processor, is a factory: called once at cold start, it makes the functions and
 * locals that run for each record. What a chain does not need is not captured, so it is not in its text.
 */
import type { TransformAnswer, TransformEvent, TransformEventRecord } from "../../firehose/transform";
import type { Outcome, Processor, SourceRecord } from "../processor";
import { createAnswer } from "./answer";
import { createChain, createSingle } from "./chain";
import { createEncode } from "./encode";
import { createPutFurther } from "./further";
import { createProbed } from "./probe";

export type TransformHandler = (event: TransformEvent) => Promise<TransformAnswer>;

/** As parameters below, not as imports: a closure would hold modules with them, and their names a second time. */
const parts = { createEncode, createAnswer };

export interface HandlerOptions {
  /** Whether the stream's probe is let through. @default false, and nothing of it is in the text */
  readonly isProbed?: boolean;
}

/**
 * The factory to serialize: `() => async (event) => answer`. Each processor of `chain` gets the text of the one
 * before it. A record whose processor throws fails alone, as does a record for whose document the answer has no
 * room left.
 */
export function transformHandlerFactory(
  chain: readonly Processor[],
  { isProbed = false }: HandlerOptions = {},
): () => TransformHandler {
  const [first] = chain;
  const create = chain.length === 1 ? createSingle : createChain;
  if (isProbed) return readingFactory(chain, createProbed(create), parts);
  if (chain.length > 1 || !first?.readsNothing) return readingFactory(chain, create, parts);
  return answeringFactory(first.create as () => () => Outcome, parts);
}

/** For a processor that reads nothing: its outcomes are there at once, and all of them Ok. */
const answeringFactory =
  (create: () => () => Outcome, { createEncode, createAnswer }: typeof parts) =>
  (): TransformHandler => {
    const run = create();
    const answer = createAnswer(createEncode());
    return ({ records }) =>
      answer(
        records,
        records.map(() => run()),
      );
  };

/** An outcome as it may be: a processor's types are not there when it runs. */
interface Said {
  readonly result: string;
  readonly again?: readonly string[];
  readonly reason?: string;
}

function readingFactory(
  chain: readonly Processor[],
  createRun: typeof createSingle,
  { createEncode, createAnswer }: typeof parts,
): () => TransformHandler {
  const factories = chain.map((processor) => processor.create);
  const createMask = chain.find((processor) => processor.mask)?.mask;
  const createPutAgain = chain.find((processor) => processor.putAgain)?.putAgain;
  const createFurther = createPutAgain && createPutFurther;
  return () => {
    const { all } = Promise;
    const from = Buffer.from.bind(Buffer) as (text: string, encoding: "base64") => Buffer;
    const run = createRun(factories, createMask);
    const putFurther = createFurther?.(createPutAgain!);
    const answer = createAnswer(createEncode());
    const read = ({ recordId, approximateArrivalTimestamp, data }: TransformEventRecord): SourceRecord => {
      const bytes = () => from(data, "base64");
      const text = () => {
        const whole = bytes().toString();
        return whole.endsWith("\n") ? whole.slice(0, whole.endsWith("\r\n") ? -2 : -1) : whole;
      };
      return { recordId, approximateArrivalTimestamp, text, bytes };
    };
    const settle = (outcome: Outcome): Outcome => {
      const { result, again, reason = "the processor's result is none of the three" } = outcome as Said;
      if (again?.length && !putFurther)
        return { result: "ProcessingFailed", reason: "the chain puts no further documents" };
      return result === "Ok" || result === "Dropped" ? outcome : { result: "ProcessingFailed", reason };
    };
    return async (event) => {
      const pending = event.records.map((record) => run(read(record)));
      const isLater = pending.some((outcome) => "then" in outcome);
      const outcomes = ((isLater ? await all.call(Promise, pending) : pending) as Outcome[]).map(settle);
      return answer(event.records, outcomes, (answered, fail) => {
        outcomes.forEach((outcome, i) => {
          if (outcome.result === "ProcessingFailed") fail(i, outcome.reason);
        });
        return putFurther?.(event, outcomes, answered, fail);
      });
    };
  };
}

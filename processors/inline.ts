/** Processors that a program writes where it makes its pipeline. */
import type { Outcome, Processor, ProcessorFactory, SourceRecord } from "./processor";

/** What becomes of one record. */
export type EachRecord = (record: SourceRecord) => Outcome | Promise<Outcome>;

/**
 * A function of one record, or without a parameter a factory of one: what stands inside a factory is made once, at
 * the cold start, while a plain function is built anew for each record.
 */
export type InlineProcessor = (record: SourceRecord) => Outcome | Promise<Outcome> | EachRecord;

export function inlineProcessor(own: InlineProcessor): Processor {
  const each = own as EachRecord;
  if (own.length > 0) return { create: () => each };
  const make = own as () => ReturnType<InlineProcessor>;
  const create = () => {
    const made = make();
    // Also a function that answers all records alike needs no parameter.
    return typeof made === "function" ? made : each;
  };
  return { create: create as ProcessorFactory };
}

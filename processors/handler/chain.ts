/** A record's way through the processors; the result is a promise only where a processor's is one. */
import type { MaskFactory, Outcome, ProcessorFactory, SourceRecord } from "../processor";

type Run = (record: SourceRecord) => Outcome | Promise<Outcome>;

/**
 * One processor. Where it throws, the record fails with the exception's name and place, which stands behind the
 * message, as that may look like one. The message may quote the record: it is added where the chain masks it, and on
 * the developer's own machine, where PROCESSOR_MESSAGES is set.
 */
export function createSingle(
  [create]: readonly ProcessorFactory[],
  createMask: MaskFactory | undefined,
): Run {
  const run = create!();
  const mask = createMask?.() ?? (process.env["PROCESSOR_MESSAGES"] === "all" && ((text: string) => text));
  const thrown = (error: unknown): Outcome => {
    const { name = "Error", message = "", stack = "" } = (error ?? {}) as Partial<Error>;
    const [, place = ""] = /\n\s+(at .+)/.exec(stack.slice(stack.indexOf(message) + message.length)) ?? [];
    const said = mask && message ? `: ${mask(message).slice(0, 200)}` : "";
    return { result: "ProcessingFailed", reason: `the processor threw ${name} ${place}`.trim() + said };
  };
  const checked = (outcome: Outcome): Outcome =>
    typeof ((outcome as { text?: unknown }).text ?? "") === "string" ? outcome : thrown("no text");
  return (record) => {
    try {
      const outcome = run(record);
      return "then" in outcome ? outcome.then(checked).catch(thrown) : checked(outcome);
    } catch (error) {
      return thrown(error);
    }
  };
}

/**
 * Several in a row, each with the text of the one before it. A failed record keeps nothing: its source is in the failed
 * records as a whole, to be sent again from there.
 */
export function createChain(
  factories: readonly ProcessorFactory[],
  createMask: MaskFactory | undefined,
): Run {
  const single = createSingle;
  const bytesOf = Buffer.from.bind(Buffer) as (text: string, encoding: "utf8") => Buffer;
  const then = (outcome: ReturnType<Run>, next: (outcome: Outcome) => ReturnType<Run>) =>
    "then" in outcome ? outcome.then(next) : next(outcome);
  const chained =
    (first: Run, second: Run): Run =>
    (record) =>
      then(first(record), (outcome) => {
        if (outcome.result !== "Ok") return outcome;
        const { text, again = [] } = outcome;
        const next =
          text == null ? record : { ...record, text: () => text, bytes: () => bytesOf(text, "utf8") };
        return then(second(next), (rest) =>
          rest.result === "ProcessingFailed"
            ? rest
            : { ...outcome, ...rest, again: [...again, ...(rest.again ?? [])] },
        );
      });
  return factories.map((create) => single([create], createMask)).reduce(chained);
}

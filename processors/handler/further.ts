/** The further documents of all records of a batch; a record whose documents were not taken fails. */
import type { TransformEvent } from "../../firehose/transform";
import type { Outcome, PutAgainFactory } from "../processor";
import type { Answered, Fail } from "./answer";

export function createPutFurther(createPutAgain: PutAgainFactory) {
  const putAgain = createPutAgain();
  return async (
    event: TransformEvent,
    outcomes: readonly Outcome[],
    answered: readonly Answered[],
    fail: Fail,
  ): Promise<void> => {
    const owners: number[] = [];
    const documents: string[] = [];
    outcomes.forEach((outcome, i) => {
      if (answered[i]!.result === "ProcessingFailed" || !("again" in outcome)) return;
      for (const document of outcome.again ?? []) {
        owners.push(i);
        documents.push(document);
      }
    });
    if (owners.length === 0) return;
    const taken = await putAgain(event, documents).catch(() => []);
    const lost = owners.filter((_, i) => taken[i] !== true);
    for (const owner of new Set(lost)) fail(owner, "the stream did not take its further documents");
  };
}

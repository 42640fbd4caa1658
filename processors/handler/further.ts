/** The further documents of all records of a batch; a record whose documents were not taken fails. */
import type { TransformEvent } from "../../firehose/transform";
import type { Outcome, PutAgainFactory } from "../processor";

export function createPutFurther(createPutAgain: PutAgainFactory) {
  const putAgain = createPutAgain();
  return async (event: TransformEvent, outcomes: Outcome[]): Promise<void> => {
    const owners: number[] = [];
    const documents: string[] = [];
    outcomes.forEach((outcome, i) => {
      if (outcome.result === "ProcessingFailed" || !outcome.again?.length) return;
      for (const document of outcome.again) {
        owners.push(i);
        documents.push(document);
      }
    });
    if (owners.length === 0) return;
    const taken = await putAgain(event, documents).catch(() => []);
    owners.forEach((owner, i) => {
      if (taken[i] === true) return;
      outcomes[owner] = {
        result: "ProcessingFailed",
        reason: "the stream did not take its further documents",
      };
    });
  };
}

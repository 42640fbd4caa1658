/** Replaces every record with `{"message":"bye world! <uuid>"}`: the example to start a processor from. */
import { randomUUID } from "node:crypto";
import type { ProcessorFactory } from "./processor";

export const map: ProcessorFactory = () => {
  const uuid = randomUUID;
  return () => ({ result: "Ok", text: `{"message":"bye world! ${uuid()}"}` });
};

/** The answer in the order of the records, as large as Lambda's limit allows: a larger one would fail the whole batch. */
import { maxInvocationBytes } from "../../firehose/limits";
import type { TransformAnswer, TransformAnswerRecord, TransformEvent } from "../../firehose/transform";
import type { Outcome } from "../processor";
import { createEncode } from "./document";

type PutFurther = (event: TransformEvent, outcomes: Outcome[]) => Promise<void>;

/**
 * FIRST the answer's size is counted as if all had failed, and each document gets its room, in the order of the
 * records; what finds none fails. THEN the further documents are put: those of a record without room would be there
 * twice when it is sent again. THEN each document is written with its time; where that finds no room, without.
 * Reasons go to the log with the ids of their records, so that a failed record can be told why: as objects, which
 * Lambda's JSON format keeps, so that filters find the fields in them.
 */
export function createAnswer(putFurther: PutFurther | undefined) {
  const encode = createEncode();
  const bytesOf = Buffer.byteLength.bind(Buffer);
  const { warn } = console;
  const { ceil } = Math;
  const { create } = Object;
  const maxBytes = maxInvocationBytes;
  const bytesOfFailed = '{"recordId":"","result":"ProcessingFailed"},'.length;
  return async (event: TransformEvent, outcomes: Outcome[]): Promise<TransformAnswer> => {
    const { records } = event;
    const failed: Record<string, string[]> = create(null);
    let room = maxBytes - '{"records":[]}'.length;
    let withoutTime = 0;
    for (const { recordId } of records) room -= bytesOfFailed + recordId.length;
    const fail = (i: number, reason: string): number => {
      outcomes[i] = { result: "ProcessingFailed", reason };
      return 0;
    };
    const sizes = outcomes.map((outcome, i) => {
      if (outcome.result === "ProcessingFailed") return 0;
      if (outcome.again?.length && !putFurther) return fail(i, "the chain puts no further documents");
      if (outcome.result !== "Ok") return 0;
      const { text } = outcome;
      const size = text === undefined ? records[i]!.data.length : ceil(bytesOf(text) / 3) * 4;
      if (size > room) return fail(i, `the answer would be larger than ${maxBytes} bytes`);
      room -= size;
      return size;
    });
    await putFurther?.(event, outcomes);
    const answered = records.map(({ recordId, data: source, approximateArrivalTimestamp }, i) => {
      const outcome = outcomes[i]!;
      const { result } = outcome;
      if (result === "Ok") {
        let data = encode(outcome.text, source, approximateArrivalTimestamp);
        if (data.length - sizes[i]! > room) {
          withoutTime++;
          data = encode(outcome.text, source, -1);
        }
        room -= data.length - sizes[i]!;
        return { recordId, result, data };
      }
      if (result === "Dropped") return { recordId, result };
      const { reason = "the processor's result is none of the three" } = outcome;
      failed[reason] = failed[reason] ?? [];
      failed[reason].push(recordId);
      return { recordId, result: "ProcessingFailed" };
    });
    for (const [reason, ids] of Object.entries(failed)) {
      while (ids.length > 0) {
        const recordIds = ids.splice(0, 1000);
        warn({ processingFailed: { reason, count: recordIds.length, recordIds } });
      }
    }
    if (withoutTime > 0) warn({ withoutTime });
    return { records: answered as TransformAnswerRecord[] };
  };
}

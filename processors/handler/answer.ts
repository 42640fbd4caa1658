/** The answer in the order of the records, as large as Lambda's limit allows: a larger one would fail the whole batch. */
import { maxInvocationBytes } from "../../firehose/limits";
import type { TransformAnswer, TransformAnswerRecord, TransformEvent } from "../../firehose/transform";
import type { Outcome } from "../processor";

/** A record of the answer while it is made. */
export interface Answered {
  readonly recordId: string;
  readonly result: string;
  data?: string;
}

type Encode = (text: string | undefined, source: string, arrivalMs: number) => string;

/** Puts the further documents of the records that have not failed, and fails those whose documents are not taken. */
export type PutFurther = (
  event: TransformEvent,
  outcomes: readonly Outcome[],
  answered: readonly Answered[],
  fail: (i: number, reason: string) => void,
) => Promise<void>;

/** An outcome as it may be: a processor's types are not there when it runs. */
interface Said {
  readonly result: string;
  readonly text?: string;
  readonly again?: readonly string[];
  readonly reason?: string;
}

/**
 * FIRST each document is written with its time. Where that is too much for one answer, all are written without, and in
 * the order of the records what finds no room fails. THEN the further documents are put: those of a record without room
 * would be there twice when it is sent again.
 * Reasons go to the log with the ids of their records, so that a failed record can be told why: as objects, which
 * Lambda's JSON format keeps, so that filters find the fields in them.
 */
export function createAnswer(encode: Encode, putFurther: PutFurther | undefined) {
  const { warn } = console;
  const { create, entries } = Object;
  const maxBytes = maxInvocationBytes;
  return async (event: TransformEvent, outcomes: readonly Outcome[]): Promise<TransformAnswer> => {
    const { records } = event;
    const failed: Record<string, string[]> = create(null);
    const answered: Answered[] = [];
    let room = maxBytes - '{"records":[]}'.length;
    let withoutTime = 0;
    const fail = (i: number, reason: string): void => {
      const { recordId } = records[i]!;
      answered[i] = { recordId, result: "ProcessingFailed" };
      failed[reason] = failed[reason] ?? [];
      failed[reason].push(recordId);
    };
    records.forEach(({ recordId, data: source, approximateArrivalTimestamp }, i) => {
      const {
        result,
        text,
        again,
        reason = "the processor's result is none of the three",
      }: Said = outcomes[i]!;
      room -= recordId.length + '{"recordId":"","result":"ProcessingFailed"},'.length;
      if (again?.length && !putFurther) fail(i, "the chain puts no further documents");
      else if (result === "Ok") {
        const data = encode(text, source, approximateArrivalTimestamp);
        room -= data.length;
        answered.push({ recordId, result, data });
      } else if (result === "Dropped") answered.push({ recordId, result });
      else fail(i, reason);
    });
    if (room < 0) {
      for (const { data = "" } of answered) room += data.length;
      answered.forEach((one, i) => {
        if (!one.data) return;
        const { length } = one.data;
        one.data = encode((outcomes[i] as Said).text, records[i]!.data, -1);
        if (one.data.length > room) {
          fail(i, `the answer would be larger than ${maxBytes} bytes`);
          return;
        }
        room -= one.data.length;
        if (one.data.length < length) withoutTime++;
      });
    }
    await putFurther?.(event, outcomes, answered, fail);
    for (const [reason, ids] of entries(failed)) {
      while (ids.length > 0) {
        const recordIds = ids.splice(0, 1000);
        warn({ processingFailed: { reason, count: recordIds.length, recordIds } });
      }
    }
    if (withoutTime > 0) warn({ withoutTime });
    return { records: answered as TransformAnswerRecord[] };
  };
}

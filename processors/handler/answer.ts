/** The answer in the order of the records, as large as Lambda's limit allows: a larger one would fail the whole batch. */
import { maxInvocationBytes } from "../../firehose/limits";
import type { TransformAnswer, TransformAnswerRecord, TransformEvent } from "../../firehose/transform";
import type { Outcome } from "../processor";
import type { Encode } from "./encode";

/** A record of the answer while it is made. */
export interface Answered {
  readonly recordId: string;
  readonly result: string;
  data?: string;
}

export type Fail = (i: number, reason: string) => void;

/** Does what is left when the documents are written: says why records have failed, and puts further documents. */
export type Finish = (answered: readonly Answered[], fail: Fail) => void | Promise<void>;

export type Answer = (
  records: TransformEvent["records"],
  outcomes: readonly Outcome[],
  finish?: Finish,
) => Promise<TransformAnswer>;

/** An outcome of any kind. */
type Said = { readonly result: string; readonly text?: string };

/** In bytes: what the records of an answer have, and what each of them takes beside its id and its data. */
const answerRoom = maxInvocationBytes - '{"records":[]}'.length;
const recordBytes = '{"recordId":"","result":"ProcessingFailed"},'.length;
const tooLarge = `the answer would be larger than ${maxInvocationBytes} bytes`;

/**
 * FIRST each document is written with its time. Where that is too much for one answer, all are written without, and in
 * the order of the records what finds no room fails. THEN `finish` puts the further documents: those of a record
 * without room would be there twice when it is sent again.
 * Reasons go to the log with the ids of their records, so that a failed record can be told why: as objects, which
 * Lambda's JSON format keeps, so that filters find the fields in them.
 */
export const createAnswer = (encode: Encode): Answer => {
  const { warn } = console;
  return async (records, outcomes, finish) => {
    // eslint-disable-next-line closure/no-slow-name -- once for a batch
    let room = answerRoom - recordBytes * records.length;
    const failed = { __proto__: null } as unknown as Record<string, string[]>;
    let [size, withoutTime] = [0, 0];
    const answered = records.map(({ recordId, data: source, approximateArrivalTimestamp }, i): Answered => {
      const { result, text }: Said = outcomes[i]!;
      room -= recordId.length;
      if (result !== "Ok") return { recordId, result };
      const data = encode(text, source, approximateArrivalTimestamp);
      size += data.length;
      return { recordId, result, data };
    });
    const fail: Fail = (i, reason) => {
      const { recordId } = records[i]!;
      answered[i] = { recordId, result: "ProcessingFailed" };
      // biome-ignore lint/suspicious/noAssignInExpressions: Pulumi's parser may be one that knows no `??=`
      (failed[reason] = failed[reason] ?? []).push(recordId);
    };
    for (const [i, one] of size > room ? answered.entries() : []) {
      const data = one.data && encode((outcomes[i] as Said).text, records[i]!.data, -1);
      // eslint-disable-next-line closure/no-slow-name -- hardly ever
      if (data && data.length > room) fail(i, tooLarge);
      else if (data) {
        room -= data.length;
        withoutTime += data === one.data ? 0 : 1;
        one.data = data;
      }
    }
    await finish?.(answered, fail);
    for (const reason in failed)
      while (failed[reason]!.length > 0) {
        const recordIds = failed[reason]!.splice(0, 1000);
        warn({ processingFailed: { reason, count: recordIds.length, recordIds } });
      }
    if (withoutTime) warn({ withoutTime });
    return { records: answered as TransformAnswerRecord[] };
  };
};

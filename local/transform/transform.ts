/** Calls the transform with a batch of records, as Firehose does, and tells what becomes of each. */
import { randomUUID } from "node:crypto";
import { maxInvocationBytes } from "../../firehose/limits";
import { readTransformAnswer, type TransformOutcome } from "../../firehose/transform";
import type { Clock } from "../clock";
import type { ProcessorPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { LambdaReply } from "./lambda-worker";
import { reasonsIn } from "./reasons";

export interface TransformOptions {
  readonly processor: ProcessorPlan;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly clock: Clock;
  invoke(event: string): Promise<LambdaReply>;
  /** Told of every failed invocation, and with undefined when one has worked again. */
  onTrouble(text: string | undefined): void;
}

export interface TransformedBatch {
  /** One per record, in their order. */
  readonly outcomes: readonly TransformOutcome[];
  /** Invocations made, from 1. */
  readonly attempts: number;
}

/** JSON around one record in the event: names, quotes, id and time. */
const eventBytesPerRecord = 110;
const eventBytesAround = 1000;

/** Whether so many records with so many bytes fit one invocation. */
export const fitsInvocation = (records: number, bytes: number): boolean =>
  Math.ceil((bytes * 4) / 3) + records * (eventBytesPerRecord + 4) + eventBytesAround <= maxInvocationBytes;

export class Transform {
  constructor(private readonly options: TransformOptions) {}

  /**
   * FIRST the function is called, up to NumberOfRetries times more while the call itself fails; THEN its answer
   * is read, which is final whatever it holds.
   */
  async run(records: RecordBatch): Promise<TransformedBatch> {
    const { processor, invoke, onTrouble, clock } = this.options;
    const ids = records.arrivalsMs.map((_, i) => recordIdOf(records.firstSeq + i));
    const event = this.eventOf(records, ids);
    const most = processor.numberOfRetries + 1;
    for (let attempts = 1; ; attempts++) {
      const reply = await invoke(event);
      if ("payload" in reply) {
        onTrouble(undefined);
        const outcomes = readTransformAnswer(ids, JSON.parse(reply.payload));
        return { outcomes: withReasons(ids, outcomes, reasonsIn(reply.reasons ?? [])), attempts };
      }
      const text = `${reply.errorType}: ${reply.errorMessage}`;
      onTrouble(`transform: attempt ${attempts} of ${most} failed: ${text}`);
      if (attempts >= most) {
        const failed: TransformOutcome = {
          kind: "failed",
          errorCode: "Lambda.FunctionError",
          errorMessage: text,
        };
        return { outcomes: ids.map(() => failed), attempts };
      }
      await clock.wait(Math.min(1000, 50 * 2 ** attempts));
    }
  }

  private eventOf(records: RecordBatch, ids: readonly string[]): string {
    const { deliveryStreamArn, region } = this.options;
    let text = "";
    for (const [i, arrivalMs] of records.arrivalsMs.entries()) {
      text += `${i === 0 ? "" : ","}{"recordId":"${ids[i]}","approximateArrivalTimestamp":${arrivalMs},"data":"${records.base64(i)}"}`;
    }
    const around = { invocationId: randomUUID(), deliveryStreamArn, region };
    return `${JSON.stringify(around).slice(0, -1)},"records":[${text}]}`;
  }
}

function withReasons(
  ids: readonly string[],
  outcomes: readonly TransformOutcome[],
  reasons: ReadonlyMap<string, string>,
): readonly TransformOutcome[] {
  if (reasons.size === 0) return outcomes;
  return outcomes.map((outcome, i) => {
    const reason = outcome.kind === "failed" ? reasons.get(ids[i]!) : undefined;
    return reason === undefined ? outcome : { ...outcome, reason };
  });
}

/** The id of a record in the event: opaque to the function, unique in the stream. */
const recordIdOf = (seq: number): string => String(seq).padStart(20, "0");

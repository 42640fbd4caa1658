/** Calls the transform with a batch of records, as Firehose does, and tells what becomes of each. */
import { randomUUID } from "node:crypto";
import { maxInvocationBytes } from "../../firehose/limits";
import { processingFailed, readTransformAnswer } from "../../firehose/transform";
import type { Clock } from "../clock";
import { type FailedOutcome, Outcomes } from "../outcomes";
import type { ProcessorPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { RecordReply } from "./lambda-worker";
import { reasonsIn } from "./reasons";
import { type RecordCall, recordIdOf } from "./record-call";

export interface TransformOptions {
  readonly processor: ProcessorPlan;
  readonly deliveryStreamArn: string;
  readonly region: string;
  readonly clock: Clock;
  invoke(records: RecordCall): Promise<RecordReply>;
  /** Told of every failed invocation, and with undefined when one has worked again. */
  onTrouble(text: string | undefined): void;
}

export interface TransformedBatch {
  /** One per record, in their order. */
  readonly outcomes: Outcomes;
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
    const call = this.callWith(records);
    const most = processor.numberOfRetries + 1;
    for (let attempts = 1; ; attempts++) {
      const reply = await invoke(call);
      if (!("errorType" in reply)) {
        onTrouble(undefined);
        return { outcomes: outcomesOf(records, reply), attempts };
      }
      const text = `${reply.errorType}: ${reply.errorMessage}`;
      onTrouble(`transform: attempt ${attempts} of ${most} failed: ${text}`);
      if (attempts >= most) {
        const failed: FailedOutcome = {
          kind: "failed",
          errorCode: "Lambda.FunctionError",
          errorMessage: text,
        };
        return { outcomes: Outcomes.of(Array.from(records.arrivalsMs, () => failed)), attempts };
      }
      await clock.wait(Math.min(1000, 50 * 2 ** attempts));
    }
  }

  private callWith(records: RecordBatch): RecordCall {
    const { deliveryStreamArn, region } = this.options;
    return {
      around: { invocationId: randomUUID(), deliveryStreamArn, region },
      firstSeq: records.firstSeq,
      arrivalsMs: records.arrivalsMs,
      ends: records.ends,
      body: records.body,
    };
  }
}

/** An answer of another form than the usual one comes as text. */
function outcomesOf(records: RecordBatch, reply: Exclude<RecordReply, { errorType: string }>): Outcomes {
  const reasons = reasonsIn(reply.reasons ?? []);
  const withReason = (failed: FailedOutcome, at: number): FailedOutcome => {
    const reason = reasons.get(recordIdOf(records.firstSeq + at));
    return reason === undefined ? failed : { ...failed, reason };
  };
  if ("answer" in reply) return new Outcomes(reply.answer, (at) => withReason(processingFailed, at));
  const ids = Array.from(records.arrivalsMs, (_, at) => recordIdOf(records.firstSeq + at));
  const outcomes = readTransformAnswer(ids, JSON.parse(reply.payload));
  return Outcomes.of(outcomes.map((one, at) => (one.kind === "failed" ? withReason(one, at) : one)));
}

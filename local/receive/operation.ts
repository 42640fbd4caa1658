/** What every operation of the endpoint is given, and what it is. */
import type { CallRecords } from "../call-records";
import type { StreamPlan } from "../plan/plan";

/** Members of the request's body, not checked yet. */
export type Input = Readonly<Record<string, unknown>>;

/** A stream as the endpoint sees it. */
export interface ReceivingStream {
  readonly stream: StreamPlan;
  /** When the data folder began, in milliseconds since 1970. */
  readonly createdMs: number;
  /**
   * Takes records into the durable queue; resolves with the number of the first when all are on disk.
   * @throws FirehoseError ServiceUnavailableException when the queue is full or the disk refuses
   */
  readonly accept: (records: CallRecords) => Promise<number>;
}

export interface ReceiveContext {
  /** All streams of the run. */
  readonly streams: readonly ReceivingStream[];
}

/** Validation and action in one; answers with the JSON text of the body. */
export type Operation = (input: Input, context: ReceiveContext) => Promise<string>;

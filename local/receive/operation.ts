/** What every operation of the endpoint is given, and what it is. */
import type { SearchStreamPlan } from "../plan/plan";

/** Members of the request's body, not checked yet. */
export type Input = Readonly<Record<string, unknown>>;

export interface ReceiveContext {
  readonly stream: SearchStreamPlan;
  /** When the data folder began, in milliseconds since 1970. */
  readonly createdMs: number;
  /**
   * Takes records into the durable queue; resolves with the number of the first when all are on disk.
   * @throws FirehoseError ServiceUnavailableException when the queue is full or the disk refuses
   */
  accept(records: readonly Buffer[]): Promise<number>;
}

/** Validation and action in one; answers with the JSON text of the body. */
export type Operation = (input: Input, context: ReceiveContext) => Promise<string>;

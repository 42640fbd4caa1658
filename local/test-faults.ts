/** Faults that a test brings about by their names. */
import { type Clock, systemClock } from "./clock";
import type { Plan, StreamPlan } from "./plan/plan";
import { slowDown } from "./receive/errors";
import type { Destination } from "./rooms";

/**
 * `destination answers 503`: nothing comes into an index, and all of it once the fault ends. `disk full`: records are
 * refused with ServiceUnavailableException, as where the queue cannot grow.
 */
export type Fault = "destination answers 503" | "disk full";

/** The plan with functions that never answer: each call ends with its timeout, of a second, and is not repeated. */
export const withHangingFunctions = (plan: Plan): Plan => ({
  ...plan,
  streams: plan.streams.map(
    (stream): StreamPlan => ({
      ...stream,
      processor: stream.processor && {
        ...stream.processor,
        code: "exports.handler = () => new Promise(() => {});",
        handler: "handler",
        timeoutSeconds: 1,
        numberOfRetries: 0,
      },
    }),
  ),
});

/** What a test lets happen to a run. */
export interface RunFaults {
  readonly clock: Clock;
  /** Throws where records cannot be taken. */
  beforeAccept(): void;
  /** The destination as it is then. */
  destination(own: Destination): Destination;
}

export class TestFaults implements RunFaults {
  private readonly active = new Set<Fault>();
  private aheadMs = 0;

  readonly clock: Clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + this.aheadMs,
  };

  begin(fault: Fault): () => void {
    this.active.add(fault);
    return () => void this.active.delete(fault);
  }

  end(): void {
    this.active.clear();
  }

  jump(ms: number): void {
    this.aheadMs += ms;
  }

  beforeAccept(): void {
    if (this.active.has("disk full"))
      throw slowDown("The queue cannot be written: database or disk is full.");
  }

  destination(own: Destination): Destination {
    return {
      write: async (documents) => {
        if (this.active.has("destination answers 503")) throw new Error("the destination answers 503");
        return own.write(documents);
      },
      settle: (entry) => own.settle(entry),
    };
  }
}

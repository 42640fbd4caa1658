/** Holds transformed records until the destination's buffer is due, delivers them and settles what became of each. */
import {
  type AnyFailedRecord,
  errorOutputTypes,
  type FailedTransformRecord,
  failedRecordLines,
} from "../../firehose/failed-record";
import { s3Key } from "../../firehose/s3-key";
import type { Clock } from "../clock";
import { Hold } from "../hold";
import { type Outcomes, outcomeKinds } from "../outcomes";
import type { StreamPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { FailedObject, Ledger } from "../rooms";
import type { Cargo } from "./cargo";

const MiB = 1024 * 1024;

export interface DeliverOptions {
  readonly stream: StreamPlan;
  /** Of the bucket for what fails. */
  readonly errorOutputPrefix: string;
  /** An empty one, for the next delivery. */
  newCargo(): Cargo;
  readonly ledger: Pick<Ledger, "settle">;
  readonly clock: Clock;
  /** Told after every settlement. */
  onSettled(failedObjects: readonly FailedObject[]): Promise<void>;
}

/** A transformed stretch of the queue. */
export interface Stretch {
  readonly records: RecordBatch;
  /** Up to there all is settled with it: records that are lost behind its last one are passed over. */
  readonly throughSeq: number;
  readonly outcomes: Outcomes;
  /** Invocations of the transform; 0 where the stream has none. */
  readonly attempts: number;
  /** End of the last invocation, in milliseconds since 1970. */
  readonly endMs: number;
}

/** What one delivery takes: of a record nothing is kept but what it outcomes. */
interface Held {
  readonly cargo: Cargo;
  readonly transformFailures: FailedTransformRecord[];
  dropped: number;
  records: number;
  bytes: number;
  lastSeq: number;
}

const nothing = (cargo: Cargo): Held => ({
  cargo,
  transformFailures: [],
  dropped: 0,
  records: 0,
  bytes: 0,
  lastSeq: 0,
});

export class Deliver {
  readonly hold: Hold;
  private held: Held;
  /** Being delivered, or to be delivered again after a failure of the machine. */
  private leaving: Held | undefined;
  private room: () => void = () => {};

  constructor(private readonly options: DeliverOptions) {
    const { bufferSizeMiB, bufferIntervalSeconds } = options.stream.destination;
    this.held = nothing(options.newCargo());
    this.hold = new Hold(
      { bytes: bufferSizeMiB * MiB, intervalMs: bufferIntervalSeconds * 1000 },
      options.clock,
    );
  }

  /** Takes a stretch; waits while two full buffers stand before it. */
  async accept(stretch: Stretch, stop: AbortSignal): Promise<void> {
    const limit = 2 * this.options.stream.destination.bufferSizeMiB * MiB;
    while (this.hold.status.bytes >= limit && !stop.aborted) {
      await new Promise<void>((resolve) => {
        this.room = resolve;
        stop.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    const { held } = this;
    const bytes = this.keep(stretch, held);
    held.bytes += bytes;
    held.records += stretch.records.length;
    held.lastSeq = stretch.throughSeq;
    this.hold.add(stretch.records.length, bytes);
  }

  /**
   * FIRST the cargo is delivered, THEN the failures of transform and delivery become objects, THEN all of it
   * is settled in one step. Nothing is taken out of the buffer before that, so a failure can be tried again.
   */
  async flush(): Promise<void> {
    if (this.leaving === undefined) {
      this.leaving = this.held;
      this.held = nothing(this.options.newCargo());
    }
    const { cargo, transformFailures, dropped, records, bytes, lastSeq } = this.leaving;
    if (records === 0) {
      this.leaving = undefined;
      return;
    }
    const { delivered, failures, refused, objects } = await cargo.deliver();
    const failedObjects = [
      ...this.objectOf(errorOutputTypes.transform, transformFailures),
      ...this.objectOf(errorOutputTypes.delivery, failures),
    ];
    await this.options.ledger.settle({
      throughSeq: lastSeq,
      indexed: delivered,
      dropped,
      failed: transformFailures.length + failures.length,
      failedObjects,
      objects,
      refused,
    });
    this.leaving = undefined;
    cargo.settled?.();
    this.hold.take(records, bytes);
    this.room();
    await this.options.onSettled(failedObjects);
  }

  /** What each record of the stretch outcomes. Returns its bytes as they count for the buffer's size. */
  private keep({ records, outcomes, attempts, endMs }: Stretch, held: Held): number {
    const { kinds, body } = outcomes;
    const most = kinds.length;
    let bytes = 0;
    for (let i = 0; i < most; i++) {
      const arrivalMs = records.arrivalsMs[i]!;
      if (kinds[i] === outcomeKinds.ok) {
        const [start, end] = [outcomes.startOf(i), outcomes.endOf(i)];
        bytes += held.cargo.add({ seq: records.firstSeq + i, arrivalMs, body, start, end, most });
        continue;
      }
      bytes += records.bytesOf(i);
      if (kinds[i] === outcomeKinds.dropped) {
        held.dropped++;
        continue;
      }
      const { errorCode, errorMessage, reason } = outcomes.failureAt(i);
      held.transformFailures.push({
        attemptsMade: attempts,
        arrivalTimestamp: arrivalMs,
        errorCode,
        errorMessage,
        attemptEndingTimestamp: endMs,
        rawData: records.base64(i),
        lambdaArn: this.options.stream.processor?.arn ?? "",
        ...(reason === undefined ? {} : { reason }),
      });
    }
    return bytes;
  }

  private objectOf(errorOutputType: string, failures: readonly AnyFailedRecord[]): FailedObject[] {
    const [first] = failures;
    if (!first) return [];
    const { stream, errorOutputPrefix, clock } = this.options;
    const key = s3Key({
      prefix: errorOutputPrefix,
      deliveryStreamName: stream.deliveryStreamName,
      oldestArrivalMs: first.arrivalTimestamp,
      errorOutputType,
    });
    const { errorCode } = first;
    const errorMessage = ("reason" in first ? first.reason : undefined) ?? first.errorMessage;
    const body = failedRecordLines(failures);
    return [{ key, body, records: failures.length, errorCode, errorMessage, atMs: clock.nowMs() }];
  }
}

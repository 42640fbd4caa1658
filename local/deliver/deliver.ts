/** Holds transformed records until the destination's buffer is due, delivers them and settles what became of each. */
import {
  errorOutputTypes,
  type FailedDeliveryRecord,
  type FailedTransformRecord,
  failedRecordLines,
} from "../../firehose/failed-record";
import { indexNameAt } from "../../firehose/index-rotation";
import { s3Key } from "../../firehose/s3-key";
import type { Outcome } from "../../firehose/transform";
import type { Clock } from "../clock";
import { Hold } from "../hold";
import type { StreamPlan } from "../plan/plan";
import type { Destination, FailedObject, IndexDocument, Refusal, SourceRecord } from "../rooms";

const MiB = 1024 * 1024;

export interface DeliverOptions {
  readonly stream: StreamPlan;
  /** Start of every document id. */
  readonly epoch: string;
  readonly destination: Destination;
  readonly clock: Clock;
  /** Told after every settlement. */
  onSettled(throughSeq: number, failedObjects: readonly FailedObject[]): Promise<void>;
}

/** A transformed stretch of the queue. */
export interface Stretch {
  readonly records: readonly SourceRecord[];
  readonly outcomes: readonly Outcome[];
  /** Invocations of the transform; 0 where the stream has none. */
  readonly attempts: number;
  /** End of the last invocation, in milliseconds since 1970. */
  readonly endMs: number;
}

export class Deliver {
  readonly hold: Hold;
  private waiting: Stretch[] = [];
  private room: () => void = () => {};

  constructor(private readonly options: DeliverOptions) {
    const { bufferSizeMiB, bufferIntervalSeconds } = options.stream.destination;
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
    this.waiting.push(stretch);
    this.hold.add(stretch.records.length, sizeOf(stretch));
  }

  /**
   * FIRST the documents are written, THEN the failures of transform and delivery become objects, THEN all of it
   * is settled in one step. Nothing is taken out of the buffer before that, so a failure can be tried again.
   */
  async flush(): Promise<void> {
    const stretches = this.waiting.slice();
    const last = stretches.at(-1)?.records.at(-1);
    if (!last) return;
    const documents = this.documentsOf(stretches);
    const refusals = documents.length > 0 ? await this.options.destination.write(documents) : [];
    const { transformFailures, dropped } = this.lostIn(stretches);
    const failedObjects = [
      ...this.objectOf(errorOutputTypes.transform, transformFailures),
      ...this.objectOf(errorOutputTypes.delivery, this.failuresOf(documents, refusals)),
    ];
    const entry = {
      throughSeq: last.seq,
      indexed: documents.length - refusals.length,
      dropped,
      failed: transformFailures.length + refusals.length,
      failedObjects,
    };
    await this.options.destination.settle(entry);
    this.waiting.splice(0, stretches.length);
    for (const stretch of stretches) this.hold.take(stretch.records.length, sizeOf(stretch));
    this.room();
    await this.options.onSettled(last.seq, failedObjects);
  }

  private documentsOf(stretches: readonly Stretch[]): IndexDocument[] {
    const { stream, epoch } = this.options;
    const { indexName, indexRotationPeriod } = stream.destination;
    const documents: IndexDocument[] = [];
    let index = "";
    let indexFor = Number.NaN;
    for (const { records, outcomes } of stretches) {
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind !== "ok") continue;
        const { seq, arrivalMs } = records[i]!;
        if (arrivalMs !== indexFor) {
          index = indexNameAt(indexName, indexRotationPeriod, arrivalMs);
          indexFor = arrivalMs;
        }
        const source = withoutNewline(Buffer.from(outcome.data, "base64").toString("utf8"));
        documents.push({ seq, id: `${epoch}.${seq}`, index, arrivalMs, source });
      }
    }
    return documents;
  }

  private lostIn(stretches: readonly Stretch[]): {
    transformFailures: FailedTransformRecord[];
    dropped: number;
  } {
    const transformFailures: FailedTransformRecord[] = [];
    let dropped = 0;
    for (const { records, outcomes, attempts, endMs } of stretches) {
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind === "dropped") dropped++;
        if (outcome.kind !== "failed") continue;
        const { arrivalMs, data } = records[i]!;
        transformFailures.push({
          attemptsMade: attempts,
          arrivalTimestamp: arrivalMs,
          errorCode: outcome.errorCode,
          errorMessage: outcome.errorMessage,
          attemptEndingTimestamp: endMs,
          rawData: data.toString("base64"),
          lambdaArn: this.options.stream.processor?.arn ?? "",
        });
      }
    }
    return { transformFailures, dropped };
  }

  private failuresOf(
    documents: readonly IndexDocument[],
    refusals: readonly Refusal[],
  ): FailedDeliveryRecord[] {
    return refusals.map(({ position, status, type, reason, attempts }) => {
      const document = documents[position]!;
      return {
        attemptsMade: attempts,
        arrivalTimestamp: document.arrivalMs,
        errorCode: String(status),
        errorMessage: `${type}: ${reason}`,
        attemptEndingTimestamp: this.options.clock.nowMs(),
        rawData: Buffer.from(document.source).toString("base64"),
        esDocumentId: document.id,
        esIndexName: document.index,
        esTypeName: "",
      };
    });
  }

  private objectOf(
    errorOutputType: string,
    failures: readonly (FailedTransformRecord | FailedDeliveryRecord)[],
  ): FailedObject[] {
    const [first] = failures;
    if (!first) return [];
    const { stream, clock } = this.options;
    const key = s3Key({
      prefix: stream.backup.errorOutputPrefix,
      deliveryStreamName: stream.deliveryStreamName,
      oldestArrivalMs: first.arrivalTimestamp,
      errorOutputType,
    });
    const { errorCode, errorMessage } = first;
    const body = failedRecordLines(failures);
    return [{ key, body, records: failures.length, errorCode, errorMessage, atMs: clock.nowMs() }];
  }
}

const sizeOf = ({ outcomes, records }: Stretch): number => {
  let bytes = 0;
  for (const [i, outcome] of outcomes.entries()) {
    bytes += outcome.kind === "ok" ? (outcome.data.length * 3) >> 2 : records[i]!.data.length;
  }
  return bytes;
};

/** Firehose delivers a record without the newline at its end. */
const withoutNewline = (text: string): string => text.replace(/\r?\n$/, "");

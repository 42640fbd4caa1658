/** Holds transformed records until the destination's buffer is due, delivers them and settles what became of each. */
import {
  errorOutputTypes,
  type FailedDeliveryRecord,
  type FailedTransformRecord,
  failedRecordLines,
} from "../../firehose/failed-record";
import { indexNameAt } from "../../firehose/index-rotation";
import { s3Key } from "../../firehose/s3-key";
import type { TransformOutcome } from "../../firehose/transform";
import type { Clock } from "../clock";
import { Hold } from "../hold";
import type { SearchStreamPlan } from "../plan/plan";
import type { RecordBatch } from "../record-batch";
import type { Destination, FailedObject, IndexDocument, Refusal } from "../rooms";
import { writeButBlank } from "./blank-documents";

const MiB = 1024 * 1024;

export interface DeliverOptions {
  readonly stream: SearchStreamPlan;
  /** Start of every document id. */
  readonly epoch: string;
  readonly destination: Destination;
  readonly clock: Clock;
  /** Told after every settlement. */
  onSettled(failedObjects: readonly FailedObject[]): Promise<void>;
}

/** A transformed stretch of the queue. */
export interface Stretch {
  readonly records: RecordBatch;
  /** Up to there all is settled with it: records that are lost behind its last one are passed over. */
  readonly throughSeq: number;
  readonly outcomes: readonly TransformOutcome[];
  /** Invocations of the transform; 0 where the stream has none. */
  readonly attempts: number;
  /** End of the last invocation, in milliseconds since 1970. */
  readonly endMs: number;
}

/** What one delivery takes: of a record nothing is kept but what it became. */
interface Held {
  readonly documents: IndexDocument[];
  readonly transformFailures: FailedTransformRecord[];
  dropped: number;
  records: number;
  bytes: number;
  lastSeq: number;
}

const nothing = (): Held => ({
  documents: [],
  transformFailures: [],
  dropped: 0,
  records: 0,
  bytes: 0,
  lastSeq: 0,
});

export class Deliver {
  readonly hold: Hold;
  private held = nothing();
  /** Being delivered, or to be delivered again after a failure of the machine. */
  private leaving: Held | undefined;
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
    const { held } = this;
    const bytes = this.keep(stretch, held);
    held.bytes += bytes;
    held.records += stretch.records.length;
    held.lastSeq = stretch.throughSeq;
    this.hold.add(stretch.records.length, bytes);
  }

  /**
   * FIRST the documents are written, THEN the failures of transform and delivery become objects, THEN all of it
   * is settled in one step. Nothing is taken out of the buffer before that, so a failure can be tried again.
   */
  async flush(): Promise<void> {
    if (this.leaving === undefined) {
      this.leaving = this.held;
      this.held = nothing();
    }
    const { documents, transformFailures, dropped, records, bytes, lastSeq } = this.leaving;
    if (records === 0) {
      this.leaving = undefined;
      return;
    }
    const refusals = documents.length > 0 ? await writeButBlank(this.options.destination, documents) : [];
    const failedObjects = [
      ...this.objectOf(errorOutputTypes.transform, transformFailures),
      ...this.objectOf(errorOutputTypes.delivery, this.failuresOf(documents, refusals)),
    ];
    await this.options.destination.settle({
      throughSeq: lastSeq,
      indexed: documents.length - refusals.length,
      dropped,
      failed: transformFailures.length + refusals.length,
      failedObjects,
      refused: refusals.map(({ position }) => {
        const { seq, arrivalMs, index } = documents[position]!;
        return { seq, arrivalMs, index };
      }),
    });
    this.leaving = undefined;
    this.hold.take(records, bytes);
    this.room();
    await this.options.onSettled(failedObjects);
  }

  /** What each record of the stretch became. Returns its bytes as they count for the buffer's size. */
  private keep({ records, outcomes, attempts, endMs }: Stretch, held: Held): number {
    const { stream, epoch } = this.options;
    const { indexName, indexRotationPeriod } = stream.destination;
    let bytes = 0;
    let index = "";
    let indexFor = Number.NaN;
    for (const [i, outcome] of outcomes.entries()) {
      const arrivalMs = records.arrivalsMs[i]!;
      if (outcome.kind === "ok") {
        if (arrivalMs !== indexFor) {
          index = indexNameAt(indexName, indexRotationPeriod, arrivalMs);
          indexFor = arrivalMs;
        }
        const document = Buffer.from(outcome.data, "base64");
        bytes += document.length;
        const seq = records.firstSeq + i;
        const source = withoutNewline(document.toString("utf8"));
        held.documents.push({ seq, id: `${epoch}.${seq}`, index, arrivalMs, source });
        continue;
      }
      bytes += records.bytesOf(i);
      if (outcome.kind === "dropped") held.dropped++;
      else {
        held.transformFailures.push({
          attemptsMade: attempts,
          arrivalTimestamp: arrivalMs,
          errorCode: outcome.errorCode,
          errorMessage: outcome.errorMessage,
          attemptEndingTimestamp: endMs,
          rawData: records.base64(i),
          lambdaArn: stream.processor?.arn ?? "",
          ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
        });
      }
    }
    return bytes;
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
    const { errorCode } = first;
    const errorMessage = ("reason" in first ? first.reason : undefined) ?? first.errorMessage;
    const body = failedRecordLines(failures);
    return [{ key, body, records: failures.length, errorCode, errorMessage, atMs: clock.nowMs() }];
  }
}

/** Firehose delivers a record without the newline at its end. */
const withoutNewline = (text: string): string =>
  text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;

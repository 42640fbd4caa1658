/** A delivery to an index: one document per record. */
import type { FailedDeliveryRecord } from "../../firehose/failed-record";
import { indexNameAt } from "../../firehose/index-rotation";
import type { Clock } from "../clock";
import type { SearchDestinationPlan } from "../plan/plan";
import type { Destination, IndexDocument, Refusal } from "../rooms";
import { writeButBlank } from "./blank-documents";
import type { Cargo, Delivered } from "./cargo";

export interface DocumentCargoOptions {
  readonly plan: SearchDestinationPlan;
  /** Start of every document id. */
  readonly epoch: string;
  readonly destination: Pick<Destination, "write">;
  readonly clock: Clock;
}

export class DocumentCargo implements Cargo {
  private readonly documents: IndexDocument[] = [];
  private index = "";
  private indexForMs = Number.NaN;

  constructor(private readonly options: DocumentCargoOptions) {}

  add({ seq, arrivalMs, data }: Parameters<Cargo["add"]>[0]): number {
    const { plan, epoch } = this.options;
    if (arrivalMs !== this.indexForMs) {
      this.index = indexNameAt(plan.indexName, plan.indexRotationPeriod, arrivalMs);
      this.indexForMs = arrivalMs;
    }
    const document = Buffer.from(data, "base64");
    const source = withoutNewline(document.toString("utf8"));
    this.documents.push({ seq, id: `${epoch}.${seq}`, index: this.index, arrivalMs, source });
    return document.length;
  }

  async deliver(): Promise<Delivered> {
    const { documents } = this;
    const { destination } = this.options;
    const refusals = documents.length > 0 ? await writeButBlank(destination, documents) : [];
    return {
      delivered: documents.length - refusals.length,
      failures: refusals.map((refusal) => this.failureOf(refusal)),
      refused: refusals.map(({ position }) => {
        const { seq, arrivalMs, index } = documents[position]!;
        return { seq, arrivalMs, index };
      }),
      objects: [],
    };
  }

  private failureOf({ position, status, type, reason, attempts }: Refusal): FailedDeliveryRecord {
    const document = this.documents[position]!;
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
  }
}

/** Firehose delivers a record without the newline at its end. */
const withoutNewline = (text: string): string =>
  text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;

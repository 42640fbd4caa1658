/** A delivery to an index: one document per record. */
import type { FailedDeliveryRecord } from "../../firehose/failed-record";
import { indexNameAt } from "../../firehose/index-rotation";
import type { Clock } from "../clock";
import { giveBack } from "../give-back";
import type { SearchDestinationPlan } from "../plan/plan";
import type { Destination, IndexDocument, PackedDocuments, Refusal } from "../rooms";
import { writeButBlank } from "./blank-documents";
import type { Cargo, Delivered, DeliveredRecord } from "./cargo";

export interface DocumentCargoOptions {
  readonly plan: SearchDestinationPlan;
  /** Start of every document id. */
  readonly epoch: string;
  readonly destination: Pick<Destination, "write" | "writePacked">;
  readonly clock: Clock;
}

/** Documents of one index whose bytes lie in one piece of memory: columns with room for all that can lie there. */
class Part {
  readonly seqs: Float64Array;
  readonly arrivalsMs: Float64Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  length = 0;

  constructor(
    readonly index: string,
    readonly body: Buffer,
    most: number,
  ) {
    this.seqs = new Float64Array(most);
    this.arrivalsMs = new Float64Array(most);
    this.starts = new Uint32Array(most);
    this.ends = new Uint32Array(most);
  }
}

export class DocumentCargo implements Cargo {
  private readonly parts: Part[] = [];
  private count = 0;
  private index = "";
  private indexForMs = Number.NaN;

  constructor(private readonly options: DocumentCargoOptions) {}

  add({ seq, arrivalMs, body, start, end, most }: DeliveredRecord): number {
    const { plan } = this.options;
    if (arrivalMs !== this.indexForMs) {
      this.index = indexNameAt(plan.indexName, plan.indexRotationPeriod, arrivalMs);
      this.indexForMs = arrivalMs;
    }
    let part = this.parts.at(-1);
    if (part === undefined || part.body !== body || part.index !== this.index) {
      part = new Part(this.index, body, most);
      this.parts.push(part);
    }
    const at = part.length++;
    part.seqs[at] = seq;
    part.arrivalsMs[at] = arrivalMs;
    part.starts[at] = start;
    part.ends[at] = withoutNewline(body, start, end);
    this.count++;
    return end - start;
  }

  async deliver(): Promise<Delivered> {
    const refusals = this.count > 0 ? await this.write() : [];
    const refused = refusals.map((refusal) => ({ refusal, document: this.documentAt(refusal.position) }));
    return {
      delivered: this.count - refusals.length,
      failures: refused.map(({ refusal, document }) => this.failureOf(refusal, document)),
      refused: refused.map(({ document: { seq, arrivalMs, index } }) => ({ seq, arrivalMs, index })),
      objects: [],
    };
  }

  settled(): void {
    for (const { body } of this.parts) giveBack(body);
  }

  private write(): Promise<readonly Refusal[]> {
    const { destination, epoch } = this.options;
    if (destination.writePacked === undefined)
      return writeButBlank(
        destination,
        this.parts.flatMap((part) =>
          Array.from({ length: part.length }, (_, at) => documentIn(part, at, epoch)),
        ),
      );
    return destination.writePacked(
      this.parts.map(
        ({ index, body, seqs, arrivalsMs, starts, ends, length }): PackedDocuments => ({
          index,
          idPrefix: `${epoch}.`,
          seqs: seqs.subarray(0, length),
          arrivalsMs: arrivalsMs.subarray(0, length),
          body,
          starts: starts.subarray(0, length),
          ends: ends.subarray(0, length),
        }),
      ),
    );
  }

  private documentAt(position: number): IndexDocument {
    let at = position;
    for (const part of this.parts) {
      if (at < part.length) return documentIn(part, at, this.options.epoch);
      at -= part.length;
    }
    throw new Error(`there is no document ${position} in this delivery`);
  }

  private failureOf(
    { status, type, reason, attempts }: Refusal,
    { id, index, arrivalMs, source }: IndexDocument,
  ): FailedDeliveryRecord {
    return {
      attemptsMade: attempts,
      arrivalTimestamp: arrivalMs,
      errorCode: String(status),
      errorMessage: `${type}: ${reason}`,
      attemptEndingTimestamp: this.options.clock.nowMs(),
      rawData: Buffer.from(source).toString("base64"),
      esDocumentId: id,
      esIndexName: index,
      esTypeName: "",
    };
  }
}

function documentIn(part: Part, at: number, epoch: string): IndexDocument {
  const { index, body, seqs, arrivalsMs, starts, ends } = part;
  const seq = seqs[at]!;
  const source = body.toString("utf8", starts[at], ends[at]);
  return { seq, id: `${epoch}.${seq}`, index, arrivalMs: arrivalsMs[at]!, source };
}

const [newline, carriageReturn] = [10, 13];

/** Firehose delivers a record without the newline at its end. */
function withoutNewline(body: Buffer, start: number, end: number): number {
  if (end === start || body[end - 1] !== newline) return end;
  return end - start > 1 && body[end - 2] === carriageReturn ? end - 2 : end - 1;
}

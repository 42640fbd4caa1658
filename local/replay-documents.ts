/** Failed documents of this data folder, once more into the embedded index. */
import { indexNameAt, indexRotationPeriods } from "../firehose/index-rotation";
import type { EmbeddedIndex, FailedDocument, IndexDocument, ReplayOutcome } from "./rooms";

export interface ReplayedInto {
  /** Start of every document id of this data folder. */
  readonly epoch: string;
  /** Start of the index names. */
  readonly indexName: string;
  readonly index: Pick<EmbeddedIndex, "replay" | "totals">;
}

/** An outcome for each document. One that is no failed record of this data folder is refused: it was never counted here. */
export async function replayDocuments(
  into: ReplayedInto,
  documents: readonly FailedDocument[],
): Promise<ReplayOutcome[]> {
  const checked = documents.map((document) => check(into, document));
  const ours = checked.filter((one) => typeof one === "object");
  const outcomes = ours.length > 0 ? await into.index.replay(ours) : [];
  let next = 0;
  return checked.map((one) =>
    typeof one === "string" ? { refused: one } : (outcomes[next++] as ReplayOutcome),
  );
}

/** The year 10000: no index name goes on after it, and no clock of ours either. */
const latestMs = Date.UTC(10_000, 0) - 1;

function check(
  { epoch, indexName, index }: ReplayedInto,
  { id, index: name, arrivalMs, source }: FailedDocument,
): IndexDocument | string {
  const number = id.startsWith(`${epoch}.`) ? id.slice(epoch.length + 1) : "";
  const seq = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : Number.NaN;
  if (Number.isNaN(seq)) return `document ${id} is of another data folder or of AWS`;
  if (seq > index.totals().throughSeq) return `document ${id} is not delivered yet`;
  if (!(arrivalMs > 0 && arrivalMs <= latestMs)) return `document ${id} cannot have arrived at ${arrivalMs}`;
  const names = indexRotationPeriods.map((period) => indexNameAt(indexName, period, arrivalMs));
  if (!names.includes(name)) return `index ${name} is none of this stream for a record of that time`;
  return { seq, id, index: name, arrivalMs, source };
}

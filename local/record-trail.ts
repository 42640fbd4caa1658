/** What is known of single records beside the index and the bucket: how far each has come, and in which object it is. */
import type { BackupExtent, Ledger, RecordQueue } from "./rooms";

export interface RecordTrail {
  /** Start of the ids of documents, before the record's number. */
  readonly epoch: string;
  /** Whether a document's id is made of its record's number. */
  readonly hasOwnIds: boolean;
  /** The record with the greatest number. */
  readonly lastSeq: number;
  /** Records up to there are delivered, dropped, failed or lost. */
  readonly settledThrough: number;
  /** Records after `afterSeq` that the queue still has. */
  readonly read: RecordQueue["read"];
  backupOf(key: string): BackupExtent | undefined;
  backupWith(seq: number): BackupExtent | undefined;
}

export interface TrailOf {
  readonly queue: Pick<RecordQueue, "read" | "backupOf" | "backupWith"> & {
    readonly epoch: string;
    readonly lastSeq: number;
  };
  readonly ledger: Pick<Ledger, "totals">;
  /** @default true */
  readonly hasOwnIds?: boolean;
}

export function recordTrail({ queue, ledger, hasOwnIds = true }: TrailOf): RecordTrail {
  return {
    epoch: queue.epoch,
    hasOwnIds,
    get lastSeq() {
      return queue.lastSeq;
    },
    get settledThrough() {
      return ledger.totals().throughSeq;
    },
    read: (afterSeq, fits) => queue.read(afterSeq, fits),
    backupOf: (key) => queue.backupOf(key),
    backupWith: (seq) => queue.backupWith(seq),
  };
}

/** The number in a document's id; undefined for one of another data folder, or of AWS. */
export function seqOfDocument({ epoch, hasOwnIds }: RecordTrail, id: string): number | undefined {
  if (!hasOwnIds || !id.startsWith(`${epoch}.`)) return undefined;
  const number = id.slice(epoch.length + 1);
  return /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
}

export const documentIdOf = ({ epoch }: RecordTrail, seq: number): string => `${epoch}.${seq}`;

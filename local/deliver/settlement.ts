/**
 * The last settlement of a bucket's ledger, in a row that proves itself: what was reached with it and before it, and
 * which objects are not in their folder yet. It changes in the same transaction as the sums, on another page.
 */
import { crc32 } from "node:zlib";
import type { BucketObject, LedgerEntry, LedgerTotals } from "../rooms";

/** An object that is in the outbox. */
export interface NotedObject {
  readonly key: string;
  /** Of its body. */
  readonly crc: number;
  readonly records: number;
  readonly kind: "delivered" | "failed";
  /** The place in the queue that was reached with it. */
  readonly throughSeq: number;
}

export interface Settlement {
  readonly totals: LedgerTotals;
  /** What they were before it. */
  readonly before: LedgerTotals;
  readonly objects: readonly NotedObject[];
}

export interface SettlementRow {
  readonly text: string;
  readonly crc: number;
}

export const nothingSettled: LedgerTotals = { throughSeq: 0, indexed: 0, dropped: 0, failed: 0 };

export function nextSettlement({ totals: before, objects }: Settlement, entry: LedgerEntry): Settlement {
  const throughSeq = Math.max(before.throughSeq, entry.throughSeq);
  const note = ({ key, body }: BucketObject, kind: NotedObject["kind"], records: number): NotedObject => ({
    ...{ key, crc: crc32(body), records, kind, throughSeq },
  });
  return {
    before,
    totals: {
      throughSeq,
      indexed: before.indexed + entry.indexed,
      dropped: before.dropped + entry.dropped,
      failed: before.failed + entry.failed,
    },
    objects: [
      ...objects,
      // A delivery is one object.
      ...(entry.objects ?? []).map((object, i) => note(object, "delivered", i === 0 ? entry.indexed : 0)),
      ...entry.failedObjects.map((object) => note(object, "failed", object.records)),
    ],
  };
}

export function rowOf(settlement: Settlement): SettlementRow {
  const text = JSON.stringify(settlement);
  return { text, crc: crc32(text) };
}

/** Undefined where the row is not as it was written. */
export const settlementOf = ({ text, crc }: SettlementRow): Settlement | undefined =>
  crc32(text) === crc ? (JSON.parse(text) as Settlement) : undefined;

export const areSame = (one: LedgerTotals, other: LedgerTotals): boolean =>
  one.throughSeq === other.throughSeq &&
  one.indexed === other.indexed &&
  one.dropped === other.dropped &&
  one.failed === other.failed;

/** The ledger in the index file: sums, failed objects that wait to be written, and the last failures. */
import type { DatabaseSync } from "node:sqlite";
import type { FailedObject, LedgerEntry, LedgerTotals, RecentFailure } from "../../rooms";
import { copyLedger } from "./notes";
import { noteRefused } from "./refused";

/** Failures shown on the page; older ones are forgotten, their objects are not. */
const failuresKept = 1000;

/** Within the transaction of the documents that it settles. */
export function writeLedgerEntry(db: DatabaseSync, entry: LedgerEntry): void {
  db.prepare(
    `UPDATE ledger SET through_seq = max(through_seq, ?), indexed = indexed + ?, dropped = dropped + ?,
       failed = failed + ?`,
  ).run(entry.throughSeq, entry.indexed, entry.dropped, entry.failed);
  noteRefused(db, entry.refused ?? []);
  copyLedger(db);
  for (const { key, body, records, errorCode, errorMessage, atMs } of entry.failedObjects) {
    const outbox = db.prepare("INSERT INTO outbox VALUES (NULL, ?, ?, ?, ?, ?, ?)");
    outbox.run(key, body, records, errorCode, errorMessage, atMs);
    const failures = db.prepare("INSERT INTO failures VALUES (NULL, ?, ?, ?, ?, ?)");
    failures.run(key, records, errorCode, errorMessage, atMs);
  }
  if (entry.failedObjects.length === 0) return;
  db.prepare("DELETE FROM failures WHERE number <= (SELECT max(number) FROM failures) - ?").run(failuresKept);
}

export function readTotals(db: DatabaseSync): LedgerTotals {
  const row = db.prepare("SELECT through_seq AS throughSeq, indexed, dropped, failed FROM ledger").get();
  return { ...(row as unknown as LedgerTotals) };
}

const failureColumns = "key, records, error_code AS errorCode, error_message AS errorMessage, at_ms AS atMs";

/** Failed objects that are perhaps not written yet, oldest first. */
export function readOutbox(db: DatabaseSync): FailedObject[] {
  const rows = db.prepare(`SELECT ${failureColumns}, body FROM outbox ORDER BY number`).all();
  return rows.map((row) => ({ ...(row as unknown as FailedObject) }));
}

/** Newest first. */
export function readFailures(db: DatabaseSync, limit: number): RecentFailure[] {
  const rows = db.prepare(`SELECT ${failureColumns} FROM failures ORDER BY number DESC LIMIT ?`).all(limit);
  return rows.map((row) => ({ ...(row as unknown as RecentFailure) }));
}

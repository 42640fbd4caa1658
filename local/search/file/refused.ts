/**
 * Records whose documents the index refused, as long as the file lives: whoever hands one in once more is believed
 * nothing. It failed here, under this arrival and index, or it does not come in.
 */
import type { DatabaseSync } from "node:sqlite";
import type { RefusedDocument } from "../../rooms";
import { copyLedger } from "./notes";

/** Makes the table where it is missing. What an older file counted as failed cannot be told by name. */
export function openRefused(db: DatabaseSync): void {
  db.exec(`CREATE TABLE IF NOT EXISTS refused (seq INTEGER PRIMARY KEY, arrival_ms INTEGER NOT NULL,
    index_name TEXT NOT NULL, came_in INTEGER NOT NULL)`);
  db.exec("INSERT OR IGNORE INTO meta SELECT 'refused_after', through_seq FROM ledger");
}

/** Records up to this one may have failed although none is noted: the file was saved from a damaged one. */
export function forgetRefused(db: DatabaseSync, throughSeq: number): void {
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('refused_after', ?)").run(String(throughSeq));
}

/** Within the transaction of the ledger entry. */
export function noteRefused(db: DatabaseSync, documents: readonly RefusedDocument[]): void {
  if (documents.length === 0) return;
  const insert = db.prepare("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, 0)");
  for (const { seq, arrivalMs, index } of documents) insert.run(seq, arrivalMs, index);
}

/** Why a document does not come in; undefined where it may, "unknown" where nothing is noted of records so old. */
export function whyNotReplayed(
  db: DatabaseSync,
  { seq, arrivalMs, index }: RefusedDocument,
): string | undefined {
  const row = db
    .prepare("SELECT arrival_ms AS arrivalMs, index_name AS name FROM refused WHERE seq = ?")
    .get(seq) as { arrivalMs: number; name: string } | undefined;
  if (row === undefined) {
    const { value } = db.prepare("SELECT value FROM meta WHERE key = 'refused_after'").get() as {
      value: string;
    };
    return seq <= Number(value) ? "unknown" : `record ${seq} did not fail at the index`;
  }
  if (row.name === index && row.arrivalMs === arrivalMs) return undefined;
  return `record ${seq} failed in the index ${row.name}, and arrived at ${new Date(row.arrivalMs).toISOString()}`;
}

/**
 * Records whose documents came in after all: no more failed, but indexed. Each moves once, also where its index is gone
 * by now and the document comes in anew. Within the transaction of the documents.
 */
export function moveFailedToIndexed(db: DatabaseSync, documents: readonly RefusedDocument[]): void {
  // Those that came in before the table was there stand in one of their own.
  db.exec("CREATE TABLE IF NOT EXISTS replayed (seq INTEGER PRIMARY KEY)");
  const before = db.prepare("SELECT 1 FROM replayed WHERE seq = ?");
  const insert = db.prepare(
    "INSERT INTO refused VALUES (?, ?, ?, 1) ON CONFLICT (seq) DO UPDATE SET came_in = 1 WHERE came_in = 0",
  );
  let moved = 0;
  for (const { seq, arrivalMs, index } of documents) {
    if (before.get(seq) === undefined) moved += Number(insert.run(seq, arrivalMs, index).changes);
  }
  const update = db.prepare(
    "UPDATE ledger SET indexed = indexed + ?1, failed = failed - ?1 WHERE failed >= ?1",
  );
  if (update.run(moved).changes === 0)
    throw new Error(`${moved} documents came in again, but fewer records have failed`);
  copyLedger(db);
}

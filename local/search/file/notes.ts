/**
 * What must not be lost with one page: of each index its name, where its documents begin in the file, and how many there
 * are; and the sums of the ledger, with that of all documents that are there. Kept a second time, on pages of their own, in the transaction of the first.
 */
import type { DatabaseSync } from "node:sqlite";

export const notesSchema = `
CREATE TABLE IF NOT EXISTS index_notes (number INTEGER PRIMARY KEY, name TEXT NOT NULL, created_ms INTEGER NOT NULL,
  root INTEGER NOT NULL, documents INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS ledger_copy (one INTEGER PRIMARY KEY CHECK (one = 1), through_seq INTEGER NOT NULL,
  indexed INTEGER NOT NULL, dropped INTEGER NOT NULL, failed INTEGER NOT NULL, documents INTEGER NOT NULL);
`;

/** Of a file that is whole: takes down what no note says yet. */
export function noteAll(db: DatabaseSync): void {
  const missing = db.prepare(
    "SELECT number FROM indices WHERE number NOT IN (SELECT number FROM index_notes)",
  );
  for (const { number } of missing.all() as { number: number }[]) {
    noteNewIndex(db, number);
    noteIndex(
      db,
      number,
      (db.prepare(`SELECT min(seq) AS seq FROM d${number}`).get()?.["seq"] ?? 0) as number,
    );
  }
  copyLedger(db);
}

export function noteNewIndex(db: DatabaseSync, number: number): void {
  db.prepare(
    `INSERT INTO index_notes SELECT number, i.name, created_ms, rootpage, 0, 0, 0 FROM indices AS i
       JOIN sqlite_schema AS s ON s.name = 'd' || number WHERE number = ?`,
  ).run(number);
}

export function noteIndex(db: DatabaseSync, number: number, firstSeq: number): void {
  db.prepare(
    `UPDATE index_notes SET first_seq = ?2, (documents, last_seq) =
       (SELECT documents, last_seq FROM indices WHERE number = ?1) WHERE number = ?1`,
  ).run(number, firstSeq);
}

export function forgetIndex(db: DatabaseSync, number: number): void {
  db.prepare("DELETE FROM index_notes WHERE number = ?").run(number);
  copyLedger(db);
}

export function copyLedger(db: DatabaseSync): void {
  db.exec("UPDATE ledger SET documents = (SELECT coalesce(sum(documents), 0) FROM index_notes)");
  db.exec(
    "INSERT OR REPLACE INTO ledger_copy SELECT one, through_seq, indexed, dropped, failed, documents FROM ledger",
  );
}

/** One index, as its note says. */
export interface IndexNote {
  readonly number: number;
  readonly name: string;
  readonly createdMs: number;
  /** First page of its documents. */
  readonly root: number;
  readonly documents: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

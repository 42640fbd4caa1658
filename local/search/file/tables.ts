/** The tables of the index file, and the rows that describe one index. */
import type { DatabaseSync } from "node:sqlite";
import { FieldMap, type StoredFields } from "../documents/fields";
import { forgetIndex, noteIndex, noteNewIndex, notesSchema } from "./notes";

/** Raised when the tables change shape; a file of a later version is not opened. */
export const fileFormat = 2;
/** In files of the first format each document stands in its row; they are written on as they are. */
export const readFormats: readonly string[] = ["1", String(fileFormat)];

/**
 * Tokens may hold any character but the blank: the tokenizer only cuts at blanks. It also folds ASCII letters, which
 * no token has in capitals.
 */
const tokenizer = `ascii tokenchars '!"#$%&''()*+,-./:;<=>?@[\\]^_{|}~'`;

export const fileSchema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS ledger (one INTEGER PRIMARY KEY CHECK (one = 1), through_seq INTEGER NOT NULL,
  indexed INTEGER NOT NULL, dropped INTEGER NOT NULL, failed INTEGER NOT NULL, documents INTEGER NOT NULL DEFAULT 0);
INSERT OR IGNORE INTO ledger (one, through_seq, indexed, dropped, failed) VALUES (1, 0, 0, 0, 0);
CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, body TEXT NOT NULL,
  records INTEGER NOT NULL, error_code TEXT NOT NULL, error_message TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS failures (number INTEGER PRIMARY KEY, key TEXT NOT NULL, records INTEGER NOT NULL,
  error_code TEXT NOT NULL, error_message TEXT NOT NULL, at_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS indices (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL,
  created_ms INTEGER NOT NULL, documents INTEGER NOT NULL, bytes INTEGER NOT NULL, min_ms INTEGER NOT NULL,
  max_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, ordered INTEGER NOT NULL, many_times INTEGER NOT NULL,
  fields_version INTEGER NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS panel_counts (index_number INTEGER NOT NULL, panel INTEGER NOT NULL, count INTEGER NOT NULL,
  PRIMARY KEY (index_number, panel)) WITHOUT ROWID;
${notesSchema}`;

/** One index: what is known of it without reading its documents. */
export interface IndexRow {
  readonly number: number;
  readonly name: string;
  /** Arrival of its first document. */
  readonly createdMs: number;
  documents: number;
  /** Sum of the documents' sizes, in UTF-16 units. */
  bytes: number;
  /** Least and greatest `@timestamp`. */
  minMs: number;
  maxMs: number;
  /** Least `seq` among its documents. */
  firstSeq: number;
  /** Greatest one. */
  lastSeq: number;
  /** Whether `@timestamp` never goes back as `seq` goes on. */
  ordered: boolean;
  /** Whether the times of a document are not told by its row alone: it has several, or one beyond all dates. */
  oddTimes: boolean;
  fieldsVersion: number;
}

/** Blocks say whose they are, so that they can be told apart in a file whose first page is gone. */
export function createBlockTable(db: DatabaseSync, number: number): void {
  db.exec(`CREATE TABLE IF NOT EXISTS b${number} (first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL,
    index_number INTEGER NOT NULL, id_prefix TEXT, body BLOB NOT NULL)`);
}

export function createIndexTables(db: DatabaseSync, number: number): void {
  // Where id and text are null, a block has them.
  db.exec(`CREATE TABLE d${number} (seq INTEGER PRIMARY KEY, ts INTEGER NOT NULL, added INTEGER NOT NULL,
    id TEXT, source TEXT)`);
  createBlockTable(db, number);
  const tokenize = tokenizer.replaceAll('"', '""');
  db.exec(
    `CREATE VIRTUAL TABLE f${number} USING fts5(t, content='', columnsize=0, detail=none, tokenize="${tokenize}")`,
  );
  noteNewIndex(db, number);
  db.exec(`CREATE VIRTUAL TABLE v${number} USING fts5vocab(f${number}, row)`);
}

/** Of an index whose times go back and forth: without it the newest documents are found by reading all. */
export function createTimeIndex(db: DatabaseSync, number: number): void {
  db.exec(`CREATE INDEX IF NOT EXISTS t${number} ON d${number}(ts)`);
}

export function hasTimeIndex(db: DatabaseSync, number: number): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?").get(`t${number}`) !== undefined;
}

export function dropIndexTables(db: DatabaseSync, number: number): void {
  for (const name of ["v", "f", "d", "b"]) db.exec(`DROP TABLE IF EXISTS ${name}${number}`);
  db.prepare("DELETE FROM indices WHERE number = ?").run(number);
  db.prepare("DELETE FROM panel_counts WHERE index_number = ?").run(number);
  forgetIndex(db, number);
}

type Columns = Record<string, number | string>;

export function readIndexRows(db: DatabaseSync): IndexRow[] {
  const rows = db
    .prepare(
      `SELECT i.number, i.name, i.created_ms, i.documents, bytes, min_ms, max_ms, n.first_seq, i.last_seq, ordered,
         many_times, fields_version
       FROM indices AS i LEFT JOIN index_notes AS n USING (number) ORDER BY i.number`,
    )
    .all() as Columns[];
  return rows.map((row) => ({
    number: row["number"] as number,
    name: row["name"] as string,
    createdMs: row["created_ms"] as number,
    documents: row["documents"] as number,
    bytes: row["bytes"] as number,
    minMs: row["min_ms"] as number,
    maxMs: row["max_ms"] as number,
    firstSeq: (row["first_seq"] ?? 0) as number,
    lastSeq: row["last_seq"] as number,
    ordered: row["ordered"] === 1,
    oddTimes: row["many_times"] === 1,
    fieldsVersion: row["fields_version"] as number,
  }));
}

export function readFields(db: DatabaseSync, number: number): FieldMap {
  const row = db.prepare("SELECT fields FROM indices WHERE number = ?").get(number) as { fields: string };
  return FieldMap.restore(JSON.parse(row.fields) as StoredFields);
}

export function writeIndexRow(db: DatabaseSync, row: IndexRow, fields: FieldMap | undefined): void {
  db.prepare(
    `UPDATE indices SET documents = ?, bytes = ?, min_ms = ?, max_ms = ?, last_seq = ?, ordered = ?, many_times = ?,
       fields_version = ? WHERE number = ?`,
  ).run(
    row.documents,
    row.bytes,
    row.minMs,
    row.maxMs,
    row.lastSeq,
    Number(row.ordered),
    Number(row.oddTimes),
    row.fieldsVersion,
    row.number,
  );
  noteIndex(db, row.number, row.firstSeq);
  if (fields === undefined) return;
  db.prepare("UPDATE indices SET fields = ? WHERE number = ?").run(
    JSON.stringify(fields.store()),
    row.number,
  );
}

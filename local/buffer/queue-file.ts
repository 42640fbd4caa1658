/** The queue's file: its tables, who may open it, and what is saved of one that is damaged. */
import { copyFileSync, existsSync, renameSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { isDamage, openExclusively } from "../sqlite/exclusive";
import { dropsLogFrames } from "../sqlite/page-file";
import { endReplacement, removeDatabase, replaceDamaged } from "../sqlite/replacement";
import { type CallRow, callColumns, isWhole } from "./call-row";
import { type Mark, readMark } from "./mark-file";
import { salvageCalls } from "./salvage-calls";

const schema = `
  CREATE TABLE IF NOT EXISTS calls (
    first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, arrival_ms INTEGER NOT NULL,
    lengths BLOB NOT NULL, body BLOB NOT NULL, crc INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS backups (
    key TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, lengths BLOB) STRICT;
  CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value ANY) STRICT;
`;

export interface OpenedQueueFile {
  readonly db: DatabaseSync;
  /** What was reached before, as far as the file beside it has it. */
  readonly mark: Mark | undefined;
  /** What is to be told of a damaged file, empty where it was whole. */
  readonly notes: readonly string[];
}

export const markFileOf = (file: string): string => `${file.replace(/\.sqlite$/, "")}.mark`;

/** @throws an error with SQLite's code 5 (busy) where another run has the file */
export function openQueueFile(file: string): OpenedQueueFile {
  endReplacement(file);
  const mark = readMark(markFileOf(file));
  const spare = spareOfSuspiciousLog(file);
  const { db, damage } = tryOpen(file);
  if (db && damage === undefined) {
    createTables(db);
    const notes = spare === undefined ? [] : takeOver(db, spare, mark);
    return { db, mark, notes: [...notes, ...dropUnreadable(db)] };
  }
  const { made: calls, aside } = replaceDamaged(file, (fresh) => salvageInto(fresh, spare ?? file, mark));
  if (spare !== undefined) removeDatabase(spare);
  return {
    db: openExclusively(file),
    mark,
    notes: [
      `The queue file was damaged (${damage}). ${calls} calls could be read and are kept; the damaged file is ${aside}.`,
    ],
  };
}

function salvageInto(fresh: string, damaged: string, mark: Mark | undefined): number {
  const db = openExclusively(fresh);
  try {
    createTables(db);
    return salvageCalls(damaged, db, mark).calls;
  } finally {
    db.close();
  }
}

/** Files of older versions have neither checksums nor the sizes of records in objects. */
function createTables(db: DatabaseSync): void {
  db.exec(schema);
  const lacks = (table: string, column: string): boolean =>
    db.prepare("SELECT 1 FROM pragma_table_info(?) WHERE name = ?").get(table, column) === undefined;
  if (lacks("calls", "crc")) db.exec("ALTER TABLE calls ADD COLUMN crc INTEGER");
  if (lacks("backups", "lengths")) db.exec("ALTER TABLE backups ADD COLUMN lengths BLOB");
}

function tryOpen(file: string): { db?: DatabaseSync; damage?: string } {
  let db: DatabaseSync | undefined;
  try {
    db = openExclusively(file);
    const check = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (check === "ok" && hasOurTables(db)) return { db };
    db.close();
    return { damage: check === "ok" ? "its tables are gone" : String(check).replaceAll("\n", " ") };
  } catch (error) {
    if (!existsSync(file) || !isDamage(error)) throw error;
    if (db?.isOpen) db.close();
    return { damage: (error as Error).message };
  }
}

/** A first page of zeros is a database without tables; a new file has none either. */
function hasOurTables(db: DatabaseSync): boolean {
  const pages = Number(db.prepare("PRAGMA page_count").get()!["page_count"]);
  const tables = db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('calls', 'state')").get();
  return pages <= 1 || tables!["n"] === 2;
}

/**
 * SQLite drops what lies behind a damaged place of its log when it opens the file, so that is copied before. Mostly it
 * is no more than the torn end of what was being written. One that is there is of a start that was killed.
 */
function spareOfSuspiciousLog(file: string): string | undefined {
  const spare = `${file}.spare`;
  if (existsSync(spare)) return spare;
  if (!existsSync(`${file}-wal`) || !existsSync(file)) return undefined;
  if (!dropsLogFrames(file)) return undefined;
  copyFileSync(`${file}-wal`, `${spare}-wal`);
  // Last, so that a spare file has its log.
  copyFileSync(file, `${spare}.part`);
  renameSync(`${spare}.part`, spare);
  return spare;
}

/** What the log had before SQLite cut it, where more had been acknowledged than the file has now. */
function takeOver(db: DatabaseSync, spare: string, mark: Mark | undefined): string[] {
  const next = db.prepare("SELECT value FROM state WHERE name = 'nextSeq'").get()?.["value"];
  const isComplete = mark === undefined || Number(next ?? 1) >= mark.nextSeq;
  const { calls } = isComplete ? { calls: 0 } : salvageCalls(spare, db, mark);
  removeDatabase(spare);
  return isComplete
    ? []
    : [`The queue's log was damaged. ${calls} calls behind the damage could be read and are kept.`];
}

/** Rows that are not as they were written count as lost. */
function dropUnreadable(db: DatabaseSync): string[] {
  const select = db.prepare(`SELECT ${callColumns.join(", ")} FROM calls ORDER BY first_seq`);
  const bad: CallRow[] = [];
  for (const row of select.iterate() as Iterable<unknown> as Iterable<CallRow>) {
    if (!isWhole(row)) bad.push(row);
  }
  for (const { first_seq } of bad) db.prepare("DELETE FROM calls WHERE first_seq = ?").run(first_seq);
  return bad.length > 0
    ? [`The queue file was damaged: ${bad.length} calls are not as they were written.`]
    : [];
}

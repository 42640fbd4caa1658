/** The file of a bucket's ledger: its tables, whether it is whole, and a new one in the place of one that is not. */
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { LedgerTotals } from "../rooms";
import { damageOf, openExclusively } from "../sqlite/exclusive";
import { damagedLogFrames, dropsLogFrames } from "../sqlite/page-file";
import { endReplacement, replaceDamaged } from "../sqlite/replacement";
import { type Beside, notesOf, reachedOf, readDamaged, type SavedLedger } from "./damaged-ledger";
import { areSame, rowOf, type Settlement, type SettlementRow, settlementOf } from "./settlement";

/** Twice, the pages of the others in between: where one page of a log is damaged, the next one cannot be checked. */
const settlementTables = ["settlement", "settlement_copy"] as const;
const settlementTable = (name: string): string =>
  `CREATE TABLE IF NOT EXISTS ${name} (one INTEGER PRIMARY KEY CHECK (one = 1), text TEXT NOT NULL, crc INTEGER NOT NULL) STRICT;`;

const schema = `
  CREATE TABLE IF NOT EXISTS totals (
    one INTEGER PRIMARY KEY CHECK (one = 1), through_seq INTEGER NOT NULL, delivered INTEGER NOT NULL,
    dropped INTEGER NOT NULL, failed INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO totals VALUES (1, 0, 0, 0, 0);
  ${settlementTable("settlement")}
  CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS failures (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, records INTEGER NOT NULL, error_code TEXT NOT NULL,
    error_message TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
  ${settlementTable("settlement_copy")}
`;

export interface OpenedLedger {
  readonly db: DatabaseSync;
  readonly settlement: Settlement;
  /** What is to be told of a damaged file, empty where it was whole. */
  readonly notes: readonly string[];
}

/** @throws an error with SQLite's code 5 (busy) where another run has the file */
export function openLedgerFile(file: string, beside: Beside): OpenedLedger {
  endReplacement(file);
  const problem = existsSync(file) ? problemOf(file, beside.settledThrough) : undefined;
  const notes = problem === undefined ? [] : [replace(file, problem, beside)];
  const db = openExclusively(file);
  return { db, settlement: prepare(db), notes };
}

/** Makes what is not there: all of it in a new file, in one of an older version the settlement. */
function prepare(db: DatabaseSync): Settlement {
  try {
    db.exec("BEGIN IMMEDIATE");
    db.exec(schema);
    const settlement = readSettlement(db) ?? ofOlderFile(db);
    writeSettlement(db, settlement);
    db.exec("COMMIT");
    return settlement;
  } catch (error) {
    db.close();
    throw error;
  }
}

function ofOlderFile(db: DatabaseSync): Settlement {
  const totals = readTotals(db);
  return { totals, before: totals, objects: notesOf(outboxOf(db)) };
}

function readTotals(db: DatabaseSync): LedgerTotals {
  const columns = "through_seq AS throughSeq, delivered AS indexed, dropped, failed";
  return { ...(db.prepare(`SELECT ${columns} FROM totals`).get() as unknown as LedgerTotals) };
}

const outboxOf = (db: DatabaseSync): (readonly [string, Uint8Array])[] =>
  db
    .prepare("SELECT key, body FROM outbox")
    .all()
    .map(({ key, body }) => [key as string, body as Uint8Array] as const);

function readSettlement(db: DatabaseSync, table = "settlement"): Settlement | undefined {
  const row = db.prepare(`SELECT text, crc FROM ${table}`).get();
  return row && settlementOf(row as unknown as SettlementRow);
}

/** The sums, and beside them what proves them. */
export function writeSettlement(db: DatabaseSync, settlement: Settlement): void {
  const { throughSeq, indexed, dropped, failed } = settlement.totals;
  db.prepare("UPDATE totals SET through_seq = ?, delivered = ?, dropped = ?, failed = ?").run(
    ...[throughSeq, indexed, dropped, failed],
  );
  const { text, crc } = rowOf(settlement);
  for (const table of settlementTables)
    db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (1, ?, ?)`).run(text, crc);
}

/** Before SQLite looks at it: it would leave out all that stands behind a damage of the log, without a word. */
function problemOf(file: string, settledThrough: number): string | undefined {
  const frames = damagedLogFrames(file);
  if (frames > 0) return `${frames} pages of its log are damaged`;
  if (dropsLogFrames(file) && reachedOf(file) < settledThrough) return "the end of its log is damaged";
  return damageOf(file, "integrity_check", problemWithin);
}

/** What SQLite cannot know: whether the rows are as they were written. */
function problemWithin(db: DatabaseSync): string | undefined {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const has = (table: string): boolean => names.some(({ name }) => name === table);
  // A first page of zeros is a database without tables; a new file has none either.
  if (!has("totals"))
    return db.prepare("PRAGMA page_count").get()!["page_count"] === 1 ? undefined : "its tables are gone";
  if (!settlementTables.every(has)) return undefined;
  const [settlement, copy] = settlementTables.map((table) => readSettlement(db, table));
  if (!settlement || !copy || !areSame(settlement.totals, readTotals(db)))
    return "its sums are not as they were written";
  const bodies = new Map(outboxOf(db));
  const areWhole =
    bodies.size === settlement.objects.length &&
    settlement.objects.every(({ key, crc }) => bodies.has(key) && crc32(bodies.get(key)!) === crc);
  return areWhole ? undefined : "an object that waits to be written is not as it was";
}

/** Puts a new file made of what can be read in the place of a damaged one, and returns the sentence to show. */
function replace(file: string, problem: string, beside: Beside): string {
  const { made: says, aside } = replaceDamaged(file, (fresh) => {
    const { ledger, says } = readDamaged(file, beside);
    const db = openExclusively(fresh);
    try {
      prepare(db);
      fill(db, ledger);
    } finally {
      db.close();
    }
    return says;
  });
  return `The ledger ${file} is damaged (${problem}). It was moved to ${aside}. ${says}`;
}

function fill(db: DatabaseSync, { settlement, objects, failures }: SavedLedger): void {
  db.exec("BEGIN IMMEDIATE");
  writeSettlement(db, settlement);
  const keep = db.prepare("INSERT INTO outbox VALUES (NULL, ?, ?)");
  for (const { key, body } of objects) keep.run(key, body);
  const note = db.prepare("INSERT INTO failures VALUES (NULL, ?, ?, ?, ?, ?)");
  for (const { key, records, errorCode, errorMessage, atMs } of failures)
    note.run(key, records, errorCode, errorMessage, atMs);
  db.exec("COMMIT");
}

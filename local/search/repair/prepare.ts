/** Brings the index file into a state in which the workers can open it: new, whole, or saved from a damaged one. */
import { closeSync, existsSync, openSync, readSync, rmSync, statSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { damagedLogFrames } from "../../sqlite/page-file";
import { endReplacement } from "../../sqlite/replacement";
import type { IndexMapping } from "../documents/mapping";
import { Block, type BlockRow, blockColumns } from "../file/document-blocks";
import { noteAll } from "../file/notes";
import { createBlockTable, fileFormat, fileSchema, readFormats } from "../file/tables";
import { addDocumentsToLedger, bringTimesIn } from "./older-file";
import { salvage } from "./salvage";

/** Files up to this size are checked page by page at every start; it takes half a second at most. */
const fullCheckBytes = 200 * 1024 * 1024;

/** Its presence says that the file must be checked page by page. */
const suspicion = (file: string): string => `${file}.suspect`;

export function noteSuspicion(file: string): void {
  writeFileSync(suspicion(file), "");
}

/** What is wrong with the file; undefined: nothing that can be seen. */
function damage(file: string): string | undefined {
  const size = statSync(file).size;
  if (size === 0) return undefined;
  const header = Buffer.alloc(100);
  const handle = openSync(file, "r");
  readSync(handle, header);
  closeSync(handle);
  if (header.toString("latin1", 0, 15) !== "SQLite format 3") return "it is no SQLite file";
  const pageBytes = header.readUInt16BE(16) === 1 ? 65536 : header.readUInt16BE(16);
  const pages = header.readUInt32BE(28);
  if (size < pages * pageBytes && !existsSync(`${file}-wal`)) {
    return `it is cut off: ${size} of ${pages * pageBytes} bytes are there`;
  }
  // Before SQLite looks at it: it would leave out all that stands behind the damage, without a word.
  const frames = damagedLogFrames(file);
  if (frames > 0) return `${frames} pages of its log are damaged`;
  try {
    const db = new DatabaseSync(file);
    try {
      if (existsSync(suspicion(file)) || size <= fullCheckBytes) {
        const answer = db.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
        if (answer.quick_check !== "ok") return answer.quick_check;
      }
      db.exec("SELECT count(*) FROM sqlite_schema");
      for (const { number } of db.prepare("SELECT number FROM indices").all() as { number: number }[]) {
        db.prepare(`SELECT max(seq) FROM d${number}`).get();
      }
      if (existsSync(suspicion(file))) readBlocks(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (/no such table: indices/.test(String(error))) return undefined;
    return (error as Error).message;
  }
  return undefined;
}

/** SQLite does not know what is in a block; only the block itself tells that a byte has changed. */
function readBlocks(db: DatabaseSync): void {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'b[0-9]*'");
  for (const { name } of tables.all() as { name: string }[])
    for (const row of db.prepare(`SELECT ${blockColumns} FROM ${name}`).iterate())
      new Block(row as unknown as BlockRow);
}

/** A file of the first format is written on: its documents stay in their rows. */
function takeFormat(db: DatabaseSync, file: string): void {
  const found = db.prepare("SELECT value FROM meta WHERE key = 'format'").get()?.["value"];
  if (found !== undefined && !readFormats.includes(String(found))) {
    throw new Error(
      `The index ${file} has format ${found}; this version reads formats up to ${fileFormat}. Move it away.`,
    );
  }
  const numbers = db.prepare("SELECT number FROM indices").all() as { number: number }[];
  for (const { number } of numbers) createBlockTable(db, number);
  db.prepare("INSERT OR REPLACE INTO meta VALUES ('format', ?)").run(String(fileFormat));
}

/** `mapping` is for indices whose fields the damage has taken. */
export function prepareFile(file: string, mapping: IndexMapping, onNotice: (message: string) => void): void {
  endReplacement(file);
  const problem = existsSync(file) ? damage(file) : undefined;
  if (problem !== undefined) onNotice(salvage(file, problem, mapping));
  rmSync(suspicion(file), { force: true });
  const db = new DatabaseSync(file);
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(fileSchema);
    addDocumentsToLedger(db);
    bringTimesIn(db);
    noteAll(db);
    takeFormat(db, file);
  } finally {
    db.close();
  }
}

/** Opens a file that is one run's alone, and whose commits are on the disk before they are told. */
import { DatabaseSync } from "node:sqlite";
import { sqliteCode } from "../errors";

/**
 * The operating system lets go of the lock when the process dies.
 * @throws an error with SQLite's code 5 (busy) where another run has the file
 */
export function openExclusively(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec("BEGIN IMMEDIATE; COMMIT");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite's codes for a file that is malformed, and for one that is none of its files. */
const damageCodes: readonly (number | undefined)[] = [11, 26];

export const isDamage = (error: unknown): boolean => damageCodes.includes(sqliteCode(error));

/**
 * What SQLite says is wrong with a file, looked through in this way; else what `within` says of its rows.
 * @throws an error with SQLite's code 5 (busy) where another run has the file
 */
export function damageOf(
  file: string,
  way: "quick_check" | "integrity_check",
  within: (db: DatabaseSync) => string | undefined = () => undefined,
): string | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = openExclusively(file);
    const check = db.prepare(`PRAGMA ${way}(1)`).get()?.[way];
    return check === "ok" ? within(db) : String(check).replaceAll("\n", " ");
  } catch (error) {
    if (!isDamage(error)) throw error;
    return (error as Error).message;
  } finally {
    if (db?.isOpen) db.close();
  }
}

/** What earlier versions have put into a file and this one no longer would. */
import type { DatabaseSync } from "node:sqlite";

/** Times that JavaScript calls dates; others cannot even be read as numbers. */
const latestMs = 8_640_000_000_000_000n;

const clamped = (column: string): string => `max(-${latestMs}, min(${latestMs}, ${column}))`;
const isBeyond = (column: string): string => `${column} NOT BETWEEN -${latestMs} AND ${latestMs}`;

/** The ledger of the first format does not know how many documents there are. */
export function addDocumentsToLedger(db: DatabaseSync): void {
  const has = db.prepare("SELECT 1 FROM pragma_table_info('ledger') WHERE name = 'documents'").get();
  if (has === undefined) db.exec("ALTER TABLE ledger ADD COLUMN documents INTEGER NOT NULL DEFAULT 0");
}

/** Documents keep the times that they write; the column beside them is brought to the first or last that there is. */
export function bringTimesIn(db: DatabaseSync): void {
  const columns = ["created_ms", "min_ms", "max_ms"];
  const found = db.prepare(`SELECT number FROM indices WHERE ${columns.map(isBeyond).join(" OR ")}`);
  for (const { number } of found.all() as { number: number }[]) {
    db.exec("BEGIN IMMEDIATE");
    db.exec(`UPDATE d${number} SET ts = ${clamped("ts")} WHERE ${isBeyond("ts")}`);
    const set = columns.map((column) => `${column} = ${clamped(column)}`).join(", ");
    db.exec(`UPDATE indices SET ${set}, many_times = 1 WHERE number = ${number}`);
    db.exec("COMMIT");
  }
}

/** Saves the calls of a damaged queue file: each that is whole, wherever in the file it lies. */
import type { DatabaseSync } from "node:sqlite";
import { DamagedFile, type SavedRow } from "../sqlite/salvage";
import { type CallRow, callColumns, isWhole } from "./call-row";
import type { Mark } from "./mark-file";

/**
 * Puts into `to` every call of `from` that is not there yet, and the state that the mark does not know. Rows of calls
 * that were forgotten long ago may still lie in the file; they are settled and forgotten again.
 */
export function salvageCalls(from: string, to: DatabaseSync, mark: Mark | undefined): { calls: number } {
  const file = new DamagedFile(from, undefined, true);
  const insert = to.prepare(
    `INSERT OR IGNORE INTO calls (${callColumns.join(", ")}) VALUES (${callColumns.map(() => "?").join(", ")})`,
  );
  const overlapping = to.prepare("SELECT 1 FROM calls WHERE first_seq <= ? AND first_seq + count - 1 >= ?");
  const setState = to.prepare("INSERT OR IGNORE INTO state VALUES (?, ?)");
  let calls = 0;
  to.exec("BEGIN IMMEDIATE");
  try {
    for (const row of rowsOf(file)) {
      const state = stateOf(row);
      if (state) setState.run(state.name, state.value);
      const call = callOf(row);
      if (!call) continue;
      const lastSeq = call.first_seq + call.count - 1;
      if (lastSeq <= (mark?.trimmedThrough ?? 0) || overlapping.get(lastSeq, call.first_seq)) continue;
      insert.run(...callColumns.map((column) => call[column]));
      calls++;
    }
    saveIntent(to, mark);
    to.exec("COMMIT");
  } finally {
    if (to.isTransaction) to.exec("ROLLBACK");
    file.close();
  }
  return { calls };
}

function* rowsOf(file: DamagedFile): Generator<SavedRow> {
  for (const table of ["calls", "state"]) yield* file.rows(table);
  yield* file.strays((row) => callOf(row) !== undefined || stateOf(row) !== undefined);
}

/** NULL in the place of the row's number, then the other columns; the last one is missing in rows of old versions. */
function callOf({ rowid, values }: SavedRow): CallRow | undefined {
  const [own, count, arrivalMs, lengths, body, crc = null] = values;
  if (own !== null || (values.length !== 5 && values.length !== 6)) return undefined;
  if (typeof count !== "number" || typeof arrivalMs !== "number") return undefined;
  if (!(lengths instanceof Uint8Array) || !(body instanceof Uint8Array)) return undefined;
  if (crc !== null && typeof crc !== "number") return undefined;
  const call: CallRow = { first_seq: rowid, count, arrival_ms: arrivalMs, lengths, body, crc };
  return rowid > 0 && isWhole(call) ? call : undefined;
}

const stateNames = ["epoch", "createdMs", "nextSeq", "backedUpThrough", "backedUp"];

function stateOf({ values }: SavedRow): { name: string; value: string | number } | undefined {
  const [name, value] = values;
  if (values.length !== 2 || typeof name !== "string" || !stateNames.includes(name)) return undefined;
  return typeof value === "number" || typeof value === "string" ? { name, value } : undefined;
}

/** The object that was being written keeps its key, so that no record is in two. */
function saveIntent(to: DatabaseSync, mark: Mark | undefined): void {
  if (!mark?.intent) return;
  const { key, firstSeq, lastSeq } = mark.intent;
  to.prepare("INSERT OR IGNORE INTO backups VALUES (?, ?, ?)").run(key, firstSeq, lastSeq);
}

/** Saves what is whole in a damaged index file: every row that can still be read goes into a new file. */
import { existsSync, renameSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { LedgerTotals } from "../../rooms";
import { forgetRefused } from "../file/refused";
import { fileSchema } from "../file/tables";
import { IndexWriter } from "../writing/writer";

/** Rows taken in per transaction. */
const batchRows = 5000;

interface SavedRow {
  readonly seq: number;
  readonly ts: number;
  readonly id: string;
  readonly source: string;
}

/** A place beside the file that is not taken yet. */
function asidePath(file: string): string {
  const time = new Date().toISOString().replace(/[:.]/g, "-");
  let path = `${file}.damaged-${time}`;
  while (existsSync(path)) path += "x";
  return path;
}

function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** Rows of a table as far as they can be read: from the front until an error, then from the back down to there. */
function* readableRows(db: DatabaseSync, table: string): Generator<SavedRow> {
  let last = -1;
  try {
    const forward = db
      .prepare(`SELECT seq, ts, id, source FROM ${table} ORDER BY seq`)
      .iterate() as Iterable<unknown>;
    for (const row of forward as Iterable<SavedRow>) {
      last = row.seq;
      yield row;
    }
    return;
  } catch {
    // The other half is tried from its end.
  }
  const saved: SavedRow[] = [];
  try {
    const backward = db
      .prepare(`SELECT seq, ts, id, source FROM ${table} WHERE seq > ? ORDER BY seq DESC`)
      .iterate(last);
    for (const row of backward as Iterable<unknown> as Iterable<SavedRow>) saved.push(row);
  } catch {
    // What lies between the two is lost.
  }
  yield* saved.reverse();
}

/** SQLite reads nothing of a file that was cut off, unless it is told that its schema may be written. */
function openDamaged(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.enableDefensive(false);
  db.exec("PRAGMA writable_schema = ON");
  return db;
}

interface OldIndex {
  readonly name: string;
  readonly number: number;
  readonly createdMs: number;
}

function oldIndices(db: DatabaseSync): OldIndex[] {
  const rows = attempt(
    () => db.prepare("SELECT name, number, created_ms AS createdMs FROM indices ORDER BY number").all(),
    [],
  );
  return rows as unknown as OldIndex[];
}

function copyIndex(
  from: DatabaseSync,
  index: OldIndex,
  writer: IndexWriter,
): { rows: number; lastSeq: number } {
  let batch: SavedRow[] = [];
  let rows = 0;
  let lastSeq = 0;
  const flush = () => {
    writer.write({
      seqs: Float64Array.from(batch, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(batch, ({ ts }) => ts),
      ids: batch.map(({ id }) => id),
      indices: batch.map(() => index.name),
      sources: batch.map(({ source }) => source),
    });
    writer.settle({ throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
    rows += batch.length;
    batch = [];
  };
  for (const row of readableRows(from, `d${index.number}`)) {
    lastSeq = Math.max(lastSeq, row.seq);
    batch.push(row);
    if (batch.length >= batchRows) flush();
  }
  if (batch.length > 0) flush();
  return { rows, lastSeq };
}

/** Copies small tables whose rows stand on their own. */
function copyTable(from: DatabaseSync, to: DatabaseSync, table: string): void {
  attempt(() => {
    for (const row of from.prepare(`SELECT * FROM ${table}`).iterate() as Iterable<Record<string, string>>) {
      const values = Object.values(row);
      to.prepare(`INSERT OR IGNORE INTO ${table} VALUES (${values.map(() => "?").join(",")})`).run(...values);
    }
  }, undefined);
}

/** Moves the file aside, makes a new one from what can be read, and returns the sentence to show. */
export function salvage(file: string, problem: string): string {
  const aside = asidePath(file);
  for (const suffix of ["", "-wal", "-shm"])
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  const to = new DatabaseSync(file);
  to.exec("PRAGMA journal_mode = WAL");
  to.exec(fileSchema);
  let rows = 0;
  let lastSeq = 0;
  let ledger: LedgerTotals | undefined;
  const from = attempt(() => openDamaged(aside), undefined);
  if (from !== undefined) {
    const writer = new IndexWriter(to, []);
    for (const index of oldIndices(from)) {
      const copied = attempt(() => copyIndex(from, index, writer), { rows: 0, lastSeq: 0 });
      rows += copied.rows;
      lastSeq = Math.max(lastSeq, copied.lastSeq);
      to.prepare("UPDATE indices SET created_ms = ? WHERE name = ?").run(index.createdMs, index.name);
    }
    for (const table of ["outbox", "failures"]) copyTable(from, to, table);
    ledger = attempt(
      () =>
        from
          .prepare("SELECT through_seq AS throughSeq, indexed, dropped, failed FROM ledger")
          .get() as unknown as LedgerTotals,
      undefined,
    );
    from.close();
  }
  const totals = ledger ?? { throughSeq: lastSeq, indexed: rows, dropped: 0, failed: 0 };
  to.prepare("UPDATE ledger SET through_seq = ?, indexed = ?, dropped = ?, failed = ?").run(
    totals.throughSeq,
    totals.indexed,
    totals.dropped,
    totals.failed,
  );
  forgetRefused(to, totals.throughSeq);
  to.close();
  const sums =
    ledger === undefined
      ? "The ledger could not be read and begins at what was saved."
      : "The ledger was saved whole.";
  return (
    `The index ${file} is damaged (${problem}). It was moved to ${aside}. ` +
    `${rows} documents could be read and are in the new index. ${sums} The backup in s3/ has the source records.`
  );
}

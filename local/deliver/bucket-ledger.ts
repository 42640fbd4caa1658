/**
 * The ledger of a stream whose destination is a bucket. A delivery's object and the place reached in the queue become
 * durable in one transaction; the object is written to its folder after that, under the same key however often.
 */
import { DatabaseSync } from "node:sqlite";
import type { BucketObject, Ledger, LedgerEntry, LedgerTotals, RecentFailure } from "../rooms";

/** Failures shown on the page; older ones are forgotten, their objects are not. */
const failuresKept = 1000;

const schema = `
  CREATE TABLE IF NOT EXISTS totals (
    one INTEGER PRIMARY KEY CHECK (one = 1), through_seq INTEGER NOT NULL, delivered INTEGER NOT NULL,
    dropped INTEGER NOT NULL, failed INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO totals VALUES (1, 0, 0, 0, 0);
  CREATE TABLE IF NOT EXISTS outbox (number INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS failures (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, records INTEGER NOT NULL, error_code TEXT NOT NULL,
    error_message TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT;
`;

export class BucketLedger implements Ledger {
  private readonly db: DatabaseSync;
  private sums: LedgerTotals;

  /** @throws an error with SQLite's code 5 (busy) where another run has the file */
  constructor(file: string) {
    this.db = new DatabaseSync(file, { timeout: 0 });
    try {
      this.db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      this.db.exec(schema);
      this.sums = this.readTotals();
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  totals(): LedgerTotals {
    return this.sums;
  }

  async settle(entry: LedgerEntry): Promise<void> {
    this.inOneStep(() => {
      this.db
        .prepare(
          `UPDATE totals SET through_seq = max(through_seq, ?), delivered = delivered + ?, dropped = dropped + ?,
             failed = failed + ?`,
        )
        .run(entry.throughSeq, entry.indexed, entry.dropped, entry.failed);
      for (const { key, body } of [...(entry.objects ?? []), ...entry.failedObjects]) {
        this.db.prepare("INSERT INTO outbox VALUES (NULL, ?, ?)").run(key, Buffer.from(body));
      }
      for (const { key, records, errorCode, errorMessage, atMs } of entry.failedObjects) {
        const insert = this.db.prepare("INSERT INTO failures VALUES (NULL, ?, ?, ?, ?, ?)");
        insert.run(key, records, errorCode, errorMessage, atMs);
      }
      if (entry.failedObjects.length > 0) {
        this.db
          .prepare("DELETE FROM failures WHERE number <= (SELECT max(number) FROM failures) - ?")
          .run(failuresKept);
      }
    });
    this.sums = this.readTotals();
  }

  async outbox(): Promise<readonly BucketObject[]> {
    const rows = this.db.prepare("SELECT key, body FROM outbox ORDER BY number").all();
    return rows as unknown as BucketObject[];
  }

  async removeFromOutbox(keys: readonly string[]): Promise<void> {
    const remove = this.db.prepare("DELETE FROM outbox WHERE key = ?");
    this.inOneStep(() => {
      for (const key of keys) remove.run(key);
    });
  }

  async recentFailures(limit: number): Promise<RecentFailure[]> {
    const columns = "key, records, error_code AS errorCode, error_message AS errorMessage, at_ms AS atMs";
    const rows = this.db.prepare(`SELECT ${columns} FROM failures ORDER BY number DESC LIMIT ?`).all(limit);
    return rows.map((row) => ({ ...(row as unknown as RecentFailure) }));
  }

  async close(): Promise<void> {
    this.db.close();
  }

  private inOneStep(change: () => void): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      change();
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      throw error;
    }
  }

  private readTotals(): LedgerTotals {
    const columns = "through_seq AS throughSeq, delivered AS indexed, dropped, failed";
    return { ...(this.db.prepare(`SELECT ${columns} FROM totals`).get() as unknown as LedgerTotals) };
  }
}

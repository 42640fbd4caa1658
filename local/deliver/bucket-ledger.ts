/**
 * The ledger of a stream whose destination is a bucket. A delivery's object and the place reached in the queue become
 * durable in one transaction; the object is written to its folder after that, under the same key however often.
 */
import type { DatabaseSync } from "node:sqlite";
import type { BucketObject, Ledger, LedgerEntry, LedgerTotals, RecentFailure } from "../rooms";
import { openLedgerFile, writeSettlement } from "./ledger-file";
import { nextSettlement, type Settlement } from "./settlement";

/** Failures shown on the page; older ones are forgotten, their objects are not. */
const failuresKept = 1000;

export interface BucketLedgerOptions {
  readonly file: string;
  /** The place in the queue that the ledger had settled when the queue was told last. @default not known */
  readonly settledThrough?: number;
  /** Whether an object is in its folder. @default none is */
  isWritten?(key: string): boolean;
}

export class BucketLedger implements Ledger {
  /** What is to be told of a damaged file, empty where it was whole. */
  readonly notes: readonly string[];
  private readonly db: DatabaseSync;
  private settlement: Settlement;

  /** @throws an error with SQLite's code 5 (busy) where another run has the file */
  constructor({ file, settledThrough = 0, isWritten = () => false }: BucketLedgerOptions) {
    const { db, settlement, notes } = openLedgerFile(file, { settledThrough, isWritten });
    this.db = db;
    this.settlement = settlement;
    this.notes = notes;
  }

  totals(): LedgerTotals {
    return this.settlement.totals;
  }

  async settle(entry: LedgerEntry): Promise<void> {
    const next = nextSettlement(this.settlement, entry);
    this.inOneStep(() => {
      writeSettlement(this.db, next);
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
    this.settlement = next;
  }

  async outbox(): Promise<readonly BucketObject[]> {
    const rows = this.db.prepare("SELECT key, body FROM outbox ORDER BY number").all();
    return rows as unknown as BucketObject[];
  }

  async removeFromOutbox(keys: readonly string[]): Promise<void> {
    const remove = this.db.prepare("DELETE FROM outbox WHERE key = ?");
    const { settlement } = this;
    const next = { ...settlement, objects: settlement.objects.filter(({ key }) => !keys.includes(key)) };
    this.inOneStep(() => {
      for (const key of keys) remove.run(key);
      writeSettlement(this.db, next);
    });
    this.settlement = next;
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
}

/** How far the backup has come, in the queue's file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BackupExtent, BackupIntent } from "../rooms";
import type { Mark } from "./mark-file";
import type { QueueState } from "./queue-state";

export class BackupProgress {
  /** The last record that is in a finished object; 0 where there is none. */
  through: number;
  /** Records in finished objects. */
  records: number;
  /** Objects that were begun and perhaps not written before the last run ended. */
  unfinished: readonly BackupIntent[];
  private readonly insert: StatementSync;
  private readonly setLengths: StatementSync;
  private readonly remove: StatementSync;

  constructor(
    private readonly db: DatabaseSync,
    private readonly state: QueueState,
    mark: Mark | undefined,
  ) {
    this.insert = db.prepare("INSERT INTO backups (key, first_seq, last_seq) VALUES (?, ?, ?)");
    this.setLengths = db.prepare("UPDATE backups SET lengths = ? WHERE key = ?");
    this.remove = db.prepare("DELETE FROM backups WHERE key = ?");
    const through = Number(state.get("backedUpThrough") ?? 0);
    this.through = Math.max(through, mark?.backedUpThrough ?? 0);
    // Versions without this count have backed up all through that number.
    this.records = Math.max(Number(state.get("backedUp") ?? through), mark?.backedUp ?? 0);
    state.set({ backedUpThrough: this.through, backedUp: this.records });
    // Those of finished objects stay: they tell which records are in which object.
    const rows = db
      .prepare("SELECT key, first_seq, last_seq FROM backups WHERE last_seq > ? ORDER BY first_seq")
      .all(this.through);
    this.unfinished = rows.map((row) => ({
      key: String(row["key"]),
      firstSeq: Number(row["first_seq"]),
      lastSeq: Number(row["last_seq"]),
    }));
  }

  begin(intent: BackupIntent): void {
    this.insert.run(intent.key, intent.firstSeq, intent.lastSeq);
    this.unfinished = [...this.unfinished, intent];
  }

  finish({ key, lastSeq }: BackupIntent, records: number, lengths: Uint8Array | undefined): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      if (records === 0) this.remove.run(key);
      else if (lengths) this.setLengths.run(lengths, key);
      this.state.set({ backedUpThrough: lastSeq, backedUp: this.records + records });
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      throw error;
    }
    this.through = lastSeq;
    this.records += records;
    this.unfinished = this.unfinished.filter((one) => one.key !== key);
  }

  /** The finished object of this key; undefined where it is none of this file. */
  extentOf(key: string): BackupExtent | undefined {
    return this.finished("key = ?1", key);
  }

  /** The finished object that holds this record. */
  extentWith(seq: number): BackupExtent | undefined {
    return this.finished("first_seq <= ?1 AND last_seq >= ?1", seq);
  }

  private finished(condition: string, value: string | number): BackupExtent | undefined {
    const row = this.db
      .prepare(`SELECT key, first_seq, last_seq, lengths FROM backups WHERE ${condition} AND last_seq <= ?2`)
      .get(value, this.through);
    if (row === undefined) return undefined;
    const lengths = row["lengths"] as Uint8Array | null;
    const extent = {
      key: String(row["key"]),
      firstSeq: Number(row["first_seq"]),
      lastSeq: Number(row["last_seq"]),
    };
    return lengths === null ? extent : { ...extent, lengths };
  }

  /** Nothing up to there is to be backed up any more. */
  skipTo(seq: number): void {
    this.through = seq;
    this.state.set({ backedUpThrough: seq });
  }
}

/** How far the backup has come, in the queue's file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { BackupIntent } from "../rooms";
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
  private readonly remove: StatementSync;

  constructor(
    private readonly db: DatabaseSync,
    private readonly state: QueueState,
    mark: Mark | undefined,
  ) {
    this.insert = db.prepare("INSERT INTO backups VALUES (?, ?, ?)");
    this.remove = db.prepare("DELETE FROM backups WHERE key = ?");
    const through = Number(state.get("backedUpThrough") ?? 0);
    this.through = Math.max(through, mark?.backedUpThrough ?? 0);
    // Versions without this count have backed up all through that number.
    this.records = Math.max(Number(state.get("backedUp") ?? through), mark?.backedUp ?? 0);
    state.set({ backedUpThrough: this.through, backedUp: this.records });
    const rows = db.prepare("SELECT key, first_seq, last_seq FROM backups ORDER BY first_seq").all();
    const intents = rows.map((row) => ({
      key: String(row["key"]),
      firstSeq: Number(row["first_seq"]),
      lastSeq: Number(row["last_seq"]),
    }));
    this.unfinished = intents.filter(({ lastSeq }) => lastSeq > this.through);
    // Finished ones come back where the file was put back or its log was cut.
    for (const { key, lastSeq } of intents) if (lastSeq <= this.through) this.remove.run(key);
  }

  begin(intent: BackupIntent): void {
    this.insert.run(intent.key, intent.firstSeq, intent.lastSeq);
    this.unfinished = [...this.unfinished, intent];
  }

  finish({ key, lastSeq }: BackupIntent, records: number): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      this.remove.run(key);
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

  /** Nothing up to there is to be backed up any more. */
  skipTo(seq: number): void {
    this.through = seq;
    this.state.set({ backedUpThrough: seq });
  }
}

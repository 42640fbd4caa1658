/** Names and values in the queue's file. */
import type { DatabaseSync, StatementSync } from "node:sqlite";

export type QueueStateName = "epoch" | "createdMs" | "nextSeq" | "backedUpThrough" | "backedUp";

export class QueueState {
  private readonly read: StatementSync;
  private readonly write: StatementSync;

  constructor(db: DatabaseSync) {
    this.read = db.prepare("SELECT value FROM state WHERE name = ?");
    this.write = db.prepare(
      "INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
  }

  get(name: QueueStateName): unknown {
    return this.read.get(name)?.["value"];
  }

  set(values: Partial<Record<QueueStateName, string | number>>): void {
    for (const [name, value] of Object.entries(values)) this.write.run(name, value);
  }
}

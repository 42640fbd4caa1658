/** The messages about new objects, and which objects have had theirs: on disk, so that a stop loses none. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { damageOf, openExclusively } from "../sqlite/exclusive";
import { endReplacement, replaceDamaged } from "../sqlite/replacement";
import type { ObjectsStatus } from "../status";
import type { FoundObject } from "./find-objects";

export interface Message {
  readonly id: string;
  readonly body: string;
  /** How often it was received, this time included. */
  readonly receives: number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, queue TEXT NOT NULL, body TEXT NOT NULL,
    visible_at_ms INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE TABLE IF NOT EXISTS counts (
    queue TEXT PRIMARY KEY, done INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0) STRICT;
`;

export class EventQueue {
  /** What is to be told of a damaged file, empty where it was whole. */
  readonly notes: readonly string[];
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  /** Messages whose calls are under way: no other call gets them. */
  private readonly taken = new Set<string>();

  /** @throws an error with SQLite's code 5 (busy) where another run has the file */
  constructor(file: string) {
    endReplacement(file);
    const problem = existsSync(file) ? damageOf(file, "quick_check") : undefined;
    this.notes = problem === undefined ? [] : [replace(file, problem)];
    this.db = openExclusively(file);
    this.db.exec(schema);
  }

  isKnown({ bucketName, key, etag }: FoundObject): boolean {
    const row = this.run("SELECT etag FROM objects WHERE bucket = ? AND key = ?").get(bucketName, key);
    return row?.["etag"] === etag;
  }

  /** Puts a message for each of these objects into the queue, in one step with the note that they have had theirs. */
  announce(queue: string, objects: readonly FoundObject[], bodyOf: (object: FoundObject) => string): void {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      for (const object of objects) {
        const { bucketName, key, etag } = object;
        this.run("INSERT OR REPLACE INTO objects VALUES (?, ?, ?)").run(bucketName, key, etag);
        this.put(queue, bodyOf(object), 0);
      }
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      throw error;
    }
  }

  /** @returns the message's id */
  put(queue: string, body: string, visibleAtMs: number): string {
    const id = randomUUID();
    this.run("INSERT INTO messages (id, queue, body, visible_at_ms) VALUES (?, ?, ?, ?)").run(
      id,
      queue,
      body,
      visibleAtMs,
    );
    return id;
  }

  /** Those that may be received now, the oldest first; they are the caller's until it says what became of them. */
  receive(queue: string, nowMs: number, most: number): Message[] {
    const rows = this.run(
      "SELECT id, body, receives FROM messages WHERE queue = ? AND visible_at_ms <= ? ORDER BY number LIMIT ?",
    ).all(queue, nowMs, most + this.taken.size) as unknown as Message[];
    const free = rows.filter(({ id }) => !this.taken.has(id)).slice(0, most);
    return free.map(({ id, body, receives }) => {
      this.run("UPDATE messages SET receives = receives + 1 WHERE id = ?").run(id);
      this.taken.add(id);
      return { id, body, receives: receives + 1 };
    });
  }

  done(queue: string, { id }: Message): void {
    this.remove(id);
    this.count(queue, "done");
  }

  /** It comes again then. */
  giveBack({ id }: Message, visibleAtMs: number): void {
    this.run("UPDATE messages SET visible_at_ms = ? WHERE id = ?").run(visibleAtMs, id);
    this.taken.delete(id);
  }

  /** Nobody receives it any more. */
  giveUp({ id }: Message): void {
    this.remove(id);
  }

  countFailed(queue: string): void {
    this.count(queue, "failed");
  }

  counts(queue: string): ObjectsStatus {
    const { waiting } = this.run("SELECT count(*) AS waiting FROM messages WHERE queue = ?").get(queue) as {
      waiting: number;
    };
    const row = this.run("SELECT done, failed FROM counts WHERE queue = ?").get(queue) as
      | { done: number; failed: number }
      | undefined;
    return { waiting, done: row?.done ?? 0, failed: row?.failed ?? 0 };
  }

  close(): void {
    this.db.close();
  }

  private remove(id: string): void {
    this.run("DELETE FROM messages WHERE id = ?").run(id);
    this.taken.delete(id);
  }

  private count(queue: string, column: "done" | "failed"): void {
    this.run("INSERT OR IGNORE INTO counts (queue) VALUES (?)").run(queue);
    this.run(`UPDATE counts SET ${column} = ${column} + 1 WHERE queue = ?`).run(queue);
  }

  private run(sql: string): StatementSync {
    const statement = this.statements.get(sql) ?? this.db.prepare(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}

/** Begins anew: the objects are still there, and those that were worked off have their notes in the bucket. */
function replace(file: string, problem: string): string {
  const { aside } = replaceDamaged(file, (fresh) => openExclusively(fresh).close());
  return (
    `The list of the log buckets' objects, ${file}, is damaged (${problem}). It was moved to ${aside}. Every object is told ` +
    "to the function once more; what it has sent it does not send again."
  );
}

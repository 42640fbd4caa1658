/**
 * The durable queue: what was acknowledged is in this file first. A row holds the records of one call, numbered
 * from 1 since the data folder began. The only file that knows its tables.
 */
import { randomBytes } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { sqliteCode } from "../errors";
import { RecordBatch } from "../record-batch";
import type { BackupIntent, Extent, RecordQueue } from "../rooms";

interface Pending {
  readonly records: readonly Uint8Array[];
  readonly arrivalMs: number;
  readonly resolve: (firstSeq: number) => void;
  readonly reject: (error: unknown) => void;
}

interface Row {
  readonly first_seq: number;
  readonly arrival_ms: number;
  readonly lengths: Uint8Array;
  readonly body: Uint8Array;
}

export class QueueFull extends Error {}

const maxRecordsPerRow = 500;

const schema = `
  CREATE TABLE IF NOT EXISTS calls (
    first_seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, arrival_ms INTEGER NOT NULL,
    lengths BLOB NOT NULL, body BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS backups (
    key TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value ANY) STRICT;
`;

export interface QueueOptions {
  readonly file: string;
  /** The queue refuses more than this many bytes of waiting records. @default 256 MiB */
  readonly maxBytes?: number;
}

export class Queue implements RecordQueue {
  /** Told of every stretch that has become durable. */
  onAppend: (extent: Extent) => void = () => {};
  /** Random letters of this data folder, so that document ids of two folders never meet. */
  readonly epoch: string;
  /** When this data folder began, in milliseconds since 1970. */
  readonly createdMs: number;
  private nextSeq: number;
  private waitingBytes: number;
  private pending: Pending[] = [];
  private readonly insert: StatementSync;
  private readonly setState: StatementSync;
  private readonly select: StatementSync;

  private constructor(
    private readonly db: DatabaseSync,
    private readonly maxBytes: number,
    /** What is to be told of a damaged file, empty where it was whole. */
    readonly notes: readonly string[],
  ) {
    db.exec(schema);
    this.insert = db.prepare("INSERT INTO calls VALUES (?, ?, ?, ?, ?)");
    this.setState = db.prepare(
      "INSERT INTO state VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
    );
    this.select = db.prepare(
      "SELECT first_seq, arrival_ms, lengths, body FROM calls WHERE first_seq > ? - ? AND first_seq + count - 1 > ? ORDER BY first_seq",
    );
    this.epoch = String(this.state("epoch") ?? randomBytes(6).toString("hex"));
    this.setState.run("epoch", this.epoch);
    this.createdMs = Number(this.state("createdMs") ?? Date.now());
    this.setState.run("createdMs", this.createdMs);
    this.nextSeq = Number(this.state("nextSeq") ?? 1);
    this.waitingBytes = this.extentAfter(0).bytes;
  }

  /**
   * Opens or makes the file, for this process alone.
   * @throws an error with SQLite's code 5 (busy) where another run has it
   */
  static open({ file, maxBytes = 256 * 1024 * 1024 }: QueueOptions): Queue {
    const found = openWhole(file);
    return new Queue(found.db, maxBytes, found.notes);
  }

  /** The number of the newest record; 0 where there was none. */
  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  get isFull(): boolean {
    return this.waitingBytes >= this.maxBytes;
  }

  /** Numbers that the ledger has settled already are not given out again. */
  skipTo(seq: number): void {
    this.nextSeq = Math.max(this.nextSeq, seq + 1);
    this.setState.run("nextSeq", this.nextSeq);
    this.setState.run("backedUpThrough", this.nextSeq - 1);
  }

  /**
   * Takes the records of one call. Resolves with the number of the first one when all are on disk.
   * Calls that come in the same turn of the event loop share one write to the disk.
   * @throws QueueFull when too much is waiting already; SQLite's error when the disk refuses
   */
  append(records: readonly Uint8Array[], arrivalMs: number): Promise<number> {
    if (this.isFull) return Promise.reject(new QueueFull());
    return new Promise((resolve, reject) => {
      this.pending.push({ records, arrivalMs, resolve, reject });
      if (this.pending.length === 1) setImmediate(() => this.commitPending());
    });
  }

  private commitPending(): void {
    const calls = this.pending;
    this.pending = [];
    const firstSeqs: number[] = [];
    let seq = this.nextSeq;
    let bytes = 0;
    try {
      this.db.exec("BEGIN IMMEDIATE");
      for (const { records, arrivalMs } of calls) {
        firstSeqs.push(seq);
        const body = Buffer.concat(records);
        const lengths = new Uint8Array(Uint32Array.from(records, (record) => record.length).buffer);
        this.insert.run(seq, records.length, arrivalMs, lengths, body);
        seq += records.length;
        bytes += body.length;
      }
      this.setState.run("nextSeq", seq);
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      for (const call of calls) call.reject(error);
      return;
    }
    const records = seq - this.nextSeq;
    this.nextSeq = seq;
    this.waitingBytes += bytes;
    for (const [i, call] of calls.entries()) call.resolve(firstSeqs[i]!);
    this.onAppend({ records, bytes });
  }

  /** The records after `afterSeq`, as many as fit; at least one where there is any. Ends before a gap in the numbers. */
  read(afterSeq: number, fits: (records: number, bytes: number) => boolean): RecordBatch {
    const batch = new BatchBuilder();
    for (const row of this.select.iterate(afterSeq, maxRecordsPerRow, afterSeq)) {
      if (!batch.add(row as unknown as Row, afterSeq, fits)) break;
    }
    return batch.build();
  }

  /** Number and size of the records after `afterSeq`. Counts whole calls. */
  extentAfter(afterSeq: number): Extent {
    const row = this.db
      .prepare(
        "SELECT coalesce(sum(count - max(0, ? - first_seq + 1)), 0) AS records, coalesce(sum(length(body)), 0) AS bytes FROM calls WHERE first_seq + count - 1 > ?",
      )
      .get(afterSeq, afterSeq) as unknown as Extent;
    return { records: Number(row.records), bytes: Number(row.bytes) };
  }

  /** Forgets the calls whose records are all at or below `throughSeq`. */
  trim(throughSeq: number): void {
    const remove = this.db.prepare(
      "DELETE FROM calls WHERE first_seq + count - 1 <= ? AND first_seq <= ? RETURNING length(body) AS bytes",
    );
    const gone = this.withoutWaiting(() => remove.all(throughSeq, throughSeq)) as { bytes: number }[];
    for (const { bytes } of gone) this.waitingBytes -= bytes;
  }

  get backedUpThrough(): number {
    return Number(this.state("backedUpThrough") ?? 0);
  }

  beginBackup({ key, firstSeq, lastSeq }: BackupIntent): void {
    this.db.prepare("INSERT INTO backups VALUES (?, ?, ?)").run(key, firstSeq, lastSeq);
  }

  finishBackup({ key, lastSeq }: BackupIntent): void {
    this.withoutWaiting(() => {
      this.db.exec("BEGIN IMMEDIATE");
      try {
        this.db.prepare("DELETE FROM backups WHERE key = ?").run(key);
        this.setState.run("backedUpThrough", lastSeq);
        this.db.exec("COMMIT");
      } catch (error) {
        if (this.db.isTransaction) this.db.exec("ROLLBACK");
        throw error;
      }
    });
  }

  /**
   * For what may be undone by a loss of power, as it is done again then: a record that is there still is settled
   * already, and a backup object that is not finished is written again under its key. Later changes reach the disk
   * after these, never before.
   */
  private withoutWaiting<T>(change: () => T): T {
    this.db.exec("PRAGMA synchronous = NORMAL");
    try {
      return change();
    } finally {
      this.db.exec("PRAGMA synchronous = FULL");
    }
  }

  /** Objects that were begun and perhaps not written before the last run ended. */
  unfinishedBackups(): BackupIntent[] {
    const rows = this.db.prepare("SELECT key, first_seq, last_seq FROM backups ORDER BY first_seq").all();
    return rows.map((row) => ({
      key: String(row["key"]),
      firstSeq: Number(row["first_seq"]),
      lastSeq: Number(row["last_seq"]),
    }));
  }

  close(): void {
    if (this.pending.length > 0) this.commitPending();
    this.db.close();
  }

  private state(name: string): unknown {
    return this.db.prepare("SELECT value FROM state WHERE name = ?").get(name)?.["value"];
  }
}

/** Puts the rows of a read together. */
class BatchBuilder {
  private firstSeq = 0;
  private readonly arrivalsMs: number[] = [];
  private readonly ends: number[] = [];
  private readonly bodies: Uint8Array[] = [];
  private bytes = 0;

  /** Adds what fits of a row; false = nothing more can be added. */
  add(row: Row, afterSeq: number, fits: (records: number, bytes: number) => boolean): boolean {
    const skipped = Math.max(0, afterSeq + 1 - row.first_seq);
    const seq = row.first_seq + skipped;
    if (this.ends.length === 0) this.firstSeq = seq;
    else if (seq !== this.firstSeq + this.ends.length) return false;
    const lengths = new DataView(row.lengths.buffer, row.lengths.byteOffset, row.lengths.byteLength);
    let start = 0;
    for (let i = 0; i < skipped; i++) start += lengths.getUint32(i * 4, true);
    let end = start;
    let whole = true;
    for (let i = skipped; i * 4 < lengths.byteLength; i++) {
      const length = lengths.getUint32(i * 4, true);
      whole = this.ends.length === 0 || fits(this.ends.length + 1, this.bytes + length);
      if (!whole) break;
      end += length;
      this.bytes += length;
      this.ends.push(this.bytes);
      this.arrivalsMs.push(row.arrival_ms);
    }
    this.bodies.push(row.body.subarray(start, end));
    return whole;
  }

  build(): RecordBatch {
    return new RecordBatch(this.firstSeq, this.arrivalsMs, this.ends, Buffer.concat(this.bodies));
  }
}

function open(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    // Exclusive: one run per data folder. The operating system lets go of the lock when the process dies.
    db.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec("BEGIN IMMEDIATE; COMMIT");
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const corrupt = 11;
const notADatabase = 26;

/** Opens the file; a damaged one is laid aside, and what can be read of it goes into a new one. */
function openWhole(file: string): { db: DatabaseSync; notes: string[] } {
  let damage = "";
  try {
    const db = open(file);
    const check = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
    if (check === "ok") return { db, notes: [] };
    damage = String(check).replaceAll("\n", " ");
    db.close();
  } catch (error) {
    const code = sqliteCode(error);
    if (!existsSync(file) || (code !== corrupt && code !== notADatabase)) throw error;
    damage = (error as Error).message;
  }
  const aside = `${file}.damaged-${Date.now()}`;
  for (const ending of ["", "-wal", "-shm"]) {
    if (existsSync(file + ending)) renameSync(file + ending, aside + ending);
  }
  const db = open(file);
  db.exec(schema);
  const kept = salvage(aside, db);
  return {
    db,
    notes: [
      `The queue file was damaged (${damage}). ${kept} calls could be read and are kept; the damaged file is ${aside}.`,
    ],
  };
}

/** Copies every row that can still be read, one by one. */
function salvage(from: string, to: DatabaseSync): number {
  let kept = 0;
  let source: DatabaseSync;
  try {
    source = new DatabaseSync(from);
    for (const { name, value } of source.prepare("SELECT name, value FROM state").all()) {
      to.prepare("INSERT INTO state VALUES (?, ?)").run(name!, value!);
    }
    for (const row of source.prepare("SELECT * FROM backups").all()) {
      to.prepare("INSERT INTO backups VALUES (?, ?, ?)").run(
        row["key"]!,
        row["first_seq"]!,
        row["last_seq"]!,
      );
    }
    const insert = to.prepare("INSERT INTO calls VALUES (?, ?, ?, ?, ?)");
    for (const row of source.prepare("SELECT * FROM calls").iterate()) {
      insert.run(row["first_seq"]!, row["count"]!, row["arrival_ms"]!, row["lengths"]!, row["body"]!);
      kept++;
    }
    source.close();
  } catch (error) {
    // The rest is unreadable; the caller names the file that still has it.
    if (sqliteCode(error) === undefined) throw error;
  }
  return kept;
}

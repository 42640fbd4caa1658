/**
 * The durable queue: what was acknowledged is in this file first. A row holds the records of one call, numbered
 * from 1 since the data folder began.
 */
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CallRecords } from "../call-records";
import { dataFolderGone, textOf } from "../errors";
import type { Gap, Numbered } from "../gaps";
import type { RecordBatch } from "../record-batch";
import type { BackupExtent, BackupIntent, Extent, RecordQueue } from "../rooms";
import { BackupProgress } from "./backup-progress";
import { BatchBuilder, type CallRow, callColumns, callRow } from "./call-row";
import { type Mark, MarkFile } from "./mark-file";
import { markFileOf, type OpenedQueueFile, openQueueFile } from "./queue-file";
import { QueueState } from "./queue-state";

interface Pending {
  readonly records: CallRecords;
  readonly arrivalMs: number;
  readonly resolve: (firstSeq: number) => void;
  readonly reject: (error: unknown) => void;
}

export class QueueFull extends Error {}

const maxRecordsPerRow = 500;

export interface QueueOptions {
  readonly file: string;
  /** The queue refuses more than this many bytes of waiting records. @default 256 MiB */
  readonly maxBytes?: number;
}

export class Queue implements RecordQueue, Numbered {
  /** Told of every stretch that has become durable. */
  onAppend: (extent: Extent) => void = () => {};
  /** Told when the mark beside the queue cannot be written, and with undefined when it can. */
  onTrouble: (text: string | undefined) => void = () => {};
  /** Random letters of this data folder, so that document ids of two folders never meet. */
  readonly epoch: string;
  /** When this data folder began, in milliseconds since 1970. */
  readonly createdMs: number;
  /** What is to be told of a damaged file, empty where it was whole. */
  readonly notes: readonly string[];
  private readonly db: DatabaseSync;
  private readonly maxBytes: number;
  private readonly marks: MarkFile;
  private readonly isThere: () => boolean;
  private nextSeq: number;
  private waitingBytes: number;
  private settled: number;
  private trimmed: number;
  private pending: Pending[] = [];
  private pendingBytes = 0;
  private readonly insert: StatementSync;
  private readonly state: QueueState;
  private readonly backup: BackupProgress;
  private readonly select: StatementSync;

  private constructor(
    { file, maxBytes = 256 * 1024 * 1024 }: QueueOptions,
    { db, mark, notes }: OpenedQueueFile,
  ) {
    this.db = db;
    this.maxBytes = maxBytes;
    this.notes = notes;
    const columns = callColumns.join(", ");
    this.insert = db.prepare(`INSERT INTO calls (${columns}) VALUES (?, ?, ?, ?, ?, ?)`);
    this.select = db.prepare(
      `SELECT ${columns} FROM calls WHERE first_seq > ? - ? AND first_seq + count - 1 > ? ORDER BY first_seq`,
    );
    this.state = new QueueState(db);
    const before = this.state.get("epoch");
    // A mark of another queue, which somebody has put into this folder, says nothing about this one.
    const ours = before === undefined || before === mark?.epoch ? mark : undefined;
    this.epoch = String(before ?? ours?.epoch ?? randomBytes(6).toString("hex"));
    this.createdMs = Number(this.state.get("createdMs") ?? ours?.createdMs ?? Date.now());
    const newest = db.prepare("SELECT max(first_seq + count) AS next FROM calls").get()!["next"];
    const known = [this.state.get("nextSeq"), ours?.nextSeq, newest].map((seq) => Number(seq ?? 1));
    this.nextSeq = Math.max(...known);
    this.settled = ours?.settledThrough ?? 0;
    this.trimmed = ours?.trimmedThrough ?? 0;
    this.state.set({ epoch: this.epoch, createdMs: this.createdMs, nextSeq: this.nextSeq });
    this.backup = new BackupProgress(db, this.state, ours);
    this.waitingBytes = this.extentAfter(0).bytes;
    this.marks = new MarkFile(markFileOf(file));
    this.isThere = watchFile(file);
    this.writeMark();
  }

  /**
   * Opens or makes the file, for this process alone.
   * @throws an error with SQLite's code 5 (busy) where another run has it
   */
  static open(options: QueueOptions): Queue {
    return new Queue(options, openQueueFile(options.file));
  }

  /** The number of the newest record; 0 where there was none. */
  get lastSeq(): number {
    return this.nextSeq - 1;
  }

  get bytes(): number {
    return this.waitingBytes;
  }

  get isFull(): boolean {
    return this.waitingBytes + this.pendingBytes >= this.maxBytes;
  }

  /** Whether the file is still where it was opened: somebody may remove the folder below a run. */
  get isGone(): boolean {
    return !this.isThere();
  }

  /** The last record that the ledger had settled when it was told last; the ledger itself may know less. */
  get settledThrough(): number {
    return this.settled;
  }

  /** Numbers that the ledger has settled already are not given out again. */
  skipTo(seq: number): void {
    this.nextSeq = Math.max(this.nextSeq, seq + 1);
    this.state.set({ nextSeq: this.nextSeq });
    this.backup.skipTo(this.nextSeq - 1);
    this.writeMark();
  }

  /** Numbers after `afterSeq` that were given out and whose records are not there any more. */
  gapsAfter(afterSeq: number): Gap[] {
    const rows = this.db
      .prepare("SELECT first_seq, count FROM calls WHERE first_seq + count - 1 > ? ORDER BY first_seq")
      .all(afterSeq) as unknown as CallRow[];
    const gaps: Gap[] = [];
    let next = afterSeq + 1;
    for (const { first_seq, count } of [...rows, { first_seq: this.nextSeq, count: 0 }]) {
      if (first_seq > next) gaps.push({ firstSeq: next, lastSeq: first_seq - 1 });
      next = first_seq + count;
    }
    return gaps;
  }

  /**
   * Takes the records of one call. Resolves with the number of the first one when all are on disk.
   * Calls that come in the same turn of the event loop share one write to the disk.
   * @throws QueueFull when too much is waiting already; SQLite's error when the disk refuses
   */
  append(records: CallRecords, arrivalMs: number): Promise<number> {
    if (this.isFull) return Promise.reject(new QueueFull());
    this.pendingBytes += records.body.length;
    return new Promise((resolve, reject) => {
      this.pending.push({ records, arrivalMs, resolve, reject });
      if (this.pending.length === 1) setImmediate(() => this.commitPending());
    });
  }

  private commitPending(): void {
    const calls = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    const firstSeqs: number[] = [];
    let seq = this.nextSeq;
    let bytes = 0;
    try {
      if (this.isGone) throw dataFolderGone();
      this.db.exec("BEGIN IMMEDIATE");
      for (const { records, arrivalMs } of calls) {
        firstSeqs.push(seq);
        const row = callRow(seq, records, arrivalMs);
        this.insert.run(...callColumns.map((column) => row[column]));
        seq += records.lengths.length;
        bytes += row.body.length;
      }
      this.state.set({ nextSeq: seq });
      this.db.exec("COMMIT");
    } catch (error) {
      if (this.db.isTransaction) this.db.exec("ROLLBACK");
      for (const call of calls) call.reject(error);
      return;
    }
    const records = seq - this.nextSeq;
    this.nextSeq = seq;
    this.waitingBytes += bytes;
    this.writeMark();
    for (const [i, call] of calls.entries()) call.resolve(firstSeqs[i]!);
    this.onAppend({ records, bytes });
  }

  /** The records after `afterSeq`, as many as fit; at least one where there is any. Ends before a gap in the numbers. */
  read(afterSeq: number, fits: (records: number, bytes: number) => boolean): RecordBatch {
    const batch = new BatchBuilder();
    for (const row of this.select.iterate(afterSeq, maxRecordsPerRow, afterSeq)) {
      if (!batch.add(row as unknown as CallRow, afterSeq, fits)) break;
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
  trim(throughSeq: number, settledThrough = throughSeq): void {
    const remove = this.db.prepare(
      "DELETE FROM calls WHERE first_seq + count - 1 <= ? AND first_seq <= ? RETURNING length(body) AS bytes",
    );
    const gone = this.withoutWaiting(() => remove.all(throughSeq, throughSeq)) as { bytes: number }[];
    for (const { bytes } of gone) this.waitingBytes -= bytes;
    this.trimmed = Math.max(this.trimmed, throughSeq);
    this.settled = settledThrough;
    this.writeMark();
  }

  get backedUpThrough(): number {
    return this.backup.through;
  }

  get backedUp(): number {
    return this.backup.records;
  }

  unfinishedBackups(): readonly BackupIntent[] {
    return this.backup.unfinished;
  }

  beginBackup(intent: BackupIntent): void {
    this.backup.begin(intent);
    this.writeMark();
  }

  finishBackup(intent: BackupIntent, records: number, lengths?: Uint8Array): void {
    this.withoutWaiting(() => this.backup.finish(intent, records, lengths));
    this.writeMark();
  }

  backupOf(key: string): BackupExtent | undefined {
    return this.backup.extentOf(key);
  }

  backupWith(seq: number): BackupExtent | undefined {
    return this.backup.extentWith(seq);
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

  close(): void {
    if (this.pending.length > 0) this.commitPending();
    this.marks.close();
    this.db.close();
  }

  /** What was acknowledged stays acknowledged where this fails: an older mark only sees less of a damage. */
  private writeMark(): void {
    const mark: Mark = {
      epoch: this.epoch,
      createdMs: this.createdMs,
      nextSeq: this.nextSeq,
      settledThrough: this.settled,
      trimmedThrough: this.trimmed,
      backedUpThrough: this.backup.through,
      backedUp: this.backup.records,
      intent: this.backup.unfinished[0],
    };
    try {
      this.marks.write(mark);
      this.onTrouble(undefined);
    } catch (error) {
      this.onTrouble(`The mark beside the queue cannot be written: ${textOf(error)}`);
    }
  }
}

/** Whether there is still the same file at this path. */
function watchFile(file: string): () => boolean {
  const { ino, dev } = statSync(file);
  return () => {
    const now = statSync(file, { throwIfNoEntry: false });
    return now !== undefined && now.ino === ino && now.dev === dev;
  };
}

/** Saves what is whole in a damaged index file: every document that can still be read goes into a new file. */
import { DatabaseSync } from "node:sqlite";
import { replaceDamaged } from "../../sqlite/replacement";
import type { IndexMapping } from "../documents/mapping";
import { forgetRefused } from "../file/refused";
import { fileSchema } from "../file/tables";
import { IndexWriter } from "../writing/writer";
import { DamagedIndex, type SavedDocument, type SavedIndex } from "./damaged-index";

/** Rows taken in per transaction. */
const batchRows = 5000;
const nothing = { throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] };

/** What has come of an index. */
interface Copied {
  readonly kept: number;
  /** Of the documents that its note counts. */
  readonly noted: number;
  /** Documents of records that the ledger does not know yet: the newest pages of its sums are gone. */
  readonly newer: number;
  readonly lastSeq: number;
}

/** Takes an index in again. */
function copyIndex(
  documents: Iterable<SavedDocument>,
  index: SavedIndex,
  throughSeq: number,
  writer: IndexWriter,
): Copied {
  const { name, createdMs, fields } = index;
  writer.adopt(name, createdMs, fields);
  let batch: SavedDocument[] = [];
  let copied: Copied = { kept: 0, noted: 0, newer: 0, lastSeq: 0 };
  const flush = () => {
    const refusals = writer.write({
      seqs: Float64Array.from(batch, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(batch, ({ ts }) => ts),
      ids: batch.map(({ id }) => id),
      indices: batch.map(() => name),
      sources: batch.map(({ source }) => source),
    });
    writer.settle(nothing);
    const refused = new Set(refusals.map(({ position }) => position));
    const taken = batch.filter((_, position) => !refused.has(position));
    copied = {
      kept: copied.kept + taken.length,
      noted: copied.noted + taken.filter(({ seq }) => seq <= index.lastSeq).length,
      newer: copied.newer + taken.filter(({ seq }) => seq > throughSeq).length,
      lastSeq: taken.reduce((last, { seq }) => Math.max(last, seq), copied.lastSeq),
    };
    batch = [];
  };
  for (const document of documents) {
    batch.push(document);
    if (batch.length >= batchRows) flush();
  }
  flush();
  return copied;
}

/** Small tables whose rows stand on their own. */
function copyLists(from: DamagedIndex, to: DatabaseSync): void {
  const outbox = to.prepare("INSERT OR IGNORE INTO outbox VALUES (NULL, ?, ?, ?, ?, ?, ?)");
  for (const { key, body, records, errorCode, errorMessage, atMs } of from.outbox())
    outbox.run(key, body, records, errorCode, errorMessage, atMs);
  const failures = to.prepare("INSERT INTO failures VALUES (NULL, ?, ?, ?, ?, ?)");
  for (const { key, records, errorCode, errorMessage, atMs } of from.failures())
    failures.run(key, records, errorCode, errorMessage, atMs);
  const refused = to.prepare("INSERT OR IGNORE INTO refused VALUES (?, ?, ?, ?)");
  for (const { seq, arrivalMs, index, cameIn } of from.refused()) refused.run(seq, arrivalMs, index, cameIn);
  to.exec("CREATE TABLE IF NOT EXISTS replayed (seq INTEGER PRIMARY KEY)");
  const replayed = to.prepare("INSERT OR IGNORE INTO replayed VALUES (?)");
  for (const seq of from.replayed()) replayed.run(seq);
}

interface Saved {
  readonly kept: number;
  readonly lost: number;
  readonly hasLedger: boolean;
}

function copyAll(from: DamagedIndex, to: DatabaseSync, mapping: IndexMapping): Saved {
  const ledger = from.ledger();
  const indices = from.indices();
  const strays = from.strays(indices);
  const writer = new IndexWriter(to, [], mapping);
  const { throughSeq = 0, indexed = 0, dropped = 0, failed = 0 } = ledger ?? {};
  let kept = 0;
  let lost = 0;
  let newer = 0;
  let last = throughSeq;
  for (const index of indices) {
    const documents = from.documents(index, strays.get(index.number) ?? { documents: [], blocks: [] });
    const copied = copyIndex(documents, index, throughSeq, writer);
    kept += copied.kept;
    newer += copied.newer;
    lost += Math.max(0, index.documents - copied.noted);
    last = Math.max(last, copied.lastSeq);
  }
  // The notes of the indices may be older than the ledger, which knows the sum.
  if (ledger?.documents !== undefined) lost = Math.max(0, ledger.documents - (kept - newer));
  copyLists(from, to);
  // What was indexed and is gone is in none of the counts any more: that makes it lost.
  to.prepare("UPDATE ledger SET through_seq = ?, indexed = ?, dropped = ?, failed = ?").run(
    last,
    Math.max(0, indexed - lost) + newer,
    dropped,
    failed,
  );
  // Not every note of a refused document need have been saved.
  forgetRefused(to, last);
  return { kept, lost, hasLedger: ledger !== undefined };
}

/** Puts a new file made from what can be read in the place of a damaged one, and returns the sentence to show. */
export function salvage(file: string, problem: string, mapping: IndexMapping): string {
  const { made, aside } = replaceDamaged(file, (fresh) => copyTo(fresh, file, mapping));
  const { kept, lost, hasLedger } = made;
  const gone = lost > 0 ? `${lost} are lost, and counted as lost. ` : hasLedger ? "None is lost. " : "";
  const sums = hasLedger
    ? "The ledger was saved whole."
    : "The ledger, which knows how many there were, could not be read and begins at what was saved.";
  return (
    `The index ${file} is damaged (${problem}). It was moved to ${aside}. ` +
    `${kept} documents could be read and are in the new index. ${gone}${sums} The backup in s3/ has the source records.`
  );
}

function copyTo(fresh: string, damaged: string, mapping: IndexMapping): Saved {
  const to = new DatabaseSync(fresh);
  const from = new DamagedIndex(damaged);
  try {
    to.exec("PRAGMA journal_mode = WAL");
    to.exec(fileSchema);
    return copyAll(from, to, mapping);
  } finally {
    from.close();
    to.close();
  }
}

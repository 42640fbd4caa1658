/** The thread that writes. */
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import type { LedgerEntry, PackedDocuments, SavedQuery } from "../../rooms";
import type { IndexMapping } from "../documents/mapping";
import type { DocumentColumns } from "../writing/document-columns";
import { IndexWriter } from "../writing/writer";
import { answerCalls } from "./answer-calls";

export interface WriterData {
  readonly file: string;
  readonly panels: readonly SavedQuery[];
  readonly mapping: IndexMapping;
  readonly pageCacheMiB: number;
}

const { file, panels, mapping, pageCacheMiB } = workerData.data as WriterData;
let db: DatabaseSync;
let writer: IndexWriter;

answerCalls({
  open: () => {
    db = new DatabaseSync(file);
    // FULL: an answer to settle means that the disk has it.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000");
    db.exec(`PRAGMA cache_size = -${pageCacheMiB * 1024}`);
    writer = new IndexWriter(db, panels, mapping);
    return writer.state();
  },
  write: (documents: DocumentColumns) => writer.write(documents),
  writePacked: (parts: readonly PackedDocuments[]) => writer.writePacked(parts),
  replay: (documents: DocumentColumns) => writer.replay(documents),
  setPanels: (changed: readonly SavedQuery[]) => writer.setPanels(changed),
  settle: (entry: LedgerEntry) => writer.settle(entry),
  removeFromOutbox: (keys: readonly string[]) => writer.removeFromOutbox(keys),
  dropIndicesCreatedBefore: (ms: number) => writer.dropIndicesCreatedBefore(ms),
  close: () => db.close(),
});

/** The thread that writes. */
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";
import type { PanelPlan } from "../../plan/plan";
import type { LedgerEntry } from "../../rooms";
import { type DocumentColumns, IndexWriter } from "../writing/writer";
import { answerCalls } from "./worker-call";

const { file, panels } = workerData.data as { file: string; panels: readonly PanelPlan[] };
let db: DatabaseSync;
let writer: IndexWriter;

answerCalls({
  open: () => {
    db = new DatabaseSync(file);
    // FULL: an answer to settle means that the disk has it.
    db.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -32768",
    );
    writer = new IndexWriter(db, panels);
    return writer.state();
  },
  write: (documents: DocumentColumns) => writer.write(documents),
  replay: (documents: DocumentColumns) => writer.replay(documents),
  settle: (entry: LedgerEntry) => writer.settle(entry),
  removeFromOutbox: (keys: readonly string[]) => writer.removeFromOutbox(keys),
  dropIndicesCreatedBefore: (ms: number) => writer.dropIndicesCreatedBefore(ms),
  close: () => db.close(),
});

/** The thread that writes: indices by their file, one call after the other. */
import { DatabaseSync } from "node:sqlite";
import type { LedgerEntry, PackedDocuments, SavedQuery } from "../../rooms";
import type { IndexMapping } from "../documents/mapping";
import type { DocumentColumns } from "../writing/document-columns";
import { TokenTables } from "../writing/token-tables";
import { IndexWriter, type Settled } from "../writing/writer";
import { answerCalls } from "./answer-calls";

export interface OpenedFile {
  readonly file: string;
  readonly panels: readonly SavedQuery[];
  readonly mapping: IndexMapping;
  readonly pageCacheMiB: number;
}

/** Documents, and whether others were written before them since the last `settle`. */
interface Turn<T> {
  readonly documents: T;
  readonly goesOn: boolean;
}

interface Opened {
  readonly file: string;
  readonly db: DatabaseSync;
  readonly writer: IndexWriter;
}

const opened = new Map<string, Opened>();
const tables = new TokenTables();

function open({ file, panels, mapping, pageCacheMiB }: OpenedFile): Settled {
  const db = new DatabaseSync(file);
  try {
    // FULL: an answer to settle means that the disk has it.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000");
    db.exec(`PRAGMA cache_size = -${pageCacheMiB * 1024}`);
    const writer = new IndexWriter(db, panels, mapping, tables);
    opened.set(file, { file, db, writer });
    return writer.state();
  } catch (error) {
    db.close();
    throw error;
  }
}

function close({ file, db }: Opened): void {
  opened.delete(file);
  db.close();
}

/** Each of an index that is open, with what is given. */
const methods = {
  state: ({ writer }: Opened) => writer.state(),
  write: ({ writer }: Opened, { documents, goesOn }: Turn<DocumentColumns>) =>
    writer.write(documents, goesOn),
  writePacked: ({ writer }: Opened, { documents, goesOn }: Turn<readonly PackedDocuments[]>) =>
    writer.writePacked(documents, goesOn),
  settle: (
    { writer }: Opened,
    { entry, goesOn }: { readonly entry: LedgerEntry; readonly goesOn: boolean },
  ) => writer.settle(entry, goesOn),
  replay: ({ writer }: Opened, documents: DocumentColumns) => writer.replay(documents),
  setPanels: ({ writer }: Opened, panels: readonly SavedQuery[]) => writer.setPanels(panels),
  removeFromOutbox: ({ writer }: Opened, keys: readonly string[]) => writer.removeFromOutbox(keys),
  dropIndicesCreatedBefore: ({ writer }: Opened, ms: number) => writer.dropIndicesCreatedBefore(ms),
  close,
};

export type WriterMethods = typeof methods;

/** What is given to a method of an index. */
export interface IndexCall {
  readonly file: string;
  readonly given: unknown;
}

const ofIndex =
  (does: (index: Opened, given: never) => unknown) =>
  ({ file, given }: IndexCall): unknown =>
    does(opened.get(file) as Opened, given as never);

answerCalls({
  open,
  ...Object.fromEntries(Object.entries(methods).map(([name, does]) => [name, ofIndex(does)])),
});

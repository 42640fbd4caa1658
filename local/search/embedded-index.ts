/**
 * The embedded index: documents, their tokens and the ledger in one SQLite file. Writing and reading run in threads of
 * their own; what the page asks all the time (totals, panel counts) is known without them.
 */
import { DatabaseSync } from "node:sqlite";
import type { IndexTemplatePlan } from "../plan/plan";
import type {
  Bars,
  EmbeddedIndex,
  FailedObject,
  Histogram,
  Hit,
  HitPage,
  IndexDocument,
  IndexSize,
  LedgerEntry,
  LedgerTotals,
  MatchCount,
  PackedDocuments,
  Page,
  Patience,
  RecentFailure,
  Refusal,
  ReplayOutcome,
  SavedQuery,
  SearchRequest,
  SeenFields,
} from "../rooms";
import type { BodySearcher, FindRequest, Found, MappedIndex } from "../search-body";
import { type ThreadMemory, threadMemoryOf } from "../thread-memory";
import { mappingOf } from "./documents/mapping";
import { type HeldFile, holdFile } from "./file/hold";
import { readFailures, readOutbox } from "./file/ledger";
import { dependsOnNow } from "./query/parse";
import { noteSuspicion, prepareFile } from "./repair/prepare";
import { ReaderLanes } from "./threads/reader-lanes";
import { WriterThread } from "./threads/writer-thread";
import { WrittenIndex } from "./threads/written-index";
import { parsePanels } from "./writing/panels";

export interface EmbeddedIndexOptions {
  /** Path of the SQLite file; made when it is not there. */
  readonly file: string;
  /** Panels whose counts are kept live. */
  readonly panels: readonly SavedQuery[];
  /** How indices that are made from now on read their fields. @default as OpenSearch does without a template */
  readonly template?: Pick<IndexTemplatePlan, "settings" | "mappings"> | undefined;
  /** The thread that writes it, and others. @default one of its own */
  readonly thread?: WriterThread;
  /** What its threads may take. @default as that of a run of one stream */
  readonly memory?: ThreadMemory;
  /** Told what a person must know, such as that a damaged file was moved aside. @default written to stderr */
  readonly onNotice?: (message: string) => void;
}

class SqliteIndex implements EmbeddedIndex, BodySearcher {
  constructor(
    private readonly held: HeldFile,
    private readonly writer: WrittenIndex,
    private readonly readers: ReaderLanes,
    /** What the pipeline asks is read here: it waits for no reader. */
    private readonly ledger: DatabaseSync,
  ) {}

  write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]> {
    return this.writer.write(documents);
  }

  writePacked(parts: readonly PackedDocuments[]): Promise<readonly Refusal[]> {
    return this.writer.writePacked(parts);
  }

  settle(entry: LedgerEntry): Promise<void> {
    return this.writer.settle(entry);
  }

  async setPanels(panels: readonly SavedQuery[]): Promise<void> {
    parsePanels(panels);
    await this.writer.setPanels(panels);
  }

  replay(documents: readonly IndexDocument[]): Promise<readonly ReplayOutcome[]> {
    return this.writer.replay(documents);
  }

  totals(): LedgerTotals {
    return this.writer.state.totals;
  }

  async panelCounts(patience?: Patience): Promise<number[]> {
    const { panels, state } = this.writer;
    const counts = state.panelCounts.slice();
    for (const [at, { query }] of panels.entries()) {
      if (dependsOnNow(query)) counts[at] = (await this.count({ query }, patience)).count;
    }
    return counts;
  }

  search(request: SearchRequest & Page, patience?: Patience): Promise<HitPage> {
    return this.readers.ask("search", request, patience);
  }

  /** What a panel counts is known without a look into the index. */
  async count(request: SearchRequest, patience?: Patience): Promise<MatchCount> {
    const { query, index, fromMs, toMs } = request;
    const { panels, state } = this.writer;
    const panel = panels.findIndex((one) => one.query.trim() === query.trim());
    if (panel >= 0 && !index && fromMs === undefined && toMs === undefined && !dependsOnNow(query))
      return { count: state.panelCounts[panel] as number, timedOut: false };
    return this.readers.ask("count", request, patience);
  }

  histogram(request: SearchRequest & Bars, patience?: Patience): Promise<Histogram> {
    return this.readers.ask("histogram", request, patience);
  }

  fields(request: SearchRequest & { sample?: number }, patience?: Patience): Promise<SeenFields> {
    return this.readers.ask("fields", request, patience);
  }

  indices(patience?: Patience): Promise<IndexSize[]> {
    return this.readers.ask("indices", { query: "" }, patience);
  }

  find(request: FindRequest, patience?: Patience): Promise<Found> {
    return this.readers.askBody("find", request, patience);
  }

  mappings(patience?: Patience): Promise<MappedIndex[]> {
    return this.readers.askBody("mappings", undefined, patience);
  }

  document(index: string, id: string, patience?: Patience): Promise<Hit | undefined> {
    return this.readers.askBody("document", { index, id }, patience);
  }

  /** A reader of its own for each export, given back with the last page or when nobody reads on. */
  async *scan(request: SearchRequest, patience: Pick<Patience, "signal"> = {}): AsyncGenerator<Hit[]> {
    const { exports } = this.readers;
    const reader = await exports.acquire(patience.signal);
    try {
      const id = await exports.ask<number>(reader, "openScan", request, patience);
      while (true) {
        const page = await exports.ask<Hit[]>(reader, "nextPage", id, patience);
        if (page.length === 0) return;
        yield page;
      }
    } finally {
      exports.release(reader);
    }
  }

  async outbox(): Promise<FailedObject[]> {
    return readOutbox(this.ledger);
  }

  removeFromOutbox(keys: readonly string[]): Promise<void> {
    return this.writer.removeFromOutbox(keys);
  }

  async recentFailures(limit: number): Promise<RecentFailure[]> {
    return readFailures(this.ledger, limit);
  }

  dropIndicesCreatedBefore(ms: number): Promise<string[]> {
    return this.writer.dropIndicesCreatedBefore(ms);
  }

  /** FIRST the readers, THEN the writer, so that the last connection folds the log into the file. */
  async close(): Promise<void> {
    try {
      await this.readers.close();
      this.ledger.close();
    } finally {
      await this.writer.close().finally(() => this.held.release());
    }
  }
}

/** Damage that shows only while the file is in use is noted, so that the next start looks at every page. */
function explainDamage(file: string, error: Error): Error {
  if (!/malformed|not a database/.test(error.message)) return error;
  noteSuspicion(file);
  return new Error(
    `The index ${file} is damaged (${error.message}). Start again: what is whole will be saved into a new file.`,
  );
}

/**
 * Opens the index file, or makes it. A damaged file is moved aside, what is whole in it is kept, and a notice says
 * so. Throws when another process has it open, and a QueryError when a panel's query is wrong.
 */
export async function openEmbeddedIndex(
  options: EmbeddedIndexOptions,
): Promise<EmbeddedIndex & BodySearcher> {
  const { file, panels, template, memory = threadMemoryOf(1) } = options;
  const { thread = new WriterThread(memory) } = options;
  const { onNotice = (message) => process.stderr.write(`${message}\n`) } = options;
  parsePanels(panels);
  const mapping = mappingOf(template);
  const held = holdFile(file);
  const explain = (error: Error) => explainDamage(file, error);
  const writer = new WrittenIndex(
    thread,
    { file, panels, mapping, pageCacheMiB: memory.pageCacheMiB },
    explain,
  );
  try {
    prepareFile(file, mapping, onNotice);
    await writer.open();
    const ledger = new DatabaseSync(file, { readOnly: true });
    return new SqliteIndex(held, writer, new ReaderLanes(file, memory, explain), ledger);
  } catch (error) {
    await writer.close().finally(() => held.release());
    throw error;
  }
}

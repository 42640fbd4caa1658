/**
 * The embedded index: documents, their tokens and the ledger in one SQLite file. Writing and reading run in two
 * worker threads; what the page asks all the time (totals, panel counts) is kept here.
 */
import { join } from "node:path";
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
import { CalledWorker } from "./threads/worker-call";
import type { WriterData } from "./threads/writer-worker";
import type { DocumentColumns } from "./writing/document-columns";
import { parsePanels } from "./writing/panels";
import type { Settled } from "./writing/writer";

export interface EmbeddedIndexOptions {
  /** Path of the SQLite file; made when it is not there. */
  readonly file: string;
  /** Panels whose counts are kept live. */
  readonly panels: readonly SavedQuery[];
  /** How indices that are made from now on read their fields. @default as OpenSearch does without a template */
  readonly template?: Pick<IndexTemplatePlan, "settings" | "mappings"> | undefined;
  /** What its threads may take. @default as that of a run of one stream */
  readonly memory?: ThreadMemory;
  /** Told what a person must know, such as that a damaged file was moved aside. @default written to stderr */
  readonly onNotice?: (message: string) => void;
}

class SqliteIndex implements EmbeddedIndex, BodySearcher {
  /** Documents were written that are not settled yet. */
  private unsettled = false;
  private readonly whenSettled: (() => void)[] = [];

  constructor(
    private readonly held: HeldFile,
    private readonly writer: CalledWorker,
    private readonly readers: ReaderLanes,
    /** What the pipeline asks is read here: it waits for no reader. */
    private readonly ledger: DatabaseSync,
    private panels: readonly SavedQuery[],
    private state: Settled,
  ) {}

  write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]> {
    return this.writeBy("write", columnsOf(documents));
  }

  /** Memory is copied into the thread, and stays here: it is delivered again where that fails. */
  writePacked(parts: readonly PackedDocuments[]): Promise<readonly Refusal[]> {
    return this.writeBy("writePacked", parts);
  }

  private async writeBy(method: "write" | "writePacked", documents: unknown): Promise<readonly Refusal[]> {
    this.unsettled = true;
    try {
      return await this.writer.call<Refusal[]>(method, documents);
    } catch (error) {
      this.endOfTurn();
      throw error;
    }
  }

  async settle(entry: LedgerEntry): Promise<void> {
    try {
      this.state = await this.writer.call<Settled>("settle", entry);
    } finally {
      this.endOfTurn();
    }
  }

  /** Settled or undone: whatever happened, nothing is half written. */
  private endOfTurn(): void {
    this.unsettled = false;
    for (const go of this.whenSettled.splice(0)) go();
  }

  /** Resolves when nothing is half written. */
  private async betweenTurns(): Promise<void> {
    while (this.unsettled) await new Promise<void>((resolve) => this.whenSettled.push(resolve));
  }

  async setPanels(panels: readonly SavedQuery[]): Promise<void> {
    parsePanels(panels);
    await this.betweenTurns();
    this.state = await this.writer.call<Settled>("setPanels", panels);
    this.panels = panels;
  }

  async replay(documents: readonly IndexDocument[]): Promise<readonly ReplayOutcome[]> {
    await this.betweenTurns();
    const { outcomes, state } = await this.writer.call<{ outcomes: ReplayOutcome[]; state: Settled }>(
      "replay",
      columnsOf(documents),
    );
    this.state = state;
    return outcomes;
  }

  totals(): LedgerTotals {
    return this.state.totals;
  }

  async panelCounts(patience?: Patience): Promise<number[]> {
    const counts = this.state.panelCounts.slice();
    for (const [at, { query }] of this.panels.entries()) {
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
    const panel = this.panels.findIndex((one) => one.query.trim() === query.trim());
    if (panel >= 0 && !index && fromMs === undefined && toMs === undefined && !dependsOnNow(query))
      return { count: this.state.panelCounts[panel] as number, timedOut: false };
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
    return this.writer.call("removeFromOutbox", keys);
  }

  async recentFailures(limit: number): Promise<RecentFailure[]> {
    return readFailures(this.ledger, limit);
  }

  async dropIndicesCreatedBefore(ms: number): Promise<string[]> {
    const { dropped, state } = await this.writer.call<{ dropped: string[]; state: Settled }>(
      "dropIndicesCreatedBefore",
      ms,
    );
    this.state = state;
    return dropped;
  }

  /** FIRST the readers, THEN the writer, so that the last connection folds the log into the file. */
  async close(): Promise<void> {
    try {
      await this.readers.close();
      this.ledger.close();
      await this.writer.call("close");
    } finally {
      await this.writer.stop();
      this.held.release();
    }
  }
}

function columnsOf(documents: readonly IndexDocument[]): DocumentColumns {
  return {
    seqs: Float64Array.from(documents, ({ seq }) => seq),
    arrivalsMs: Float64Array.from(documents, ({ arrivalMs }) => arrivalMs),
    ids: documents.map(({ id }) => id),
    indices: documents.map(({ index }) => index),
    sources: documents.map(({ source }) => source),
  };
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
  const { onNotice = (message) => process.stderr.write(`${message}\n`) } = options;
  parsePanels(panels);
  const mapping = mappingOf(template);
  const held = holdFile(file);
  let writer: CalledWorker | undefined;
  try {
    prepareFile(file, mapping, onNotice);
    const explain = (error: Error) => explainDamage(file, error);
    const data: WriterData = { file, panels, mapping, pageCacheMiB: memory.pageCacheMiB };
    writer = new CalledWorker(join(__dirname, "threads", "writer-worker.ts"), data, memory, explain);
    const state = await writer.call<Settled>("open");
    const ledger = new DatabaseSync(file, { readOnly: true });
    return new SqliteIndex(held, writer, new ReaderLanes(file, memory, explain), ledger, panels, state);
  } catch (error) {
    await writer?.stop();
    held.release();
    throw error;
  }
}

/**
 * The embedded index: documents, their tokens and the ledger in one SQLite file. Writing and reading run in two
 * worker threads; what the page asks all the time (totals, panel counts) is kept here.
 */
import { join } from "node:path";
import type { PanelPlan } from "../plan/plan";
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
  Page,
  RecentFailure,
  Refusal,
  ReplayOutcome,
  SearchRequest,
  SeenFields,
} from "../rooms";
import { type HeldFile, holdFile } from "./file/hold";
import { dependsOnNow } from "./query/parse";
import { noteSuspicion, prepareFile } from "./repair/prepare";
import { CalledWorker } from "./threads/worker-call";
import { parsePanels } from "./writing/panels";
import type { DocumentColumns, Settled } from "./writing/writer";

export interface EmbeddedIndexOptions {
  /** Path of the SQLite file; made when it is not there. */
  readonly file: string;
  /** Panels whose counts are kept live. */
  readonly panels: readonly PanelPlan[];
  /** Told what a person must know, such as that a damaged file was moved aside. @default written to stderr */
  readonly onNotice?: (message: string) => void;
}

class SqliteIndex implements EmbeddedIndex {
  /** Documents were written that are not settled yet. */
  private unsettled = false;
  private readonly whenSettled: (() => void)[] = [];

  constructor(
    private readonly held: HeldFile,
    private readonly writer: CalledWorker,
    private readonly reader: CalledWorker,
    private readonly panels: readonly PanelPlan[],
    private state: Settled,
  ) {}

  async write(documents: readonly IndexDocument[]): Promise<readonly Refusal[]> {
    this.unsettled = true;
    try {
      return await this.writer.call<Refusal[]>("write", columnsOf(documents));
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

  async replay(documents: readonly IndexDocument[]): Promise<readonly ReplayOutcome[]> {
    while (this.unsettled) await new Promise<void>((resolve) => this.whenSettled.push(resolve));
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

  async panelCounts(): Promise<number[]> {
    const counts = this.state.panelCounts.slice();
    for (const [at, { query }] of this.panels.entries()) {
      if (dependsOnNow(query)) counts[at] = (await this.count({ query })).count;
    }
    return counts;
  }

  async search(request: SearchRequest & Page): Promise<HitPage> {
    return { ...(await this.reader.call<Omit<HitPage, "timedOut">>("search", request)), timedOut: false };
  }

  /** What a panel counts is known without a look into the index. */
  async count(request: SearchRequest): Promise<MatchCount> {
    const { query, index, fromMs, toMs } = request;
    const panel = this.panels.findIndex((one) => one.query.trim() === query.trim());
    if (panel >= 0 && !index && fromMs === undefined && toMs === undefined && !dependsOnNow(query))
      return { count: this.state.panelCounts[panel] as number, timedOut: false };
    return { count: await this.reader.call("count", request), timedOut: false };
  }

  async histogram(request: SearchRequest & Bars): Promise<Histogram> {
    return { bars: await this.reader.call("histogram", request), timedOut: false };
  }

  async fields(request: SearchRequest & { sample?: number }): Promise<SeenFields> {
    return { fields: await this.reader.call("fields", request), timedOut: false };
  }

  indices(): Promise<IndexSize[]> {
    return this.reader.call("indices");
  }

  async *scan(request: SearchRequest): AsyncGenerator<Hit[]> {
    const id = await this.reader.call<number>("openScan", request);
    try {
      while (true) {
        const page = await this.reader.call<Hit[]>("nextPage", id);
        if (page.length === 0) return;
        yield page;
      }
    } finally {
      await this.reader.call("closeScan", id);
    }
  }

  outbox(): Promise<FailedObject[]> {
    return this.reader.call("outbox");
  }

  removeFromOutbox(keys: readonly string[]): Promise<void> {
    return this.writer.call("removeFromOutbox", keys);
  }

  recentFailures(limit: number): Promise<RecentFailure[]> {
    return this.reader.call("recentFailures", limit);
  }

  async dropIndicesCreatedBefore(ms: number): Promise<string[]> {
    const { dropped, state } = await this.writer.call<{ dropped: string[]; state: Settled }>(
      "dropIndicesCreatedBefore",
      ms,
    );
    this.state = state;
    return dropped;
  }

  /** FIRST the reader, THEN the writer, so that the last connection folds the log into the file. */
  async close(): Promise<void> {
    try {
      await this.reader.call("close");
      await this.writer.call("close");
    } finally {
      await Promise.all([this.reader.stop(), this.writer.stop()]);
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
export async function openEmbeddedIndex(options: EmbeddedIndexOptions): Promise<EmbeddedIndex> {
  const { file, panels, onNotice = (message) => process.stderr.write(`${message}\n`) } = options;
  parsePanels(panels);
  const held = holdFile(file);
  const workers: CalledWorker[] = [];
  try {
    prepareFile(file, onNotice);
    const start = (name: string, data: object) => {
      const worker = new CalledWorker(join(__dirname, "threads", name), { file, ...data }, (error) =>
        explainDamage(file, error),
      );
      workers.push(worker);
      return worker;
    };
    const writer = start("writer-worker.ts", { panels });
    const reader = start("reader-worker.ts", {});
    const state = await writer.call<Settled>("open");
    await reader.call("open");
    return new SqliteIndex(held, writer, reader, panels, state);
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.stop()));
    held.release();
    throw error;
  }
}

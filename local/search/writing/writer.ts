/** Writes documents and the ledger into the index file. One transaction from the first write to `settle`. */
import type { DatabaseSync } from "node:sqlite";
import type {
  LedgerEntry,
  LedgerTotals,
  PackedDocuments,
  Refusal,
  RefusedDocument,
  ReplayOutcome,
  SavedQuery,
} from "../../rooms";
import type { Analyzed } from "../documents/analyze";
import { FieldMap, type StoredFields } from "../documents/fields";
import type { IndexMapping } from "../documents/mapping";
import { DocumentRefused } from "../documents/rules";
import { readTotals, writeLedgerEntry } from "../file/ledger";
import { moveFailedToIndexed, openRefused, whyNotReplayed } from "../file/refused";
import {
  createIndexTables,
  dropIndexTables,
  type IndexRow,
  readFields,
  readIndexRows,
  writeIndexRow,
} from "../file/tables";
import { type DocumentColumns, documentsIn, eachPacked, type GivenDocument } from "./document-columns";
import { emptyDocument, implausible, isBlank, refusalOf, unreadable } from "./document-refusals";
import { IncomingDocument } from "./incoming-document";
import { OpenIndex } from "./open-index";
import { PanelCounts } from "./panel-counts";
import { TokenTables } from "./token-tables";

export interface Settled {
  readonly totals: LedgerTotals;
  readonly panelCounts: number[];
}

export class IndexWriter {
  private readonly open = new Map<string, OpenIndex>();
  private panels: PanelCounts;
  private inTransaction = false;

  constructor(
    private readonly db: DatabaseSync,
    panels: readonly SavedQuery[],
    /** Of indices that are made from now on. */
    private readonly mapping: IndexMapping,
    private readonly tables = new TokenTables(),
  ) {
    // Tokens are written into the tables that FTS5 keeps them in.
    db.enableDefensive(false);
    this.panels = new PanelCounts(db, panels);
    openRefused(this.db);
    this.reload();
    this.recountChangedPanels();
  }

  private reload(): void {
    this.open.clear();
    for (const row of readIndexRows(this.db)) {
      const fields = readFields(this.db, row.number);
      this.open.set(
        row.name,
        new OpenIndex(this.db, row, fields, this.panels.stored(row.number), this.tables),
      );
    }
  }

  private recountChangedPanels(): void {
    if (this.panels.areKnown()) return;
    this.transaction(() => this.panels.recount(this.open.values()));
  }

  /** Other panels from now on; not within a transaction. */
  setPanels(panels: readonly SavedQuery[]): Settled {
    this.panels = new PanelCounts(this.db, panels);
    for (const index of this.open.values()) index.forgetPanelTests();
    this.recountChangedPanels();
    return this.state();
  }

  private transaction<T>(work: () => T): T {
    const joined = this.inTransaction;
    if (!joined) this.db.exec("BEGIN IMMEDIATE");
    this.inTransaction = true;
    try {
      const result = work();
      if (!joined) {
        this.db.exec("COMMIT");
        this.inTransaction = false;
      }
      return result;
    } catch (error) {
      this.undo();
      throw error;
    }
  }

  /** Back to the last `settle`, in the file and in memory. */
  private undo(): void {
    if (this.db.isTransaction) this.db.exec("ROLLBACK");
    this.inTransaction = false;
    this.reload();
  }

  /**
   * Takes documents in until the next `settle`; when it throws, all since the last one is undone.
   * @param goesOn whether others were written since the last `settle`
   */
  write(documents: DocumentColumns, goesOn = false): Refusal[] {
    return this.writeAll((take) => {
      for (const document of documentsIn(documents)) take(document);
    }, goesOn);
  }

  /** The same for packed documents; positions count over all parts. */
  writePacked(parts: readonly PackedDocuments[], goesOn = false): Refusal[] {
    return this.writeAll((take) => eachPacked(parts, take), goesOn);
  }

  /** @throws where documents that were written are gone: their thread has ended, or something else has undone them */
  private begin(goesOn: boolean): void {
    if (goesOn && !this.inTransaction) throw new Error("what was written before is undone; begin again");
    if (!this.inTransaction) this.db.exec("BEGIN IMMEDIATE");
    this.inTransaction = true;
  }

  private writeAll(each: (take: (document: GivenDocument) => void) => void, goesOn: boolean): Refusal[] {
    this.begin(goesOn);
    const refusals: Refusal[] = [];
    try {
      let position = 0;
      each((document) => {
        const outcome = this.writeOne(document);
        if (typeof outcome !== "string") refusals.push(refusalOf(outcome, position));
        position++;
      });
      for (const index of this.open.values()) index.flush();
    } catch (error) {
      this.undo();
      throw error;
    }
    return refusals;
  }

  /** Documents that had failed, and the ledger, in one transaction of their own: between a `settle` and a `write`. */
  replay(documents: DocumentColumns): { outcomes: ReplayOutcome[]; state: Settled } {
    if (this.inTransaction)
      throw new Error("documents cannot be replayed while others wait for their settle");
    const outcomes: ReplayOutcome[] = [];
    this.transaction(() => {
      const moved: RefusedDocument[] = [];
      for (const document of documentsIn(documents)) {
        const { seq } = document;
        const why = whyNotReplayed(this.db, document);
        if (why !== undefined && why !== "unknown") {
          outcomes.push({ refused: why });
          continue;
        }
        if (why === "unknown" && [...this.open.values()].some((index) => this.isThere(index, seq))) {
          outcomes.push("already there");
          continue;
        }
        const outcome = implausible(document) ?? this.writeOne(document);
        if (outcome === "indexed") moved.push(document);
        outcomes.push(
          typeof outcome === "string" ? outcome : { refused: `${outcome.type}: ${outcome.message}` },
        );
      }
      for (const index of this.open.values()) index.flush();
      this.writeIndices();
      moveFailedToIndexed(this.db, moved);
    });
    return { outcomes, state: this.state() };
  }

  private writeOne(document: GivenDocument): "indexed" | "already there" | DocumentRefused {
    const { seq, arrivalMs } = document;
    const known = this.open.get(document.index);
    // No index is made for nothing.
    if (known === undefined && isBlank(document)) return emptyDocument();
    const index = known ?? this.index(document.index, arrivalMs);
    if (seq <= index.row.lastSeq && this.isThere(index, seq)) return "already there";
    const { analyzer } = index;
    const { packed } = document;
    let analyzed: Analyzed | undefined;
    try {
      analyzed = packed && analyzer.analyzePlain(packed.body, packed.start, packed.end);
      if (analyzed === undefined) {
        if (isBlank(document)) return emptyDocument();
        analyzed = analyzer.analyze(document.source);
      }
    } catch (error) {
      return error instanceof DocumentRefused ? error : unreadable(error);
    }
    const incoming = new IncomingDocument(document, analyzed, index.lastHas);
    index.insert(incoming, analyzed.tokens);
    index.note(seq, incoming.timestampMs, analyzed.oddTimestamps, incoming.units);
    index.panelTests(this.panels.nodes).count(incoming, index.counts);
    return "indexed";
  }

  /** A document that came twice is kept once. */
  private isThere(index: OpenIndex, seq: number): boolean {
    index.flushRows();
    return this.db.prepare(`SELECT 1 FROM d${index.row.number} WHERE seq = ?`).get(seq) !== undefined;
  }

  private index(name: string, createdMs: number): OpenIndex {
    return this.open.get(name) ?? this.create(name, createdMs, FieldMap.of(this.mapping));
  }

  /** An index of another file, as it read its fields there; those of new indices where that is not known. */
  adopt(name: string, createdMs: number, fields: StoredFields | undefined): void {
    if (fields === undefined) this.index(name, createdMs);
    else this.create(name, createdMs, FieldMap.restore(fields));
  }

  private create(name: string, createdMs: number, fields: FieldMap): OpenIndex {
    const { lastInsertRowid } = this.db
      .prepare("INSERT INTO indices VALUES (NULL, ?, ?, 0, 0, 0, 0, 0, 1, 0, 0, ?)")
      .run(name, createdMs, JSON.stringify(fields.store()));
    const number = Number(lastInsertRowid);
    createIndexTables(this.db, number);
    const row = readIndexRows(this.db).find((candidate) => candidate.number === number) as IndexRow;
    const index = new OpenIndex(this.db, row, fields, this.panels.none(), this.tables);
    this.open.set(name, index);
    return index;
  }

  /**
   * Makes all since the last `settle` durable, with the ledger, in one step. What goes no further than the ledger was
   * settled before, by a thread that ended before its answer: it is not counted twice.
   * @param goesOn whether documents were written since the last `settle`
   */
  settle(entry: LedgerEntry, goesOn = false): Settled {
    this.begin(goesOn);
    try {
      this.writeIndices();
      if (entry.throughSeq > readTotals(this.db).throughSeq) writeLedgerEntry(this.db, entry);
      this.db.exec("COMMIT");
    } catch (error) {
      this.undo();
      throw error;
    }
    this.inTransaction = false;
    return this.state();
  }

  /** What is known of each index that has changed since the last `settle`. */
  private writeIndices(): void {
    for (const index of this.open.values()) {
      if (!index.touched && !index.fields.changed) continue;
      if (index.fields.changed) index.row.fieldsVersion++;
      index.indexTimes();
      writeIndexRow(this.db, index.row, index.fields.changed ? index.fields : undefined);
      index.fields.changed = false;
      index.touched = false;
      this.panels.write(index);
    }
  }

  state(): Settled {
    const panelCounts = this.panels.sums(this.open.values());
    return { totals: readTotals(this.db), panelCounts };
  }

  removeFromOutbox(keys: readonly string[]): void {
    this.transaction(() => {
      for (const key of keys) this.db.prepare("DELETE FROM outbox WHERE key = ?").run(key);
    });
  }

  dropIndicesCreatedBefore(ms: number): { dropped: string[]; state: Settled } {
    const old = [...this.open.values()].filter(({ row }) => row.createdMs < ms);
    this.transaction(() => {
      for (const { row } of old) {
        dropIndexTables(this.db, row.number);
      }
    });
    for (const { row } of old) this.open.delete(row.name);
    return { dropped: old.map(({ row }) => row.name), state: this.state() };
  }
}

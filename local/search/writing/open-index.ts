/** One index while it is being written to. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { DocumentAnalyzer } from "../documents/analyze";
import type { FieldMap } from "../documents/fields";
import { createTimeIndex, type IndexRow } from "../file/tables";
import type { SyntaxNode } from "../query/parse";
import { DocumentRows, type IncomingDocument } from "./document-rows";
import { PanelTests } from "./panels";

/** An index that is being written to. */
export class OpenIndex {
  readonly analyzer: DocumentAnalyzer;
  private readonly rows: DocumentRows;
  private readonly insertTokens: StatementSync;
  private tests: PanelTests | undefined;
  private testedFields = -1;
  touched = false;
  private timesIndexed = false;

  constructor(
    private readonly db: DatabaseSync,
    readonly row: IndexRow,
    readonly fields: FieldMap,
    readonly counts: number[],
  ) {
    this.analyzer = new DocumentAnalyzer(fields);
    this.rows = new DocumentRows(db, row.number);
    this.insertTokens = db.prepare(`INSERT INTO f${row.number}(rowid, t) VALUES (?, ?)`);
  }

  insert(document: IncomingDocument, tokens: string): void {
    this.rows.add(document);
    this.insertTokens.run(document.seq, tokens);
  }

  /** Puts the documents that wait into the tables. */
  flush(): void {
    this.rows.flush();
  }

  /** Once, as soon as a time has gone back. */
  indexTimes(): void {
    if (this.row.ordered || this.timesIndexed) return;
    createTimeIndex(this.db, this.row.number);
    this.timesIndexed = true;
  }

  forgetPanelTests(): void {
    this.tests = undefined;
  }

  panelTests(nodes: readonly (SyntaxNode | undefined)[]): PanelTests {
    const fields = this.fields.list.length * 2 + Number(this.fields.time.someWithout);
    if (this.tests === undefined || this.testedFields !== fields) {
      this.tests = new PanelTests(nodes, this.fields, this.row.name);
      this.testedFields = fields;
    }
    return this.tests;
  }

  /** Takes a document into the sums of the index. */
  note(seq: number, timestampMs: number, oddTimes: boolean, units: number): void {
    const { row } = this;
    this.touched = true;
    if (row.documents > 0 && (seq > row.lastSeq ? timestampMs < row.maxMs : true)) row.ordered = false;
    row.minMs = row.documents === 0 ? timestampMs : Math.min(row.minMs, timestampMs);
    row.maxMs = row.documents === 0 ? timestampMs : Math.max(row.maxMs, timestampMs);
    row.firstSeq = row.documents === 0 ? seq : Math.min(row.firstSeq, seq);
    row.lastSeq = Math.max(row.lastSeq, seq);
    row.documents++;
    row.bytes += units;
    if (oddTimes) row.oddTimes = true;
  }
}

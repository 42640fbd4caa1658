/** One index while it is being written to. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { DocumentAnalyzer } from "../documents/analyze";
import type { FieldMap } from "../documents/fields";
import { createTimeIndex, type IndexRow } from "../file/tables";
import type { SyntaxNode } from "../query/parse";
import { PanelTests } from "./panels";

/** One row of a documents' table. Several at once cost a third less than one by one. */
const columnCount = 5;
const rowPlaceholders = `(${Array(columnCount).fill("?").join(",")})`;
const rowsPerInsert = 40;

/** An index that is being written to. */
export class OpenIndex {
  readonly analyzer: DocumentAnalyzer;
  private readonly insertOne: StatementSync;
  private readonly insertMany: StatementSync;
  private readonly insertTokens: StatementSync;
  /** Values of rows that are not in the table yet. */
  private waiting: SQLInputValue[] = [];
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
    this.insertOne = db.prepare(`INSERT INTO d${row.number} VALUES ${rowPlaceholders}`);
    this.insertMany = db.prepare(
      `INSERT INTO d${row.number} VALUES ${Array(rowsPerInsert).fill(rowPlaceholders).join(",")}`,
    );
    this.insertTokens = db.prepare(`INSERT INTO f${row.number}(rowid, t) VALUES (?, ?)`);
  }

  insert(seq: number, ts: number, added: number, id: string, source: string, tokens: string): void {
    this.waiting.push(seq, ts, added, id, source);
    if (this.waiting.length === rowsPerInsert * columnCount) {
      this.insertMany.run(...this.waiting);
      this.waiting.length = 0;
    }
    this.insertTokens.run(seq, tokens);
  }

  /** Puts the rows that wait into the table. */
  flush(): void {
    for (let at = 0; at < this.waiting.length; at += columnCount) {
      this.insertOne.run(...this.waiting.slice(at, at + columnCount));
    }
    this.waiting.length = 0;
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

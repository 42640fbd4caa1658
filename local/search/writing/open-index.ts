/** One index while it is being written to. */
import type { DatabaseSync } from "node:sqlite";
import { DocumentAnalyzer } from "../documents/analyze";
import type { DocumentTokens } from "../documents/document-tokens";
import type { FieldMap } from "../documents/fields";
import { createTimeIndex, type IndexRow } from "../file/tables";
import type { SyntaxNode } from "../query/parse";
import { DocumentRows } from "./document-rows";
import { FrequentTerms } from "./frequent-terms";
import type { IncomingDocument } from "./incoming-document";
import { PanelTests } from "./panels";
import { TokenRows } from "./token-rows";
import type { AskedToken, TokenTable } from "./token-table";
import type { TokenTables } from "./token-tables";

/** The words of so many tell already which the most frequent ones are. */
const documentsLookedAt = 512;

/** An index that is being written to. */
export class OpenIndex {
  readonly analyzer: DocumentAnalyzer;
  private readonly rows: DocumentRows;
  private readonly frequent: FrequentTerms;
  /** Of the documents that wait. */
  private tokens: TokenTable | undefined;
  private readonly tokenRows: TokenRows;
  private tests: PanelTests | undefined;
  /** What the tests depend on grows only. */
  private testedGrowth = -1;
  touched = false;
  private timesIndexed = false;

  constructor(
    private readonly db: DatabaseSync,
    readonly row: IndexRow,
    readonly fields: FieldMap,
    readonly counts: number[],
    private readonly tables: TokenTables,
  ) {
    this.analyzer = new DocumentAnalyzer(fields);
    this.rows = new DocumentRows(db, row.number);
    this.frequent = new FrequentTerms(fields);
    this.tokenRows = new TokenRows(db, row.number);
  }

  insert(document: IncomingDocument, tokens: DocumentTokens): void {
    this.rows.add(document);
    // In a segment the records of a token go up.
    if (this.tokens && (document.seq <= this.tokens.lastSeq || this.tokens.isFull)) this.flushTokens();
    this.tokens ??= this.tables.take(this.frequent);
    this.tokens.add(document.seq, tokens);
    if (this.tokens.documents === documentsLookedAt)
      this.tokens.listFrequent(Math.max(this.row.lastSeq, document.seq) + 1);
  }

  /** Whether the document that was inserted last has a token. */
  readonly lastHas = (token: AskedToken): boolean => this.tokens?.lastHas(token) === true;

  /** Puts the documents that wait into the tables, without their tokens. */
  flushRows(): void {
    this.rows.flush();
  }

  flush(): void {
    this.flushRows();
    this.flushTokens();
  }

  private flushTokens(): void {
    const { tokens } = this;
    if (tokens === undefined || tokens.isEmpty) return;
    tokens.listFrequent(this.row.lastSeq + 1);
    this.tokenRows.write(tokens.written());
    this.tokens = undefined;
    this.tables.give(tokens);
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
    const { fields } = this;
    const growth = fields.list.length + fields.frequentWords + Number(fields.time.someWithout);
    if (this.tests === undefined || this.testedGrowth !== growth) {
      this.tests = new PanelTests(nodes, fields, this.row.name);
      this.testedGrowth = growth;
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

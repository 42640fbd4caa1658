/** Documents on their way into the tables of one index: packed into blocks where many come together. */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { type BlockDocument, packBlock } from "../file/document-blocks";

/** Texts of one block, in UTF-16 units: more of them hardly take less, and a look at one document costs more. */
const blockUnits = 24 * 1024;
/** Fewer stand in their rows: a page that is lost would take more of them along than is saved. */
const leastUnits = 12 * 1024;
/** Several rows at once cost a third less than one by one. */
const rowsPerInsert = 40;

export interface IncomingDocument extends BlockDocument {
  /** Its time, which is that of its arrival where it has none of its own. */
  readonly timestampMs: number;
}

export class DocumentRows {
  private waiting: IncomingDocument[] = [];
  private readonly insertWhole: StatementSync;
  private readonly insertBlock: StatementSync;
  private readonly insertPacked: StatementSync;
  private readonly insertPackedMany: StatementSync;
  /** Blocks follow each other: what comes with a smaller number stands in its row. */
  private through: number;

  constructor(
    db: DatabaseSync,
    private readonly number: number,
  ) {
    const last = db.prepare(`SELECT max(last_seq) AS seq FROM b${number}`).get()?.["seq"];
    this.through = (last ?? 0) as number;
    this.insertWhole = db.prepare(`INSERT INTO d${number} VALUES (?, ?, ?, ?, ?)`);
    this.insertBlock = db.prepare(`INSERT INTO b${number} VALUES (?, ?, ?, ?, ?)`);
    const packed = "(?, ?, ?, NULL, NULL)";
    this.insertPacked = db.prepare(`INSERT INTO d${number} VALUES ${packed}`);
    this.insertPackedMany = db.prepare(
      `INSERT INTO d${number} VALUES ${Array(rowsPerInsert).fill(packed).join(",")}`,
    );
  }

  add(document: IncomingDocument): void {
    this.waiting.push(document);
  }

  /** Puts the documents that wait into the tables. */
  flush(): void {
    const { waiting } = this;
    this.waiting = [];
    for (let from = 0; from < waiting.length; ) {
      let units = 0;
      let end = from;
      let { through } = this;
      for (; end < waiting.length && units < blockUnits; end++) {
        const { seq, source } = waiting[end] as IncomingDocument;
        if (seq <= through) break;
        through = seq;
        units += source.length;
      }
      if (units >= leastUnits) this.writeBlock(waiting.slice(from, end));
      else {
        end = Math.max(end, from + 1);
        for (const { seq, timestampMs, arrivalMs, id, source } of waiting.slice(from, end))
          this.insertWhole.run(seq, timestampMs, Number(arrivalMs !== undefined), id, source);
      }
      from = end;
    }
  }

  private writeBlock(documents: readonly IncomingDocument[]): void {
    const { first_seq, last_seq, id_prefix, body } = packBlock(documents);
    this.insertBlock.run(first_seq, last_seq, this.number, id_prefix, body);
    this.through = last_seq;
    let values: SQLInputValue[] = [];
    for (const { seq, timestampMs, arrivalMs } of documents) {
      values.push(seq, timestampMs, Number(arrivalMs !== undefined));
      if (values.length < rowsPerInsert * 3) continue;
      this.insertPackedMany.run(...values);
      values = [];
    }
    for (let at = 0; at < values.length; at += 3) this.insertPacked.run(...values.slice(at, at + 3));
  }
}

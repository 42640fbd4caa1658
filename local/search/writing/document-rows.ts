/** Documents on their way into the tables of one index: packed into blocks where many come together. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type BlockRow, packBlock } from "../file/document-blocks";
import type { IncomingDocument } from "./incoming-document";

/** Texts of one block, in UTF-16 units: more of them hardly take less, and a look at one document costs more. */
const blockUnits = 24 * 1024;
/** Fewer stand in their rows: a page that is lost would take more of them along than is saved. */
const leastUnits = 12 * 1024;

/** Rows of documents whose numbers follow each other, all of them with a time of their own or none. */
interface Run {
  readonly first: number;
  readonly hasOwnTime: boolean;
  readonly firstMs: number;
  /** Each time as its distance from the first one: short texts of small numbers. */
  readonly distances: number[];
}

export class DocumentRows {
  /** The next block, as far as it has come; its numbers go up. */
  private open: IncomingDocument[] = [];
  private openUnits = 0;
  /** Packed at once, so that the texts need not be kept, and written at `flush`. */
  private readonly blocks: BlockRow[] = [];
  private runs: Run[] = [];
  private singles: IncomingDocument[] = [];
  private readonly insertWhole: StatementSync;
  private readonly insertBlock: StatementSync;
  private readonly insertRun: StatementSync;
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
    this.insertRun = db.prepare(
      `INSERT INTO d${number} SELECT ?1 + key, ?2 + value, ?3, NULL, NULL FROM json_each(?4)`,
    );
  }

  add(document: IncomingDocument): void {
    if (document.seq <= (this.open.at(-1)?.seq ?? this.through)) {
      this.singles.push(document);
      return;
    }
    this.open.push(document);
    this.openUnits += document.units;
    if (this.openUnits >= blockUnits) this.pack();
  }

  private pack(): void {
    const block = packBlock(this.open);
    this.blocks.push(block);
    this.through = block.last_seq;
    let run: Run | undefined;
    for (const { seq, timestampMs, arrivalMs } of this.open) {
      const hasOwnTime = arrivalMs === undefined;
      if (run?.hasOwnTime !== hasOwnTime || run.first + run.distances.length !== seq) {
        run = { first: seq, hasOwnTime, firstMs: timestampMs, distances: [] };
        this.runs.push(run);
      }
      run.distances.push(timestampMs - run.firstMs);
    }
    this.open = [];
    this.openUnits = 0;
  }

  /**
   * Puts the documents that wait into the tables. All at once: each statement of several rows makes FTS5 write down
   * the tokens that it has so far, as a segment of its own.
   */
  flush(): void {
    if (this.openUnits >= leastUnits) this.pack();
    for (const { seq, timestampMs, arrivalMs, id, source } of [...this.singles, ...this.open])
      this.insertWhole.run(seq, timestampMs, Number(arrivalMs !== undefined), id, source);
    for (const { first_seq, last_seq, id_prefix, body } of this.blocks)
      this.insertBlock.run(first_seq, last_seq, this.number, id_prefix, body);
    for (const { first, hasOwnTime, firstMs, distances } of this.runs)
      this.insertRun.run(first, firstMs, Number(!hasOwnTime), JSON.stringify(distances));
    this.forget();
  }

  private forget(): void {
    this.open = [];
    this.openUnits = 0;
    this.singles = [];
    this.blocks.length = 0;
    this.runs = [];
  }
}

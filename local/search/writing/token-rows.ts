/** Writes tokens into the table of an index, as segments of FTS5, and has FTS5 join them where there are many. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { keysPerSegment, listKey, SegmentList } from "../file/segment-list";
import { SegmentPages } from "../file/segment-pages";
import type { WrittenTerms } from "./token-table";

/** So many segments of one age become one. FTS5 takes no more at once. */
const segmentsJoined = 16;
/** Pages of the new segment that are written at once. What went into them is given back then, and has room for the next ones. */
const pagesJoinedAtOnce = 256;

export class TokenRows {
  private readonly readList: StatementSync;
  private readonly writeList: StatementSync;
  private readonly insertPage: StatementSync;
  private readonly insertFirst: StatementSync;
  private readonly command: StatementSync;

  constructor(
    db: DatabaseSync,
    number: number,
    private readonly pagesAtOnce = pagesJoinedAtOnce,
  ) {
    const table = `f${number}`;
    this.readList = db.prepare(`SELECT block FROM ${table}_data WHERE id = ${listKey}`);
    this.writeList = db.prepare(`UPDATE ${table}_data SET block = ? WHERE id = ${listKey}`);
    this.insertPage = db.prepare(`INSERT INTO ${table}_data VALUES (?, ?)`);
    // FTS5 counts in whole numbers; numbers come in as floating point.
    this.insertFirst = db.prepare(
      `INSERT INTO ${table}_idx VALUES (CAST(?1 AS INTEGER), ?2, CAST(?3 AS INTEGER))`,
    );
    this.command = db.prepare(`INSERT INTO ${table}(${table}, rank) VALUES (?, CAST(? AS INTEGER))`);
  }

  /** Within a transaction. */
  write(terms: WrittenTerms): void {
    const list = this.list();
    const id = list.freeId();
    const pages = new SegmentPages({
      page: (page, block) => this.insertPage.run(id * keysPerSegment + page, block),
      // Twice the page: an odd number says that there are shortcuts.
      firstToken: (token, page) => this.insertFirst.run(id, token, 2 * page),
    });
    let begin = 0;
    for (let place = 0; place < terms.count; place++) {
      const end = terms.recordEnds[place] as number;
      pages.token(terms.bytes, terms.startOf(place), terms.endOf(place));
      pages.records(terms.seqs, begin, end);
      begin = end;
    }
    list.add({ id, firstPage: 1, lastPage: pages.end() });
    this.writeList.run(list.block());
    this.join(list);
  }

  private join(list: SegmentList): void {
    // FTS5 keeps the list that it has read; a command that does nothing makes it read anew.
    this.command.run("merge", 0);
    if (!list.isToBeJoined(segmentsJoined)) return;
    this.command.run("usermerge", segmentsJoined);
    do this.command.run("merge", this.pagesAtOnce);
    while (this.list().isToBeJoined(segmentsJoined));
  }

  private list(): SegmentList {
    return SegmentList.of(this.readList.get()?.["block"] as Uint8Array | undefined);
  }
}

/** An export under way: all matches, oldest first, a page at a time, of what was there when it came to an index. */
import type { DatabaseSync } from "node:sqlite";
import type { Hit } from "../../rooms";
import { readIndexRows } from "../file/tables";
import type { Ask, Searched } from "./searched";
import type { Ref } from "./selection";
import { hitReader } from "./stored-documents";

const pageHits = 1000;
/** Also of one page, in UTF-16 units; exceeded by one document at the most. */
const pageUnits = 4 * 1024 * 1024;

export class Scan {
  private current: (Searched & { readonly hit: (seq: number) => Hit }) | undefined;
  private last: Ref | undefined;
  /** Matches of the current index that are not handed out yet. */
  private refs: Ref[] = [];

  constructor(
    private readonly db: DatabaseSync,
    private readonly ask: Ask,
    private readonly numbers: number[],
  ) {}

  /** An empty page is the end. */
  page(): Hit[] {
    const rows = readIndexRows(this.db);
    while (this.refs.length === 0) {
      if (this.current === undefined) {
        const number = this.numbers.shift();
        if (number === undefined) return [];
        const row = rows.find((one) => one.number === number);
        if (row === undefined) continue;
        const searched = this.ask(row);
        this.current = { ...searched, hit: hitReader(this.db, searched) };
        this.last = undefined;
      }
      const { row, matches } = this.current;
      if (!rows.some(({ number }) => number === row.number))
        throw new Error(`The index ${row.name} was deleted during the export`);
      this.refs = matches.after(this.last, pageHits, row.lastSeq);
      if (this.refs.length === 0) this.current = undefined;
    }
    return this.take();
  }

  private take(): Hit[] {
    const { hit } = this.current as { hit: (seq: number) => Hit };
    const page: Hit[] = [];
    let units = 0;
    while (page.length < this.refs.length && units < pageUnits) {
      const ref = this.refs[page.length] as Ref;
      const one = hit(ref.seq);
      page.push(one);
      units += one.source.length;
      this.last = ref;
    }
    this.refs = this.refs.slice(page.length);
    return page;
  }
}

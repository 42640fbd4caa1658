/**
 * What is whole in a damaged SQLite file, page by page: rows that a table's tree still leads to, and rows on pages that
 * nothing leads to any more because the page above them is gone. Meant for files that no process has open.
 */
import { PageFile, sqlitePageBytes } from "./page-file";
import { childrenOfPage, rowsOfPage, type SavedRow } from "./record";

export type { SavedRow, SavedValue } from "./record";

export class DamagedFile {
  private readonly file: PageFile;
  /** Pages of trees that are known. */
  private readonly owned = new Set<number>();
  /** First page of each table, as far as the schema can be read. */
  private readonly roots = new Map<string, number>();

  /** `pageBytes` counts only where the file itself cannot tell; `withTail`: see {@link PageFile}. */
  constructor(path: string, pageBytes = sqlitePageBytes, withTail = false) {
    this.file = new PageFile(path, pageBytes, withTail);
    for (const { values } of this.rowsBelow(1)) {
      const [type, name, , root] = values;
      if (type === "table" && typeof name === "string" && typeof root === "number")
        this.roots.set(name, root);
    }
  }

  /** Frames of the log that are damaged in the midst of others. */
  get damagedFrames(): number {
    return this.file.damagedFrames;
  }

  /** Names of the tables that the schema still tells. */
  get tables(): string[] {
    return [...this.roots.keys()];
  }

  /** The rows of a table; `root` is where its tree begins, if somebody else remembers. */
  rows(table: string, root = this.roots.get(table)): Generator<SavedRow> {
    return this.rowsBelow(root ?? 0);
  }

  private *rowsBelow(root: number): Generator<SavedRow> {
    const pages = [root];
    const seen = new Set<number>();
    while (pages.length > 0) {
      const number = pages.pop() as number;
      if (number < 1 || number > this.file.pages || seen.has(number)) continue;
      seen.add(number);
      this.owned.add(number);
      const children = childrenOfPage(this.file, number);
      if (children !== undefined) pages.push(...children.reverse());
      else yield* rowsOfPage(this.file, number)?.rows ?? [];
    }
  }

  /**
   * Rows on pages that no tree leads to, once every table of the schema was walked; the caller tells by their columns
   * whose they are. Where the first page is damaged, rows of tables that were dropped may be among them.
   */
  *strays(fits: (row: SavedRow) => boolean): Generator<SavedRow> {
    for (const root of this.roots.values()) for (const _ of this.rowsBelow(root));
    const free = this.freePages();
    for (let number = 2; number <= this.file.pages; number++) {
      if (this.owned.has(number) || free.has(number)) continue;
      const rows = rowsOfPage(this.file, number)?.rows ?? [];
      if (rows.every(fits)) yield* rows;
    }
  }

  /** Pages that are in use no more: what stands on them was deleted. */
  private freePages(): Set<number> {
    const free = new Set<number>();
    const first = this.file.page(1);
    let trunk = first.toString("latin1", 0, 15) === "SQLite format 3" ? first.readUInt32BE(32) : 0;
    while (trunk > 1 && trunk <= this.file.pages && !free.has(trunk)) {
      free.add(trunk);
      const page = this.file.page(trunk);
      const leaves = Math.min(page.readUInt32BE(4), page.length / 4 - 2);
      for (let at = 0; at < leaves; at++) free.add(page.readUInt32BE(8 + 4 * at));
      trunk = page.readUInt32BE(0);
    }
    return free;
  }

  close(): void {
    this.file.close();
  }
}

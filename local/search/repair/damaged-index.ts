/** What a damaged index file still says, page by page: sums, names of indices, documents. */
import type { FailedObject, LedgerTotals } from "../../rooms";
import { DamagedFile, type SavedRow, type SavedValue } from "../../sqlite/salvage";
import type { StoredFields } from "../documents/fields";
import { Block, type BlockRow } from "../file/document-blocks";
import type { IndexNote } from "../file/notes";

export interface SavedDocument {
  readonly seq: number;
  readonly ts: number;
  readonly id: string;
  readonly source: string;
}

/** What no tree of the file leads to any more. */
export interface Strays {
  readonly documents: readonly SavedDocument[];
  readonly blocks: readonly SavedRow[];
}

export interface SavedIndex extends IndexNote {
  /** Undefined where they cannot be read. */
  readonly fields: StoredFields | undefined;
}

export interface SavedLedger extends LedgerTotals {
  /** In all indices together; undefined in a file of the first format. */
  readonly documents: number | undefined;
}

/** A table by what its rows are made of: `k` the row's own number or nothing, `i` a whole number, `t` a text, `b` bytes. */
const shapes = {
  ledger: "kiiiii",
  ledger_copy: "kiiiii",
  index_notes: "ktiiiii",
  indices: "ktiiiiiiiiit",
  outbox: "kttitti",
  failures: "ktitti",
  refused: "kiti",
  replayed: "k",
  documents: "kiitt",
} as const;
/** Of a document whose text is in a block. */
const packedDocument = "kiikk";
const blocks = ["kiitb", "kiikb"];

function letterOf(value: SavedValue): string {
  if (value === null) return "k";
  if (typeof value === "string") return "t";
  if (typeof value === "number") return "i";
  return value instanceof Uint8Array ? "b" : "?";
}

const shapeOf = ({ values }: SavedRow): string => values.map(letterOf).join("");

const isOf =
  (...shapes: readonly string[]) =>
  (row: SavedRow): boolean =>
    shapes.includes(shapeOf(row));

export class DamagedIndex {
  private readonly file: DamagedFile;

  constructor(path: string) {
    this.file = new DamagedFile(path);
  }

  /** Where the first page is gone nobody tells which tables there are: then all pages are looked through. */
  private *rows(table: keyof typeof shapes): Generator<SavedRow> {
    const fits = isOf(shapes[table]);
    for (const row of this.file.rows(table)) if (fits(row)) yield row;
    yield* this.file.strays(fits);
  }

  /** The newer one of the ledger and its copy; where the first page is gone both are found by their shape. */
  ledger(): SavedLedger | undefined {
    let newest: SavedLedger | undefined;
    for (const rows of [this.file.rows("ledger"), this.rows("ledger_copy")]) {
      for (const { values } of rows) {
        const [, throughSeq, indexed, dropped, failed, documents] = values as [null, ...number[]];
        const sums = { throughSeq, indexed, dropped, failed, documents } as SavedLedger;
        if (newest === undefined || sums.throughSeq >= newest.throughSeq) newest = sums;
      }
    }
    return newest;
  }

  /** By number. An index without a note is one of a version that took none. */
  indices(): SavedIndex[] {
    const found = new Map<number, SavedIndex>();
    for (const { rowid, values } of this.rows("indices")) {
      const [, name, createdMs, documents, , , , lastSeq] = values as [null, string, ...number[]];
      const fields = fieldsOf(values.at(-1) as string);
      found.set(rowid, {
        ...{ number: rowid, name, createdMs: createdMs as number, root: 0, documents: documents as number },
        ...{ firstSeq: 0, lastSeq: lastSeq as number, fields },
      });
    }
    for (const { rowid, values } of this.rows("index_notes")) {
      const [, name, createdMs, root, documents, firstSeq, lastSeq] = values as [null, string, ...number[]];
      const { fields } = found.get(rowid) ?? { fields: undefined };
      const note = { name, createdMs, root, documents, firstSeq, lastSeq } as Omit<IndexNote, "number">;
      found.set(rowid, { number: rowid, ...note, fields });
    }
    return [...found.values()].sort((a, b) => a.number - b.number);
  }

  /** In the order of their numbers; `strays` are those of the index that no tree leads to. */
  *documents({ number, root }: IndexNote, strays: Strays): Generator<SavedDocument> {
    const packed = this.blocks(number, strays.blocks);
    const waiting: SavedDocument[] = [];
    for (const document of this.whole({ number, root }, strays.documents)) {
      // Blocks do not reach into each other, but documents that came late stand between their documents.
      while ((packed[0]?.rowid ?? Number.POSITIVE_INFINITY) < document.seq)
        waiting.push(...documentsOfBlock(packed.shift() as SavedRow));
      const behind = waiting.findIndex(({ seq }) => seq > document.seq);
      yield* waiting.splice(0, behind < 0 ? waiting.length : behind);
      yield document;
    }
    yield* waiting;
    for (const row of packed) yield* documentsOfBlock(row);
  }

  /** Those whose text stands in their own row. */
  private *whole(
    { number, root }: Pick<IndexNote, "number" | "root">,
    strays: readonly SavedDocument[],
  ): Generator<SavedDocument> {
    const table = `d${number}`;
    const rows = this.file.tables.includes(table) ? this.file.rows(table) : this.file.rows(table, root);
    let next = 0;
    for (const row of rows) {
      if (!isOf(shapes.documents)(row)) continue;
      for (let stray = strays[next]; stray !== undefined && stray.seq < row.rowid; stray = strays[++next])
        yield stray;
      yield documentOf(row);
    }
    yield* strays.slice(next);
  }

  private blocks(number: number, strays: readonly SavedRow[]): SavedRow[] {
    const known = new Map(strays.map((row) => [row.rowid, row]));
    for (const row of this.file.rows(`b${number}`)) if (isOf(...blocks)(row)) known.set(row.rowid, row);
    return [...known.values()].sort((a, b) => a.rowid - b.rowid);
  }

  /** Documents on pages that no tree leads to, by the index whose numbers theirs are among; blocks say whose they are. */
  strays(indices: readonly IndexNote[]): ReadonlyMap<number, Strays> {
    const strays = new Map<number, { documents: SavedDocument[]; blocks: SavedRow[] }>(
      indices.map(({ number }) => [number, { documents: [], blocks: [] }]),
    );
    // Their trees are walked first, so that what they lead to is no stray.
    for (const { root } of indices) for (const _ of this.file.rows("", root));
    for (const row of this.file.strays(isOf(shapes.documents, packedDocument))) {
      if (!isOf(shapes.documents)(row)) continue;
      const owner = indices.find(({ firstSeq, lastSeq }) => row.rowid >= firstSeq && row.rowid <= lastSeq);
      if (owner !== undefined) strays.get(owner.number)?.documents.push(documentOf(row));
    }
    for (const row of this.file.strays(isOf(...blocks)))
      strays.get(row.values[2] as number)?.blocks.push(row);
    for (const { documents } of strays.values()) documents.sort((a, b) => a.seq - b.seq);
    return strays;
  }

  *outbox(): Generator<FailedObject> {
    for (const { values } of this.rows("outbox")) {
      const [, key, body, records, errorCode, errorMessage, atMs] = values as never[];
      yield { key, body, records, errorCode, errorMessage, atMs } as unknown as FailedObject;
    }
  }

  *failures(): Generator<Omit<FailedObject, "body">> {
    for (const { values } of this.rows("failures")) {
      const [, key, records, errorCode, errorMessage, atMs] = values as never[];
      yield { key, records, errorCode, errorMessage, atMs } as unknown as Omit<FailedObject, "body">;
    }
  }

  *refused(): Generator<{ seq: number; arrivalMs: number; index: string; cameIn: number }> {
    for (const { rowid, values } of this.rows("refused")) {
      const [, arrivalMs, index, cameIn] = values as [null, number, string, number];
      yield { seq: rowid, arrivalMs, index, cameIn };
    }
  }

  *replayed(): Generator<number> {
    if (this.file.tables.includes("replayed"))
      for (const { rowid } of this.file.rows("replayed")) yield rowid;
  }

  close(): void {
    this.file.close();
  }
}

/** None of a block that is not as it was written. */
function documentsOfBlock({ rowid: first_seq, values }: SavedRow): SavedDocument[] {
  const [, last_seq, , id_prefix, body] = values as [null, number, number, string | null, Uint8Array];
  const row: BlockRow = { first_seq, last_seq, id_prefix, body };
  try {
    // The time of any other document is in its text.
    return new Block(row).documents().map(({ arrivalMs: ts = 0, ...document }) => ({ ...document, ts }));
  } catch {
    return [];
  }
}

function documentOf({ rowid, values }: SavedRow): SavedDocument {
  const [, ts, , id, source] = values as [null, number, number, string, string];
  return { seq: rowid, ts, id, source };
}

/** Lists of values are made anew as the documents come in; the frequent words have their pairs from the first document on. */
function fieldsOf(text: string): StoredFields | undefined {
  try {
    const stored = JSON.parse(text) as StoredFields;
    const fields = stored.fields.map(({ firstValues, full, frequent = [], ...field }) => {
      const words = frequent.flatMap(({ words }) => words);
      return { ...field, values: [], frequent: [{ since: 0, words }] };
    });
    return { ...stored, fields, shapes: [] };
  } catch {
    // Half of it stood on the page that is gone.
    return undefined;
  }
}

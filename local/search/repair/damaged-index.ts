/** What a damaged index file still says, page by page: sums, names of indices, documents. */
import type { FailedObject, LedgerTotals } from "../../rooms";
import { DamagedFile, type SavedRow, type SavedValue } from "../../sqlite/salvage";
import type { StoredFields } from "../documents/fields";
import type { IndexNote } from "../file/notes";

export interface SavedDocument {
  readonly seq: number;
  readonly ts: number;
  readonly id: string;
  readonly source: string;
}

export interface SavedIndex extends IndexNote {
  /** Undefined where they cannot be read. */
  readonly fields: StoredFields | undefined;
}

export interface SavedLedger extends LedgerTotals {
  /** In all indices together; undefined in a file of the first format. */
  readonly documents: number | undefined;
}

/** A table by what its rows are made of: `k` the row's own number, `i` a whole number, `t` a text. */
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

const letterOf = (value: SavedValue): string =>
  value === null ? "k" : typeof value === "string" ? "t" : typeof value === "number" ? "i" : "?";

const shapeOf = ({ values }: SavedRow): string => values.map(letterOf).join("");

const isOf =
  (shape: string) =>
  (row: SavedRow): boolean =>
    shapeOf(row) === shape;

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
  *documents({ number, root }: IndexNote, strays: readonly SavedDocument[]): Generator<SavedDocument> {
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

  /** Documents on pages that no tree leads to, by the index whose numbers theirs are among. */
  strayDocuments(indices: readonly IndexNote[]): ReadonlyMap<number, SavedDocument[]> {
    const strays = new Map<number, SavedDocument[]>(indices.map(({ number }) => [number, []]));
    // Their trees are walked first, so that what they lead to is no stray.
    for (const { root } of indices) for (const _ of this.file.rows("", root));
    for (const row of this.file.strays(isOf(shapes.documents))) {
      const owner = indices.find(({ firstSeq, lastSeq }) => row.rowid >= firstSeq && row.rowid <= lastSeq);
      if (owner !== undefined) strays.get(owner.number)?.push(documentOf(row));
    }
    for (const list of strays.values()) list.sort((a, b) => a.seq - b.seq);
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

function documentOf({ rowid, values }: SavedRow): SavedDocument {
  const [, ts, , id, source] = values as [null, number, number, string, string];
  return { seq: rowid, ts, id, source };
}

/** The lists of values are made anew as the documents come in. */
function fieldsOf(text: string): StoredFields | undefined {
  try {
    const stored = JSON.parse(text) as StoredFields;
    const fields = stored.fields.map(({ firstValues, full, ...field }) => ({ ...field, values: [] }));
    return { ...stored, fields, shapes: [] };
  } catch {
    // Half of it stood on the page that is gone.
    return undefined;
  }
}

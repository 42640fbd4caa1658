/** Documents as they are handed out. */
import type { DatabaseSync } from "node:sqlite";
import type { Hit } from "../../rooms";
import { DocumentView } from "../documents/view";
import type { Searched } from "./searched";

interface StoredDocument {
  readonly ts: number;
  /** 1 where the time is that of the arrival. */
  readonly added: number;
  readonly id: string;
  readonly source: string;
}

/** Only for what a person looks at: it takes the document apart. */
function ignoredOf({ fields }: Searched, { source, id, ts }: StoredDocument): readonly string[] {
  const ignored = fields.byPath("_ignored");
  return ignored === undefined ? [] : new DocumentView(source, fields, { id, timestampMs: ts }).ignored();
}

export function hitReader(db: DatabaseSync, searched: Searched): (seq: number) => Hit {
  const { number, name } = searched.row;
  const statement = db.prepare(`SELECT ts, added, id, source FROM d${number} WHERE seq = ?`);
  return (seq) => {
    const found = statement.get(seq) as unknown as StoredDocument;
    const ignored = ignoredOf(searched, found);
    return {
      _index: name,
      _id: found.id,
      source: found.source,
      timestampMs: found.ts,
      hasOwnTime: found.added !== 1,
      ...(ignored.length > 0 ? { ignored } : {}),
    };
  };
}

/** An `_id` that this program gave ends with the number of its record. */
const idWithRecord = /\.(\d{1,15})$/;

/** The document of an id, by its record's number where the id says it; else all are looked through. */
export function documentOf(db: DatabaseSync, searched: Searched, id: string): Hit | undefined {
  const { number } = searched.row;
  const seq = idWithRecord.exec(id)?.[1];
  const known = db.prepare(`SELECT seq FROM d${number} WHERE seq = ? AND id = ?`).get(seq ?? -1, id);
  const found = known ?? db.prepare(`SELECT seq FROM d${number} WHERE id = ? LIMIT 1`).get(id);
  return found && hitReader(db, searched)((found as { seq: number }).seq);
}

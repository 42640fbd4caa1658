/** Documents as they are handed out. */
import type { DatabaseSync } from "node:sqlite";
import type { Hit } from "../../rooms";
import { DocumentView } from "../documents/view";
import { type DocumentText, documentTexts } from "../file/document-texts";
import type { Searched } from "./searched";

interface StoredRow {
  readonly ts: number;
  /** 1 where the time is that of the arrival. */
  readonly added: number;
  readonly id: string | null;
  readonly source: string | null;
}

/** Only for what a person looks at: it takes the document apart. */
function ignoredOf(
  { fields }: Searched,
  { source, id }: DocumentText,
  timestampMs: number,
): readonly string[] {
  const ignored = fields.byPath("_ignored");
  return ignored === undefined ? [] : new DocumentView(source, fields, { id, timestampMs }).ignored();
}

export function hitReader(db: DatabaseSync, searched: Searched): (seq: number) => Hit {
  const { number, name } = searched.row;
  const statement = db.prepare(`SELECT ts, added, id, source FROM d${number} WHERE seq = ?`);
  const texts = documentTexts(db);
  return (seq) => {
    const { ts, added, id, source } = statement.get(seq) as unknown as StoredRow;
    const text = texts.of(number, seq, [id, source]);
    const ignored = ignoredOf(searched, text, ts);
    return {
      _index: name,
      _id: text.id,
      source: text.source,
      timestampMs: ts,
      hasOwnTime: added !== 1,
      ...(ignored.length > 0 ? { ignored } : {}),
    };
  };
}

/** An `_id` that this program gave ends with the number of its record. */
const idWithRecord = /\.(\d{1,15})$/;

/** The document of an id, by its record's number where the id says it; else all are looked through. */
export function documentOf(db: DatabaseSync, searched: Searched, id: string): Hit | undefined {
  const { number } = searched.row;
  const numbered = idWithRecord.exec(id)?.[1];
  const seq =
    seqIn(db, `SELECT seq FROM d${number} WHERE seq = ? AND id = ?`, [numbered ?? -1, id]) ??
    documentTexts(db).seqsOf(number, id).next().value ??
    seqIn(db, `SELECT seq FROM d${number} WHERE id = ? LIMIT 1`, [id]);
  return seq === undefined ? undefined : hitReader(db, searched)(seq);
}

const seqIn = (db: DatabaseSync, sql: string, values: (string | number)[]): number | undefined =>
  db.prepare(sql).get(...values)?.["seq"] as number | undefined;

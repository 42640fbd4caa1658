/** Texts and ids of documents, whether they stand in the row of the document or in a block. One for each connection. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { Block, type BlockRow, blockColumns } from "./document-blocks";

/** Of blocks that are kept unpacked, in UTF-16 units. */
const unitsKept = 8 * 1024 * 1024;
const mostDigits = 15;

export interface DocumentText {
  readonly id: string;
  readonly source: string;
}

/** The two columns of a document's row; null where a block has them. */
export type StoredText = readonly [id: string | null, source: string | null];

const ofConnections = new WeakMap<DatabaseSync, DocumentTexts>();

export function documentTexts(db: DatabaseSync): DocumentTexts {
  const known = ofConnections.get(db) ?? new DocumentTexts(db);
  ofConnections.set(db, known);
  return known;
}

export class DocumentTexts {
  private readonly statements = new Map<number, StatementSync>();
  /** By index and first number. A block is never written again, and the number of an index is never used again. */
  private readonly kept = new Map<string, Block>();
  private keptUnits = 0;
  private last: { number: number; from: number; through: number; block: Block } | undefined;

  constructor(private readonly db: DatabaseSync) {}

  /** The text of document `seq` of an index, of whose row these are the columns. */
  of(number: number, seq: number, [id, source]: StoredText): DocumentText {
    if (id !== null && source !== null) return { id, source };
    const block = this.block(number, seq);
    const place = block?.placeOf(seq) ?? -1;
    if (block === undefined || place < 0)
      throw new Error(`database disk image is malformed: document ${seq} is in no block`);
    return { id: block.idAt(place), source: block.sourceAt(place) };
  }

  /** Numbers of documents in blocks with this id: ids mostly end in the number of their document. */
  *seqsOf(number: number, id: string): Generator<number> {
    const [digits = ""] = /\d*$/.exec(id) ?? [];
    const prefixed = this.db.prepare(
      `SELECT 1 FROM b${number} JOIN d${number} ON seq = ?1 AND source IS NULL
       WHERE first_seq = (SELECT max(first_seq) FROM b${number} WHERE first_seq <= ?1) AND id_prefix = ?2`,
    );
    for (let length = 1; length <= Math.min(digits.length, mostDigits); length++) {
      const seq = digits.slice(-length);
      if (seq.startsWith("0")) continue;
      if (prefixed.get(Number(seq), id.slice(0, -length)) !== undefined) yield Number(seq);
    }
    const others = this.db.prepare(`SELECT ${blockColumns} FROM b${number} WHERE id_prefix IS NULL`);
    for (const row of others.iterate() as Iterable<unknown> as Iterable<BlockRow>)
      for (const document of new Block(row).documents()) if (document.id === id) yield document.seq;
  }

  private block(number: number, seq: number): Block | undefined {
    const { last } = this;
    if (last !== undefined && last.number === number && seq >= last.from && seq <= last.through)
      return last.block;
    const statement =
      this.statements.get(number) ??
      this.db.prepare(
        `SELECT ${blockColumns} FROM b${number} WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1`,
      );
    this.statements.set(number, statement);
    const row = statement.get(seq) as BlockRow | undefined;
    if (row === undefined) return undefined;
    const { first_seq: from, last_seq: through } = row;
    const block = this.keep(`${number} ${from}`, row);
    this.last = { number, from, through, block };
    return block;
  }

  private keep(key: string, row: BlockRow): Block {
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    const block = new Block(row);
    if (this.keptUnits + block.units > unitsKept) {
      this.kept.clear();
      this.keptUnits = 0;
    }
    this.kept.set(key, block);
    this.keptUnits += block.units;
    return block;
  }
}

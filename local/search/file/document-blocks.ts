/**
 * Documents of one index packed together: a fifth of their text, and one row in the file instead of hundreds. A block
 * says all of its documents that no other place could tell again, so that what is saved of a damaged file needs it alone.
 *
 * Unpacked it is lines: the gaps between the numbers of the documents, the arrivals of those without a time of their
 * own, the `_id`s where they are not told by the numbers, then one document each. No document has a line break.
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { malformed } from "./page-numbers";

export interface BlockDocument {
  readonly seq: number;
  readonly id: string;
  readonly source: string;
  /** Milliseconds since 1970, of a document without a time of its own. */
  readonly arrivalMs: number | undefined;
  /** What stands before the number in its id, where that is known. */
  readonly idPrefix?: string | undefined;
  /** The text once more, where it lies in memory as it is to be written. */
  readonly plain?: PlainBytes | undefined;
}

/** ASCII. */
export interface PlainBytes {
  readonly body: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A row of an index's table of blocks. */
export interface BlockRow {
  readonly first_seq: number;
  readonly last_seq: number;
  /** What stands before the number in each `_id`; null where that is not so. */
  readonly id_prefix: string | null;
  readonly body: Uint8Array;
}

export const blockColumns = "first_seq, last_seq, id_prefix, body";

/** Hardly a byte more than the higher levels, at half their time. The sum tells when a byte has changed. */
const packing = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};
/** Of a block that says of itself that it is larger, nothing is read. */
const mostUnpackedBytes = 64 * 1024 * 1024;
/** Most blocks fit into one piece of that size: a fifth less time than in two. */
const unpacking = { maxOutputLength: mostUnpackedBytes, chunkSize: 32 * 1024 };

const headerLines = 3;
const newline = 10;

/** Numbers go up from document to document. */
export function packBlock(documents: readonly BlockDocument[]): BlockRow {
  const [first, last] = [documents[0] as BlockDocument, documents.at(-1) as BlockDocument];
  const isWithoutGaps = last.seq - first.seq === documents.length - 1;
  const gaps = isWithoutGaps
    ? ""
    : documents.map(({ seq }, at) => seq - (documents[at - 1] ?? first).seq).join(",");
  const arrivals = documents.some(({ arrivalMs }) => arrivalMs !== undefined)
    ? documents.map(({ arrivalMs }) => arrivalMs ?? "").join(",")
    : "";
  const prefix = first.idPrefix ?? first.id.slice(0, -String(first.seq).length);
  const isById = documents.every(
    (document) => document.idPrefix === prefix || document.id === `${prefix}${document.seq}`,
  );
  const ids = isById ? "" : JSON.stringify(documents.map(({ id }) => id));
  return {
    first_seq: first.seq,
    last_seq: last.seq,
    id_prefix: isById ? prefix : null,
    body: zstdCompressSync(linesOf([gaps, arrivals, ids], documents), packing),
  };
}

let scratch = Buffer.alloc(64 * 1024);
/** Bytes that a UTF-16 unit takes at the most. */
const bytesPerUnit = 3;

/** Until the next block is packed. */
function linesOf(head: readonly string[], documents: readonly BlockDocument[]): Buffer {
  let at = 0;
  const makeRoom = (bytes: number) => {
    if (at + bytes <= scratch.length) return;
    const longer = Buffer.alloc(2 * (at + bytes));
    scratch.copy(longer, 0, 0, at);
    scratch = longer;
  };
  const put = (text: string) => {
    makeRoom(bytesPerUnit * text.length + 1);
    at += scratch.write(text, at);
    scratch[at++] = newline;
  };
  for (const text of head) put(text);
  for (const document of documents) {
    const { plain } = document;
    if (plain === undefined) {
      put(document.source);
      continue;
    }
    const { body, start, end } = plain;
    makeRoom(end - start + 1);
    at += body.copy(scratch, at, start, end);
    scratch[at++] = newline;
  }
  return scratch.subarray(0, at - 1);
}

/** A block as it is read: nothing is made of a document before it is asked for. */
export class Block {
  readonly units: number;
  private readonly lines: string[];
  /** By their place; undefined where there are no gaps. */
  private readonly seqs: readonly number[] | undefined;
  private readonly ids: readonly string[] | undefined;

  /** @throws an error that tells of damage where the block is not as it was written */
  constructor(private readonly row: BlockRow) {
    const text = unpack(row.body);
    this.units = text.length;
    this.lines = text.split("\n");
    const [gaps = "", , ids = ""] = this.lines;
    let seq = row.first_seq;
    this.seqs = gaps === "" ? undefined : gaps.split(",").map((gap) => (seq += Number(gap)));
    this.ids = ids === "" ? undefined : (JSON.parse(ids) as string[]);
    const last = this.seqs?.at(-1) ?? row.first_seq + this.length - 1;
    if (this.length < 1 || last !== row.last_seq) malformed("a block of documents says two things");
  }

  get length(): number {
    return this.lines.length - headerLines;
  }

  /** Place of a document; -1 where it is not in the block. */
  placeOf(seq: number): number {
    if (this.seqs !== undefined) return this.seqs.indexOf(seq);
    const place = seq - this.row.first_seq;
    return place < this.length ? place : -1;
  }

  sourceAt(place: number): string {
    return this.lines[place + headerLines] as string;
  }

  idAt(place: number): string {
    return this.ids?.[place] ?? `${this.row.id_prefix}${this.seqAt(place)}`;
  }

  private seqAt(place: number): number {
    return this.seqs?.[place] ?? this.row.first_seq + place;
  }

  documents(): BlockDocument[] {
    const arrivals = this.lines[1]?.split(",") ?? [];
    return Array.from({ length: this.length }, (_, place) => ({
      seq: this.seqAt(place),
      id: this.idAt(place),
      source: this.sourceAt(place),
      arrivalMs: arrivals[place] ? Number(arrivals[place]) : undefined,
    }));
  }
}

function unpack(body: Uint8Array): string {
  try {
    return zstdDecompressSync(body, unpacking).toString("utf8");
  } catch (error) {
    return malformed(`a block of documents cannot be read (${(error as Error).message})`);
  }
}

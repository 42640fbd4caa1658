/** Documents as the writer takes them in. */
import type { PackedDocuments } from "../../rooms";
import { documentText } from "../documents/rules";

/** Documents of one call, column by column: cheaper to hand to a worker than objects. */
export interface DocumentColumns {
  readonly seqs: Float64Array;
  readonly arrivalsMs: Float64Array;
  readonly ids: readonly string[];
  readonly indices: readonly string[];
  readonly sources: readonly string[];
}

/** One document. */
export interface GivenDocument {
  readonly seq: number;
  readonly arrivalMs: number;
  readonly index: string;
  readonly id: string;
  readonly source: string;
  /** Where it came as bytes. */
  readonly packed?: PackedDocument;
}

export function* documentsIn(columns: DocumentColumns): Generator<GivenDocument> {
  const { seqs, arrivalsMs, ids, indices, sources } = columns;
  for (const [position, seq] of seqs.entries()) {
    yield {
      seq,
      arrivalMs: arrivalsMs[position] as number,
      index: indices[position] as string,
      id: ids[position] as string,
      source: documentText(sources[position] as string),
    };
  }
}

/** Its texts are made when they are asked for: of most documents the bytes are enough. */
export class PackedDocument implements GivenDocument {
  readonly seq: number;
  readonly arrivalMs: number;
  readonly start: number;
  readonly end: number;

  constructor(
    private readonly part: PackedDocuments,
    readonly body: Buffer,
    at: number,
  ) {
    this.seq = part.seqs[at] as number;
    this.arrivalMs = part.arrivalsMs[at] as number;
    this.start = part.starts[at] as number;
    this.end = part.ends[at] as number;
  }

  get index(): string {
    return this.part.index;
  }

  get idPrefix(): string {
    return this.part.idPrefix;
  }

  get id(): string {
    return `${this.idPrefix}${this.seq}`;
  }

  get source(): string {
    return documentText(this.body.toString("utf8", this.start, this.end));
  }

  get packed(): PackedDocument {
    return this;
  }
}

/** Hands over one by one: an iterator would make one more object for each. */
export function eachPacked(
  parts: readonly PackedDocuments[],
  take: (document: PackedDocument) => void,
): void {
  for (const part of parts) {
    const { buffer, byteOffset, byteLength } = part.body;
    const body = Buffer.from(buffer, byteOffset, byteLength);
    for (let at = 0; at < part.seqs.length; at++) take(new PackedDocument(part, body, at));
  }
}

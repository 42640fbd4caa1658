/** A document that has been analyzed, on its way into the tables. */
import type { Analyzed } from "../documents/analyze";
import type { DocumentTokens } from "../documents/document-tokens";
import type { BlockDocument, PlainBytes } from "../file/document-blocks";
import type { GivenDocument } from "./document-columns";
import type { CountedDocument } from "./panels";
import type { AskedToken } from "./token-table";

export class IncomingDocument implements BlockDocument, CountedDocument {
  readonly seq: number;
  /** Its time, which is that of its arrival where it has none of its own. */
  readonly timestampMs: number;
  /** As long as no other document is analyzed. */
  readonly tokens: DocumentTokens;
  private readonly hasOwnTime: boolean;
  private readonly isPlain: boolean;

  constructor(
    private readonly given: GivenDocument,
    { tokens, timestampMs, isPlain }: Analyzed,
    readonly has: (token: AskedToken) => boolean,
  ) {
    this.seq = given.seq;
    this.tokens = tokens;
    this.timestampMs = timestampMs ?? given.arrivalMs;
    this.hasOwnTime = timestampMs !== undefined;
    this.isPlain = isPlain;
  }

  get arrivalMs(): number | undefined {
    return this.hasOwnTime ? undefined : this.given.arrivalMs;
  }

  get id(): string {
    return this.given.id;
  }

  get idPrefix(): string | undefined {
    return this.given.packed?.idPrefix;
  }

  get source(): string {
    return this.given.source;
  }

  get plain(): PlainBytes | undefined {
    return this.isPlain ? this.given.packed : undefined;
  }

  /** Size in UTF-16 units. */
  get units(): number {
    const { plain } = this;
    return plain === undefined ? this.source.length : plain.end - plain.start;
  }
}

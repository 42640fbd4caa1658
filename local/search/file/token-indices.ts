/** The token indices of one connection, each with what was read of it as long as that holds. */
import type { DatabaseSync } from "node:sqlite";
import { PageStores } from "./page-store";
import type { IndexRow } from "./tables";
import { TokenSegments } from "./token-segments";

const indicesKept = 64;

export class TokenIndices {
  private readonly stores = new PageStores();
  private readonly kept = new Map<number, { documents: number; segments: TokenSegments }>();

  constructor(private readonly db: DatabaseSync) {}

  /** Tokens come with documents, and with nothing else; as the question's snapshot has them. */
  of({ number, documents }: IndexRow): TokenSegments {
    const known = this.kept.get(number);
    if (known?.documents === documents) return known.segments;
    if (known === undefined && this.kept.size >= indicesKept) this.forgetOldest();
    const segments = new TokenSegments(this.db, number, this.stores.anew(number));
    this.kept.set(number, { documents, segments });
    return segments;
  }

  private forgetOldest(): void {
    const [oldest] = this.kept.keys();
    this.kept.delete(oldest as number);
    this.stores.forget(oldest as number);
  }
}

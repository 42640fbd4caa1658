/** Tables that the indices of a thread fill in turn: each keeps the memory that it has taken, some megabytes in a busy run. */
import type { FrequentTerms } from "./frequent-terms";
import { TokenTable } from "./token-table";

export class TokenTables {
  private readonly spare: TokenTable[] = [];

  /** An empty one. */
  take(frequent: FrequentTerms): TokenTable {
    const table = this.spare.pop() ?? new TokenTable();
    table.frequent = frequent;
    return table;
  }

  give(table: TokenTable): void {
    table.clear();
    this.spare.push(table);
  }
}

/** The panels, and how many documents of each index every one of them counts: in memory and in the file. */
import type { DatabaseSync } from "node:sqlite";
import type { SavedQuery } from "../../rooms";
import { buildCondition } from "../query/build";
import { dependsOnNow, type SyntaxNode } from "../query/parse";
import { matchesOf } from "../reading/index-query";
import { RangeCounts } from "../reading/range-counts";
import type { OpenIndex } from "./open-index";
import { parsePanels } from "./panels";

export class PanelCounts {
  /** One for each panel; undefined for one that counts all documents. */
  readonly nodes: (SyntaxNode | undefined)[];
  private readonly queries: readonly string[];
  private readonly ranges = new RangeCounts();

  /** @throws QueryError that names the panel whose query cannot be read */
  constructor(
    private readonly db: DatabaseSync,
    panels: readonly SavedQuery[],
  ) {
    this.nodes = parsePanels(panels);
    this.queries = panels.map(({ query }) => query);
  }

  /** Counts of an index without documents. */
  none(): number[] {
    return this.queries.map(() => 0);
  }

  /** Counts of an index as they stand in the file. */
  stored(indexNumber: number): number[] {
    const counts = this.none();
    const rows = this.db
      .prepare("SELECT panel, count FROM panel_counts WHERE index_number = ?")
      .all(indexNumber);
    for (const { panel, count } of rows as { panel: number; count: number }[])
      if (panel < counts.length) counts[panel] = count;
    return counts;
  }

  /** Whether the file's counts are those of these panels. */
  areKnown(): boolean {
    return this.knownQueries() === JSON.stringify(this.queries);
  }

  /** Within a transaction: a panel that is new or asks something else than before is counted over all that is there. */
  recount(indices: Iterable<OpenIndex>): void {
    const before = JSON.parse(this.knownQueries() ?? "[]") as string[];
    for (const index of indices) {
      const counts = this.queries.map((query, at) => {
        const same = before.indexOf(query);
        return same >= 0 && !dependsOnNow(query)
          ? this.storedCount(index, same)
          : this.countNow(index, this.nodes[at]);
      });
      index.counts.splice(0, index.counts.length, ...counts);
      this.db.prepare("DELETE FROM panel_counts WHERE index_number = ?").run(index.row.number);
      this.write(index);
    }
    this.db.prepare("INSERT OR REPLACE INTO meta VALUES ('panels', ?)").run(JSON.stringify(this.queries));
  }

  /** Within a transaction. */
  write(index: OpenIndex): void {
    const statement = this.db.prepare("INSERT OR REPLACE INTO panel_counts VALUES (?, ?, ?)");
    for (const [panel, count] of index.counts.entries()) statement.run(index.row.number, panel, count);
  }

  /** Of all indices together. */
  sums(indices: Iterable<OpenIndex>): number[] {
    const sums = this.none();
    for (const { counts } of indices)
      for (const [panel, count] of counts.entries()) sums[panel] = (sums[panel] as number) + count;
    return sums;
  }

  private knownQueries(): string | undefined {
    const known = this.db.prepare("SELECT value FROM meta WHERE key = 'panels'").get();
    return known?.["value"] as string | undefined;
  }

  private storedCount(index: OpenIndex, panel: number): number {
    const statement = this.db.prepare("SELECT count FROM panel_counts WHERE index_number = ? AND panel = ?");
    return (statement.get(index.row.number, panel) as { count: number } | undefined)?.count ?? 0;
  }

  private countNow(index: OpenIndex, node: SyntaxNode | undefined): number {
    const { row, fields } = index;
    const window = { lowMs: Number.NEGATIVE_INFINITY, highMs: Number.POSITIVE_INFINITY };
    const condition = buildCondition(node, { fields, index: row.name, nowMs: Date.now() });
    return matchesOf({ db: this.db, row, fields }, { condition, window, counts: this.ranges }).count();
  }
}

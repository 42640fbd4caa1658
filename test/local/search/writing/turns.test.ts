/** What is written and settled belongs together: neither half of it stands alone, and neither counts twice. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { LedgerEntry } from "../../../../local/rooms";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexWriter } from "../../../../local/search/writing/writer";

const columns = {
  seqs: Float64Array.of(1),
  arrivalsMs: Float64Array.of(0),
  ids: ["a.1"],
  indices: ["web"],
  sources: ['{"n":1}'],
};
const entry: LedgerEntry = { throughSeq: 1, indexed: 1, dropped: 0, failed: 0, failedObjects: [] };

describe("documents and the ledger entry that settles them", () => {
  let db: DatabaseSync;
  let writer: IndexWriter;
  const documents = () => db.prepare("SELECT sum(documents) AS n FROM indices").get()?.["n"] ?? 0;
  beforeEach(() => {
    db = new DatabaseSync(":memory:");
    db.exec(fileSchema);
    writer = new IndexWriter(db, [], mappingOf(undefined));
  });
  afterEach(() => db.close());

  it("are both undone where something between them fails", () => {
    writer.write(columns);
    db.exec("ALTER TABLE outbox RENAME TO elsewhere");
    assert.throws(() => writer.removeFromOutbox(["key"]), /outbox/);

    assert.throws(() => writer.settle(entry, true), /undone/);
    assert.throws(() => writer.write(columns, true), /undone/);
    assert.deepEqual([documents(), writer.state().totals.indexed], [0, 0]);
  });

  it("count once where they come again after they were settled", () => {
    for (let time = 0; time < 2; time++) {
      writer.write(columns);
      writer.settle(entry, true);
    }
    assert.deepEqual([documents(), writer.state().totals.indexed], [1, 1]);
  });
});

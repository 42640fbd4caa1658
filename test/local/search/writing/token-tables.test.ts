/** Indices that fill the same tables in turn. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { fileSchema } from "../../../../local/search/file/tables";
import { TokenTables } from "../../../../local/search/writing/token-tables";
import { IndexWriter } from "../../../../local/search/writing/writer";

/** Two writers, each with words of its own that come again and again, and what they have written of tokens. */
function writtenBy(tablesOf: () => TokenTables): unknown[] {
  const words = ["red green", "green blue"];
  const writers = words.map((word) => {
    const db = new DatabaseSync(":memory:");
    db.exec(fileSchema);
    return { db, word, writer: new IndexWriter(db, [], mappingOf(undefined), tablesOf()) };
  });
  for (let step = 0; step < 3; step++) {
    for (const { word, writer } of writers) {
      const seqs = Float64Array.from({ length: 40 }, (_, at) => step * 40 + at + 1);
      writer.write({
        seqs,
        arrivalsMs: seqs,
        ids: Array.from(seqs, String),
        indices: Array.from(seqs, () => "web"),
        sources: Array.from(seqs, (seq) => `{"message":"${word} ${seq}"}`),
      });
      writer.settle({ throughSeq: seqs.at(-1)!, indexed: 40, dropped: 0, failed: 0, failedObjects: [] });
    }
  }
  return writers.map(({ db }) => {
    const rows = ["f1_data", "f1_idx", "indices"].map((name) => db.prepare(`SELECT * FROM ${name}`).all());
    db.close();
    return rows;
  });
}

describe("tables of tokens that indices fill in turn", () => {
  it("leave in each what tables of its own leave there", () => {
    const shared = new TokenTables();
    assert.deepEqual(
      writtenBy(() => shared),
      writtenBy(() => new TokenTables()),
    );
  });
});

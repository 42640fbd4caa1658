/** Time limits of questions that read documents, on a clock that the test moves. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexReader } from "../../../../local/search/reading/reader";
import { Abandoned } from "../../../../local/search/reading/work-limit";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { factMapping } from "../small-index";

const documents = 2000;

describe("the time limit of a question", () => {
  let nowMs = 0;
  let abandoned = false;
  let reader: IndexReader;
  /** What all values have, with an end that none has: none can be left out unread. */
  const query = "m.keyword:/[w]ord.*[a-z]/";

  /** More values than the index lists, so that each document has to be read. A look at the clock takes 1 ms. */
  before(() => {
    const db = new DatabaseSync(":memory:");
    db.exec(fileSchema);
    const writer = new IndexWriter(db, [], factMapping);
    const seqs = Array.from({ length: documents }, (_, at) => at + 1);
    writer.write({
      seqs: Float64Array.from(seqs),
      arrivalsMs: Float64Array.from(seqs),
      ids: seqs.map(String),
      indices: seqs.map(() => "one"),
      sources: seqs.map((seq) => `{"m":"word ${seq}"}`),
    });
    writer.settle({ throughSeq: documents, indexed: documents, dropped: 0, failed: 0, failedObjects: [] });
    reader = new IndexReader(db, { nowMs: () => nowMs++, isAbandoned: () => abandoned });
  });

  it("ends the work, and the answer says so", () => {
    assert.deepEqual(reader.count({ query }, 10), { count: 0, timedOut: true });
    assert.equal(reader.search({ query: "m.keyword:/word 1.*/" }, 10).timedOut, true);
    assert.equal(reader.histogram({ query, intervalMs: 1 }, 10).timedOut, true);
    assert.equal(reader.fields({ query }, 10).timedOut, true);
  });

  it("leaves nothing behind: the same question with more time is answered whole", () => {
    const some = reader.count({ query: "m.keyword:/word .*/" }, 10);
    assert.ok(some.timedOut && some.count < documents, JSON.stringify(some));
    assert.deepEqual(reader.count({ query: "m.keyword:/word .*/" }), { count: documents, timedOut: false });
  });

  it("ends the work within a statement that finds nothing to look at", () => {
    assert.equal(reader.count({ query: 'm:"nothing like it" OR m:"word nothing"' }, 1).count, 0);
  });

  it("stops at once when nobody waits any more", () => {
    abandoned = true;
    assert.throws(() => reader.count({ query }), Abandoned);
    abandoned = false;
    assert.equal(reader.count({ query: "" }).count, documents);
  });
});

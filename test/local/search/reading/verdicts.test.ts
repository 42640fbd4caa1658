/** What is kept of a question, and when it no longer holds. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { SetReader } from "../../../../local/search/reading/set-reader";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { arrivalMs, factMapping, type SmallIndex, smallIndex } from "../small-index";

/** A part of a word: all words of the index are looked at for it. */
const query = "m:*ell*";

function addOne({ db }: SmallIndex, seq: number, document: object): void {
  const writer = new IndexWriter(db, [], factMapping);
  const [seqs, arrivalsMs] = [Float64Array.of(seq), Float64Array.of(arrivalMs)];
  writer.write({
    seqs,
    arrivalsMs,
    ids: [`${seq}`],
    indices: ["small"],
    sources: [JSON.stringify(document)],
  });
  writer.settle({ throughSeq: seq, indexed: 1, dropped: 0, failed: 0, failedObjects: [] });
}

describe("what is kept of a question", () => {
  it("is what the tokens say: a list and a histogram after a count do not read them again", () => {
    const { reader } = smallIndex([{ m: "hello" }, { m: "other" }, { m: "yellow" }]);
    const reading = mock.method(SetReader.prototype, "read");
    try {
      assert.equal(reader.count({ query }).count, 2);
      const reads = reading.mock.callCount();
      assert.ok(reads > 0);
      assert.equal(reader.search({ query }).hits.length, 2);
      const { bars } = reader.histogram({ query, intervalMs: 1000 });
      assert.deepEqual(bars, [{ startMs: arrivalMs, count: 2 }]);
      assert.equal(reading.mock.callCount(), reads);
    } finally {
      reading.mock.restore();
    }
  });

  it("holds until documents come", () => {
    const index = smallIndex([{ m: "hello" }]);
    assert.equal(index.reader.count({ query }).count, 1);
    addOne(index, 2, { m: "bells" });
    assert.equal(index.reader.count({ query }).count, 2);
  });

  it("is of one stretch of time where times go back and forth", () => {
    const times = [5, 1, 9].map((seconds) => arrivalMs + seconds * 1000);
    const { reader } = smallIndex(times.map((ms) => ({ m: "hello", "@timestamp": ms })));
    const until = (seconds: number) => reader.count({ query, toMs: arrivalMs + seconds * 1000 }).count;
    assert.deepEqual([2, 6, 10, 2].map(until), [1, 2, 3, 1]);
  });

  it("is no other than an export began with, whatever is asked meanwhile", () => {
    const index = smallIndex(Array.from({ length: 1001 }, () => ({ m: "hello" })));
    const { reader } = index;
    const scan = reader.openScan({ query });
    assert.equal(reader.nextPage(scan).length, 1000);
    addOne(index, 1002, { m: "bells" });
    assert.equal(reader.count({ query }).count, 1002);
    assert.equal(reader.nextPage(scan).length, 1);
  });
});

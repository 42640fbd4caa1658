/** What is saved of a damaged file has the tokens of all pairs of its frequent words. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { IndexReader } from "../../../../local/search/reading/reader";
import { prepareFile } from "../../../../local/search/repair/prepare";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { factMapping } from "../small-index";

const headerBytes = 100;
const long = "z".repeat(300);

describe("a damaged index file with frequent words", () => {
  it("answers phrases from the first document on without a look at any", () => {
    const folder = mkdtempSync(join(tmpdir(), "search-frequent-"));
    const file = join(folder, "index.sqlite");
    try {
      prepareFile(file, factMapping, assert.fail);
      const whole = new DatabaseSync(file);
      const seqs = Float64Array.from({ length: 30 }, (_, at) => at + 1);
      const writer = new IndexWriter(whole, [], factMapping);
      writer.write({
        seqs,
        arrivalsMs: seqs,
        ids: [...seqs].map((seq) => `e.${seq}`),
        indices: [...seqs].map(() => "one"),
        sources: [...seqs].map((seq) => `{"m":"${seq % 2 === 0 ? "disk full" : "full disk"} ${long}"}`),
      });
      writer.settle({ throughSeq: 30, indexed: 30, dropped: 0, failed: 0, failedObjects: [] });
      whole.close();
      writeFileSync(file, readFileSync(file).fill(0, 0, headerBytes));

      const notices: string[] = [];
      prepareFile(file, factMapping, (text) => notices.push(text));
      const saved = new DatabaseSync(file);
      // What would be read now.
      saved.exec(`UPDATE d1 SET source = '{"m":"disk full"}'`);
      const { total, hits } = new IndexReader(saved).search({ query: 'm:"disk full"', size: 50 });
      saved.close();

      assert.match(notices.join(), /30 documents could be read/);
      assert.equal(total, 15);
      assert.ok(hits.every(({ _id }) => Number(_id.slice(2)) % 2 === 0));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** An index file, each page of it and of its log overwritten in turn: what is lost is counted, and all else is there. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readTotals } from "../../../../local/search/file/ledger";
import { IndexReader } from "../../../../local/search/reading/reader";
import { prepareFile } from "../../../../local/search/repair/prepare";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { stepOverPages } from "../../../property-runs";
import { factMapping } from "../small-index";

const pageBytes = 4096;
const documents = 240;
const dropped = 7;
const failed = 3;
const failedObject = {
  ...{ key: "failed/one", body: "[]", records: failed, errorCode: "400", errorMessage: "wrong", atMs: 1 },
};

describe("an index file with a damaged page", () => {
  let folder: string;
  let file: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "search-pages-"));
    file = join(folder, "index.sqlite");
  });
  after(() => rmSync(folder, { recursive: true }));

  /** Three indices, one of them dropped, in a file whose last transactions stand in its log alone. */
  function fill(): { file: Buffer; log: Buffer } {
    prepareFile(file, factMapping, assert.fail);
    const db = new DatabaseSync(file);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    const writer = new IndexWriter(db, [], factMapping);
    const step = documents / 6;
    for (let from = 1; from <= documents; from += step) {
      const seqs = Array.from({ length: step }, (_, at) => from + at);
      writer.write({
        seqs: Float64Array.from(seqs),
        arrivalsMs: Float64Array.from(seqs, (seq) => 1000 * seq),
        ids: seqs.map((seq) => `e.${seq}`),
        indices: seqs.map((seq) => (seq <= documents / 2 ? "first" : "second")),
        sources: seqs.map((seq) => `{"m":"bye ${seq}","pad":"${"x".repeat((seq * 37) % 300)}"}`),
      });
      const isLast = from + step > documents;
      writer.settle({
        throughSeq: isLast ? documents + dropped + failed : from + step - 1,
        indexed: step,
        dropped: isLast ? dropped : 0,
        failed: isLast ? failed : 0,
        failedObjects: isLast ? [failedObject] : [],
      });
      if (from + step > documents / 2 && from <= documents / 2) db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    }
    const whole = { file: readFileSync(file), log: readFileSync(`${file}-wal`) };
    db.close();
    return whole;
  }

  /** What is there after the next start; the sums always add up. */
  function restart(whole: { file: Buffer; log: Buffer }): { kept: number; lost: number; notices: string[] } {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(file + suffix, { force: true });
    writeFileSync(file, whole.file);
    writeFileSync(`${file}-wal`, whole.log);
    const notices: string[] = [];
    prepareFile(file, factMapping, (text) => notices.push(text));
    const db = new DatabaseSync(file);
    try {
      const { count } = new IndexReader(db).count({ query: "m:bye" });
      const totals = readTotals(db);
      const lost = totals.throughSeq - totals.indexed - totals.dropped - totals.failed;
      assert.equal(totals.indexed, count);
      assert.ok(lost >= 0);
      // A commit at the end of the log that is not whole counts for SQLite as one that never was.
      if (totals.throughSeq === documents + dropped + failed) {
        assert.deepEqual([totals.dropped, totals.failed], [dropped, failed]);
        assert.equal(count + lost, documents);
      } else assert.equal(totals.throughSeq, documents - documents / 6);
      return { kept: count, lost, notices };
    } finally {
      db.close();
    }
  }

  it("keeps all that is not on the page, counts what is as lost, and says both in one sentence", () => {
    const whole = fill();
    const firstPage = Math.floor(Math.random() * stepOverPages);
    let worst = 0;
    for (const part of ["file", "log"] as const) {
      for (let at = firstPage * pageBytes; at < whole[part].length; at += stepOverPages * pageBytes) {
        const bytes = Buffer.from(whole[part]);
        bytes.fill(0xa5, at, Math.min(at + pageBytes, bytes.length));
        const { kept, lost, notices } = restart({ ...whole, [part]: bytes });
        const isTold = notices.length === 1 && notices[0]?.includes(`${kept} documents could be read`);
        assert.ok(notices.length === 0 ? lost === 0 : isTold, `${part} ${at}: ${notices.join()}`);
        if (lost > 0) assert.match(notices.join(), new RegExp(`${lost} are lost, and counted as lost`));
        worst = Math.max(worst, lost);
      }
    }
    assert.ok(worst <= 60, `a page cost up to ${worst} documents`);
    if (stepOverPages === 1) assert.ok(worst > 0, "no page cost anything");
  });
});

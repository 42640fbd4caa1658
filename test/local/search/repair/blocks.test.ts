/** An index file whose documents are in blocks, with damage where the blocks are. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { readTotals } from "../../../../local/search/file/ledger";
import { IndexReader } from "../../../../local/search/reading/reader";
import { noteSuspicion, prepareFile } from "../../../../local/search/repair/prepare";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { factMapping } from "../small-index";

const pageBytes = 4096;
const documents = 600;
const perBlock = 300;
const ownTime = "2026-11-25T12:00:00.000Z";
const hexOf = (seq: number): string => createHash("sha256").update(`${seq}`).digest("hex");
const sourceOf = (seq: number): string =>
  seq % 2 === 0 ? `{"m":"bye ${hexOf(seq)}"}` : `{"@timestamp":"${ownTime}","m":"bye ${hexOf(seq)}"}`;

describe("an index file with damaged blocks", () => {
  let folder: string;
  let file: string;
  let whole: Buffer;
  /** Page numbers of the tables of blocks and of rows: of each the first ones. */
  let pages: number[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "search-blocks-"));
    file = join(folder, "index.sqlite");
    prepareFile(file, factMapping, assert.fail);
    const db = new DatabaseSync(file);
    const writer = new IndexWriter(db, [], factMapping);
    const seqs = Array.from({ length: documents }, (_, at) => at + 1);
    writer.write({
      seqs: Float64Array.from(seqs),
      arrivalsMs: Float64Array.from(seqs, (seq) => 1000 * seq),
      ids: seqs.map((seq) => `e.${seq}`),
      indices: seqs.map(() => "one"),
      sources: seqs.map(sourceOf),
    });
    const nothing = { dropped: 0, failed: 0, failedObjects: [] };
    writer.settle({ throughSeq: documents, indexed: documents, ...nothing });
    pages = db
      .prepare("SELECT pageno, name FROM dbstat WHERE name IN ('b1', 'd1') ORDER BY name, pageno")
      .all()
      .filter(({ name }, at, all) => at < 3 || all[at - 3]?.["name"] !== name)
      .map(({ pageno }) => pageno as number);
    db.close();
    whole = readFileSync(file);
  });
  after(() => rmSync(folder, { recursive: true }));

  function restart(bytes: Buffer): { kept: number; lost: number; notices: string[] } {
    for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
    writeFileSync(file, bytes);
    const notices: string[] = [];
    prepareFile(file, factMapping, (text) => notices.push(text));
    const db = new DatabaseSync(file);
    try {
      const reader = new IndexReader(db);
      const { total: kept, hits } = reader.search({ query: "m:bye", size: documents });
      for (const { _id, source, timestampMs, hasOwnTime } of hits) {
        const seq = Number(_id.slice(2));
        assert.equal(source, sourceOf(seq));
        assert.deepEqual(
          [timestampMs, hasOwnTime],
          seq % 2 === 0 ? [1000 * seq, false] : [Date.parse(ownTime), true],
        );
      }
      const { throughSeq, indexed } = readTotals(db);
      assert.equal(indexed, kept);
      return { kept, lost: throughSeq - indexed, notices };
    } finally {
      db.close();
    }
  }

  it("keeps all that is not on a page, also where the rows or the list of tables are gone", () => {
    let worst = 0;
    for (const page of [1, ...pages]) {
      const bytes = Buffer.from(whole);
      bytes.fill(0xa5, (page - 1) * pageBytes, page * pageBytes);
      const { kept, lost, notices } = restart(bytes);
      assert.equal(notices.length, 1, `page ${page}`);
      assert.equal(kept + lost, documents);
      // What the list of tables knew is told by the blocks and the notes.
      if (page === 1) assert.equal(lost, 0);
      worst = Math.max(worst, lost);
    }
    assert.ok(worst > 0 && worst <= 2 * perBlock, `a page cost up to ${worst} documents`);
  });

  it("finds a changed byte once it was met, and keeps the other blocks", () => {
    const bytes = Buffer.from(whole);
    const at = bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd])) + 500;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(file, bytes);
    const db = new DatabaseSync(file);
    assert.throws(() => new IndexReader(db).search({ query: "m:bye", size: documents }), /malformed/);
    db.close();
    noteSuspicion(file);
    const { kept, lost, notices } = restart(bytes);
    assert.match(notices.join(), /a block of documents cannot be read/);
    assert.equal(kept + lost, documents);
    assert.ok(lost > 0 && lost <= perBlock, `${lost} documents`);
    assert.ok(!existsSync(`${file}.suspect`));
  });
});

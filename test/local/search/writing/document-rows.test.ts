/** Documents in blocks and in rows of their own, asked for in every way that reads them. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { PackedDocuments } from "../../../../local/rooms";
import { IndexReader } from "../../../../local/search/reading/reader";
import { prepareFile } from "../../../../local/search/repair/prepare";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { factMapping } from "../small-index";

const pad = "p".repeat(60);
const sourceOf = (seq: number): string => `{"n":${seq},"m":"bye ${seq}","pad":"${pad}"}`;
const idOf = (seq: number): string => (seq === 100 ? `named ${seq} times` : `e.${seq}`);
const columnsOf = (seqs: readonly number[], id = idOf) => ({
  seqs: Float64Array.from(seqs),
  arrivalsMs: Float64Array.from(seqs, (seq) => 1000 * seq),
  ids: seqs.map(id),
  indices: seqs.map(() => "one"),
  sources: seqs.map(sourceOf),
});
const nothing = { throughSeq: 1, indexed: 0, dropped: 0, failed: 0, failedObjects: [] };

describe("documents in blocks", () => {
  let folder: string;
  let db: DatabaseSync;
  let writer: IndexWriter;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "search-rows-"));
    prepareFile(join(folder, "index.sqlite"), factMapping, assert.fail);
    db = new DatabaseSync(join(folder, "index.sqlite"));
    writer = new IndexWriter(db, [], factMapping);
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  const blocks = (): number => db.prepare("SELECT count(*) AS n FROM b1").get()?.["n"] as number;

  it("are found by number, id, text and value, with gaps, ids of any kind and those that came late", () => {
    const late = Array.from({ length: 250 }, (_, at) => 3 * at + 1);
    const seqs = Array.from({ length: 900 }, (_, at) => at + 1).filter(
      (seq) => seq % 7 !== 0 && !late.includes(seq),
    );
    writer.write(columnsOf(seqs));
    writer.write(columnsOf(late));
    // Once more, as after a failure: what is there is kept.
    writer.write(columnsOf(seqs.slice(-3)));
    writer.settle(nothing);
    const all = [...seqs, ...late];
    const reader = new IndexReader(db);
    const { total, hits } = reader.search({ query: "", size: 1000 });
    assert.equal(total, all.length);
    assert.deepEqual(
      hits.map(({ _id, source, timestampMs }) => [_id, source, timestampMs]),
      all.toSorted((a, b) => b - a).map((seq) => [idOf(seq), sourceOf(seq), 1000 * seq]),
    );
    assert.ok(blocks() > 1);
    const found = (query: string): string[] => reader.search({ query }).hits.map(({ _id }) => _id);
    for (const seq of [1, 7, 100, 334, 815, 899]) {
      assert.deepEqual(found(`_id:"${idOf(seq)}"`), [idOf(seq)]);
      assert.deepEqual(found(`m:"bye ${seq}"`), [idOf(seq)]);
      assert.deepEqual(found(`n:[${seq} TO ${seq}]`), [idOf(seq)]);
    }
    assert.deepEqual(found('_id:"e.14" OR _id:"x.815" OR _id:"815" OR _id:"e.0815"'), []);
  });

  it("are found by their tokens in whatever order one write has them", () => {
    writer.write(columnsOf([5, 9, 3, 4, 8, 1]));
    writer.settle(nothing);
    const { hits } = new IndexReader(db).search({ query: "m:bye AND n:[3 TO 8]" });
    assert.deepEqual(
      hits.map(({ _id }) => _id),
      ["e.8", "e.5", "e.4", "e.3"],
    );
    db.exec("INSERT INTO f1(f1) VALUES ('integrity-check')");
  });

  it("stay in their rows where few come together", () => {
    writer.write(columnsOf([1, 2, 3]));
    writer.settle(nothing);
    assert.equal(blocks(), 0);
    assert.equal(new IndexReader(db).search({ query: "m:2" }).total, 1);
  });

  it("come packed as well, and are refused by their place over all parts", () => {
    const partOf = (first: number, sources: readonly string[]): PackedDocuments => {
      const bytes = sources.map((source) => Buffer.from(source));
      const ends = bytes.map((_, at) => Buffer.concat(bytes.slice(0, at + 1)).length);
      const seqs = Float64Array.from(sources, (_, at) => first + at);
      return {
        index: "one",
        idPrefix: "e.",
        seqs,
        arrivalsMs: seqs.map((seq) => 1000 * seq),
        body: Buffer.concat(bytes),
        starts: Uint32Array.from(bytes, (_, at) => ends[at - 1] ?? 0),
        ends: Uint32Array.from(ends),
      };
    };
    const many = Array.from({ length: 600 }, (_, at) => sourceOf(at + 1));
    many[599] = "torn";
    const refusals = writer.writePacked([partOf(1, many), partOf(601, ['{"é":"ü"}', " ", sourceOf(603)])]);
    writer.settle(nothing);
    assert.deepEqual(
      refusals.map(({ position }) => position),
      [599, 601],
    );
    assert.equal(refusals[1]!.reason, "failed to parse: the document is empty");
    const [newest] = new IndexReader(db).search({ query: "" }).hits;
    assert.equal(newest!._id, "e.603");
    assert.equal(new IndexReader(db).count({ query: "ü" }).count, 1);
    assert.equal(new IndexReader(db).count({ query: "" }).count, 601);
  });
});

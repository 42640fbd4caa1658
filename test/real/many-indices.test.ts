/** Five hundred hourly indices, three weeks of a stream: each question is one over all of them. */
import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { mappingOf } from "../../local/search/documents/mapping";
import { fileSchema } from "../../local/search/file/tables";
import { IndexReader } from "../../local/search/reading/reader";
import { IndexWriter } from "../../local/search/writing/writer";

const hourMs = 3_600_000;
const firstMs = Date.UTC(2026, 2, 1);
const hours = 500;
const perHour = 4;

describe("an index of five hundred hours", () => {
  let db: DatabaseSync;
  let writer: IndexWriter;
  let reader: IndexReader;
  before(() => {
    db = new DatabaseSync(":memory:");
    db.exec(fileSchema);
    writer = new IndexWriter(db, [], mappingOf(undefined));
    const places = Array.from({ length: hours * perHour }, (_, i) => i);
    const arrivalOf = (place: number): number =>
      firstMs + Math.floor(place / perHour) * hourMs + (place % perHour);
    const refused = writer.write({
      seqs: Float64Array.from(places, (place) => place + 1),
      arrivalsMs: Float64Array.from(places, arrivalOf),
      ids: places.map(String),
      indices: places.map((place) => `web-${String(Math.floor(place / perHour)).padStart(3, "0")}`),
      sources: places.map(
        (place) =>
          `{"@timestamp":"${new Date(arrivalOf(place)).toISOString()}","message":"${place % perHour === 0 ? "bye" : "hello"} ${place}"}`,
      ),
    });
    assert.deepEqual(refused, []);
    const indexed = places.length;
    writer.settle({ throughSeq: indexed, indexed, dropped: 0, failed: 0, failedObjects: [] });
    reader = new IndexReader(db);
  });
  after(() => db.close());

  it("counts, lists and draws over all of them", () => {
    assert.equal(reader.indices().length, hours);
    assert.equal(reader.count({ query: "message:bye" }).count, hours);
    const { total, hits } = reader.search({ query: "message:bye", size: 50 });
    assert.equal(total, hours);
    const newest = Array.from({ length: 50 }, (_, i) => String((hours - 1 - i) * perHour));
    assert.deepEqual(
      hits.map(({ _id }) => _id),
      newest,
    );
    const { bars } = reader.histogram({ query: "", intervalMs: 24 * hourMs });
    assert.equal(bars.length, Math.ceil(hours / 24));
    assert.equal(
      bars.reduce((sum, { count }) => sum + count, 0),
      hours * perHour,
    );
  });

  it("asks those alone that a pattern or a time names", () => {
    assert.equal(reader.count({ query: "", index: "web-49*" }).count, 10 * perHour);
    const fromMs = firstMs + 100 * hourMs;
    assert.equal(reader.count({ query: "message:bye", fromMs, toMs: fromMs + 7 * hourMs }).count, 7);
  });
});

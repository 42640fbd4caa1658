/** Sets of records that are not told by tokens. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import {
  createIndexTables,
  createTimeIndex,
  fileSchema,
  type IndexRow,
} from "../../../../local/search/file/tables";
import { TokenIndices } from "../../../../local/search/file/token-indices";
import { SetReader } from "../../../../local/search/reading/set-reader";
import { withLeaf } from "../../../../local/search/reading/token-expressions";
import { WorkLimit } from "../../../../local/search/reading/work-limit";

/** More than are looked through at once. */
const documents = 70_000;

/** At the clock: nothing is looked through without an end. */
const mostLooks = 3;

function filled(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(fileSchema);
  db.exec("INSERT INTO indices VALUES (1, 'one', 0, 0, 0, 0, 0, 0, 0, 0, 0, '')");
  createIndexTables(db, 1);
  db.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${documents})
       INSERT INTO d1 SELECT 2 * i, i * 7919 % 100, 0, '', '' FROM n`,
  );
  return db;
}

describe("a stretch of time", () => {
  let db: DatabaseSync;
  beforeEach(() => {
    db = filled();
    createTimeIndex(db, 1);
  });
  afterEach(() => db.close());

  const row = { number: 1, ordered: false, lastSeq: 2 * documents, documents } as IndexRow;
  const countBetween = (lowMs: number, highMs: number) => {
    let looks = 0;
    const clockwork = { nowMs: () => looks++, isAbandoned: () => false };
    const reader = new SetReader(db, row, new WorkLimit(clockwork, mostLooks), new TokenIndices(db));
    const set = reader.read(withLeaf({ kind: "time", lowMs, highMs }).expression);
    return [set.count(), set.has(2), set.has(3)];
  };

  it("has each of its records once where times go back and forth, with an index of them and without", () => {
    for (const drop of ["DROP INDEX t1", ""]) {
      assert.deepEqual(countBetween(0, 99), [documents, true, false]);
      assert.deepEqual(countBetween(19, 19), [documents / 100, true, false]);
      assert.deepEqual(countBetween(20, Number.POSITIVE_INFINITY), [(80 * documents) / 100, false, false]);
      db.exec(drop);
    }
  });

  it("has all records of one time, however many they are", () => {
    db.exec("UPDATE d1 SET ts = 5");
    assert.deepEqual(countBetween(5, 5), [documents, true, false]);
  });
});

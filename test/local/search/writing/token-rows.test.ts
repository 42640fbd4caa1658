/** What is written into FTS5's tables is what FTS5 would have written there itself. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { DocumentTokens } from "../../../../local/search/documents/document-tokens";
import { createIndexTables, fileSchema } from "../../../../local/search/file/tables";
import { TokenRows } from "../../../../local/search/writing/token-rows";
import { TokenTable } from "../../../../local/search/writing/token-table";

interface Tokens {
  readonly seq: number;
  readonly tokens: readonly string[];
}

function emptyIndex(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.enableDefensive(false);
  db.exec(fileSchema);
  db.exec("INSERT INTO indices VALUES (1, 'one', 0, 0, 0, 0, 0, 0, 1, 0, 0, '')");
  createIndexTables(db, 1);
  return db;
}

function writeTokens(db: DatabaseSync, rows: TokenRows, documents: readonly Tokens[]): void {
  const table = new TokenTable();
  const of = new DocumentTokens();
  for (const { seq, tokens } of documents) {
    of.clear();
    for (const token of tokens) of.add("", token);
    table.add(seq, of);
  }
  db.exec("BEGIN");
  rows.write(table.written());
  db.exec("COMMIT");
}

function writeByFts5(db: DatabaseSync, documents: readonly Tokens[]): void {
  const insert = db.prepare("INSERT INTO f1(rowid, t) VALUES (CAST(? AS INTEGER), ?)");
  db.exec("BEGIN");
  for (const { seq, tokens } of documents) insert.run(seq, tokens.join(" "));
  db.exec("COMMIT");
}

/** Tokens of all kinds: dense, rare, twice in a document, beyond ASCII, long, with long beginnings in common. */
function documents(first: number, count: number, step = 1): Tokens[] {
  return Array.from({ length: count }, (_, at) => {
    const seq = first + at * step;
    const spread = (seq * 2_654_435_761) % 2 ** 32;
    const tokens = ["1:bye", "1:bye", `2:${seq % 97}`, `3:${spread.toString(16)}`, `3:${seq}`];
    if (seq % 5 === 0) tokens.push(`4:é${seq % 11}`, `4:${"x".repeat(250)}${seq % 13}`);
    if (seq % 7 === 0) tokens.push("!1", '2="', "2!", `5:${"é".repeat(255)}${seq % 3}`);
    return { seq, tokens };
  });
}

const segmentRows = (db: DatabaseSync) => ({
  pages: db.prepare("SELECT id, block FROM f1_data WHERE id > 10 ORDER BY id").all(),
  firstTokens: db
    .prepare("SELECT segid, CAST(term AS BLOB) AS token, pgno FROM f1_idx ORDER BY segid, term")
    .all(),
});

const isWhole = (db: DatabaseSync): void => db.exec("INSERT INTO f1(f1) VALUES ('integrity-check')");

function recordsOf(db: DatabaseSync, token: string): number[] {
  const rows = db.prepare("SELECT rowid AS seq FROM f1 WHERE f1 MATCH ? ORDER BY rowid");
  return rows.all(`"${token.replaceAll('"', '""')}"`).map(({ seq }) => seq as number);
}

describe("token rows", () => {
  for (const [of, some] of [
    ["a few documents", documents(1, 3)],
    ["many documents, on many pages", documents(5_000_000, 1000)],
    ["records far from each other", documents(1, 200, 1_000_003)],
    ["numbers beyond 32 bits", documents(2 ** 40, 50, 7)],
    [
      "one token that fills its page and the next",
      documents(1, 4043).map(({ seq }) => ({ seq, tokens: ["1:a"] })),
    ],
  ] as const) {
    it(`are those of FTS5 itself, byte for byte, for ${of}`, () => {
      const [db, byFts5] = [emptyIndex(), emptyIndex()];
      writeTokens(db, new TokenRows(db, 1), some);
      writeByFts5(byFts5, some);
      assert.ok(isDeepStrictEqual(segmentRows(db), segmentRows(byFts5)));
      isWhole(db);
    });
  }

  it("answer in the connection that writes them, which has asked before, and are joined by FTS5 when they are many", () => {
    const db = emptyIndex();
    const rows = new TokenRows(db, 1);
    const [batches, each] = [69, 20];
    for (let batch = 0; batch < batches; batch++) {
      writeTokens(db, rows, documents(batch * each + 1, each));
      assert.equal(recordsOf(db, "1:bye").length, (batch + 1) * each);
    }
    const all = documents(1, batches * each);
    for (const token of new Set(all.slice(0, 80).flatMap(({ tokens }) => tokens))) {
      const having = all.filter(({ tokens }) => tokens.includes(token)).map(({ seq }) => seq);
      assert.deepEqual(recordsOf(db, token), having, token);
    }
    const segments = db.prepare("SELECT count(DISTINCT segid) AS n FROM f1_idx").get()?.["n"] as number;
    assert.equal(segments, 4 + (batches % 16));
    isWhole(db);
  });

  it("go on beside segments of FTS5's own, and are gone when the transaction is undone", () => {
    const db = emptyIndex();
    const rows = new TokenRows(db, 1);
    writeByFts5(db, documents(1, 50));
    writeTokens(db, rows, documents(51, 50));
    assert.equal(recordsOf(db, "1:bye").length, 100);
    db.exec("BEGIN");
    const table = new TokenTable();
    const of = new DocumentTokens();
    of.add("1:bye", "");
    table.add(101, of);
    rows.write(table.written());
    db.exec("ROLLBACK");
    assert.equal(recordsOf(db, "1:bye").length, 100);
    writeByFts5(db, documents(101, 50));
    assert.equal(recordsOf(db, "1:bye").length, 150);
    isWhole(db);
  });

  it("are joined again once many that were joined are there, a few pages at a time", () => {
    const db = emptyIndex();
    const rows = new TokenRows(db, 1, 2);
    const [batches, each] = [259, 8];
    for (let batch = 0; batch < batches; batch++) writeTokens(db, rows, documents(batch * each + 1, each));
    const segments = db.prepare("SELECT count(DISTINCT segid) AS n FROM f1_idx").get()?.["n"];
    assert.equal(segments, 1 + (batches % 16));
    assert.equal(recordsOf(db, "1:bye").length, batches * each);
    isWhole(db);
  });

  it("give the pages of what is joined back as they go: a file of the joined and the joining would be twice as large", () => {
    const free = [4, 2 ** 30].map((pagesAtOnce) => {
      const db = emptyIndex();
      const rows = new TokenRows(db, 1, pagesAtOnce);
      for (let batch = 0; batch < 16; batch++) writeTokens(db, rows, documents(batch * 500 + 1, 500));
      isWhole(db);
      return db.prepare("PRAGMA freelist_count").get()?.["freelist_count"] as number;
    }) as [number, number];
    assert.ok(free[0] < free[1] / 2, `${free[0]} pages are free, and ${free[1]} of all at once`);
  });

  it("have shortcuts through long lists of records once they are joined", () => {
    const db = emptyIndex();
    const rows = new TokenRows(db, 1);
    for (let batch = 0; batch < 16; batch++)
      writeTokens(
        db,
        rows,
        documents(batch * 1400 + 1, 1400).map(({ seq }) => ({ seq, tokens: ["1:a"] })),
      );
    assert.equal(db.prepare("SELECT count(*) AS n FROM f1_idx WHERE pgno & 1").get()?.["n"], 1);
    assert.equal(recordsOf(db, "1:a").length, 22_400);
    isWhole(db);
  });
});

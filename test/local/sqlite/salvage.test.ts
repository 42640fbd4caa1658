/** A file of two tables, page after page of it overwritten: what is not on that page comes back. */
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { damagedLogFrames } from "../../../local/sqlite/page-file";
import { DamagedFile, type SavedRow } from "../../../local/sqlite/salvage";

const rowCount = 120;
const pageBytes = 512;
/** One in twenty goes on over pages of its own. */
const textOf = (number: number) => `text ${number} é ${"x".repeat(number % 20 === 0 ? 900 : number % 40)}`;
const isOurs = ({ values }: SavedRow) =>
  values.length === 3 && values[0] === null && typeof values[1] === "string" && typeof values[2] === "number";

describe("a damaged SQLite file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "salvage-"));
    file = join(folder, "one.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function fill(): DatabaseSync {
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA page_size = ${pageBytes}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0`);
    db.exec("CREATE TABLE gone (id INTEGER PRIMARY KEY, t TEXT, n INTEGER)");
    db.exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, t TEXT, n INTEGER)");
    for (const table of ["gone", "rows"]) {
      const insert = db.prepare(`INSERT INTO ${table} VALUES (?, ?, ?)`);
      for (let number = 1; number <= rowCount; number++) {
        if (number % 20 === 1) db.exec("BEGIN");
        insert.run(number + (table === "gone" ? 10_000 : 0), textOf(number), number * 2 ** 33);
        if (number % 20 === 0) db.exec("COMMIT");
      }
    }
    db.exec("DROP TABLE gone");
    return db;
  }

  /** Rows that come back, each of them right. */
  function saved(): Set<number> {
    const damaged = new DamagedFile(file, pageBytes);
    try {
      const numbers = new Set<number>();
      for (const rows of [damaged.rows("rows"), damaged.strays(isOurs)]) {
        for (const { rowid, values } of rows) {
          if (rowid > 10_000) continue;
          assert.deepEqual(values, [null, textOf(rowid), rowid * 2 ** 33]);
          numbers.add(rowid);
        }
      }
      return numbers;
    } finally {
      damaged.close();
    }
  }

  it("gives back every row of a whole file, and none of a table that was dropped", () => {
    fill().close();
    const damaged = new DamagedFile(file, pageBytes);
    assert.equal([...damaged.rows("rows")].length, rowCount);
    assert.deepEqual([...damaged.strays(isOurs)], []);
    assert.deepEqual(damaged.tables, ["rows"]);
    damaged.close();
  });

  it("gives back every row that is not on the overwritten page, whichever page it is", () => {
    fill().close();
    const whole = readFileSync(file);
    const pages = whole.length / pageBytes;
    let most = 0;
    for (let page = 0; page < pages; page++) {
      const damaged = Buffer.from(whole);
      damaged.fill(0xa5, page * pageBytes, (page + 1) * pageBytes);
      writeFileSync(file, damaged);
      const lost = rowCount - saved().size;
      most = Math.max(most, lost);
    }
    assert.ok(most > 0 && most <= pageBytes / 12, `a page cost up to ${most} rows`);
  });

  it("gives back what stands in the log behind a damaged frame, which SQLite itself forgets", () => {
    const db = fill();
    copyFileSync(file, join(folder, "copy.sqlite"));
    copyFileSync(`${file}-wal`, join(folder, "copy.sqlite-wal"));
    db.close();
    file = join(folder, "copy.sqlite");
    const log = readFileSync(`${file}-wal`);
    assert.equal(damagedLogFrames(file), 0);
    log.fill(0xa5, log.length >> 1, (log.length >> 1) + 256);
    writeFileSync(`${file}-wal`, log);

    assert.ok(damagedLogFrames(file) > 0);
    const lost = rowCount - saved().size;
    assert.ok(lost <= 20, `${lost} rows lost`);
  });
});

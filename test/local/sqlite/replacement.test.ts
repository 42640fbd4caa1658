/** A new file in the place of a damaged one, ended between any two steps. */
import assert from "node:assert/strict";
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { endReplacement, replaceDamaged } from "../../../local/sqlite/replacement";
import { temporaryFolder } from "../fakes";

describe("a new file in the place of a damaged one", () => {
  let folder: string;
  let file: string;
  beforeEach(function () {
    folder = temporaryFolder(this);
    file = join(folder, "one.sqlite");
  });

  /** A file of one row, whose log is left beside it. */
  function fillWithLog(path: string, text: string): void {
    const db = new DatabaseSync(`${path}.open`);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x TEXT)");
    db.prepare("INSERT INTO t VALUES (?)").run(text);
    for (const ending of ["", "-wal"]) copyFileSync(`${path}.open${ending}`, path + ending);
    db.close();
  }

  function fill(path: string, text: string): void {
    const db = new DatabaseSync(path);
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (x TEXT)");
    db.prepare("INSERT INTO t VALUES (?)").run(text);
    db.close();
  }

  function textsIn(path: string): unknown[] {
    const db = new DatabaseSync(path);
    const texts = db.prepare("SELECT x FROM t").all();
    db.close();
    return texts.map(({ x }) => x);
  }

  it("takes its place, and the damaged one is kept with its log", () => {
    fillWithLog(file, "old");
    const { made, aside } = replaceDamaged(file, (fresh) => {
      fill(fresh, "new");
      return 7;
    });

    assert.deepEqual([made, textsIn(file), textsIn(aside)], [7, ["new"], ["old"]]);
    assert.equal(existsSync(`${file}.new`), false);
  });

  it("leaves the damaged one where it is as long as it is not whole, and begins anew", () => {
    writeFileSync(file, "damaged");
    const end = (fresh: string): never => {
      writeFileSync(fresh, "half");
      throw new Error("killed");
    };
    assert.throws(() => replaceDamaged(file, end), /killed/);
    endReplacement(file);

    assert.equal(readFileSync(file, "utf8"), "damaged");
    replaceDamaged(file, (fresh) => fill(fresh, "new"));
    assert.deepEqual(textsIn(file), ["new"]);
  });

  it("is taken at the next start where the damaged one had moved away, without the log that had not", () => {
    fillWithLog(file, "old");
    fill(`${file}.new`, "new");
    renameSync(file, `${file}.damaged-1`);
    endReplacement(file);

    assert.deepEqual(textsIn(file), ["new"]);
    assert.equal(readdirSync(folder).filter((name) => /\.damaged-.*-wal$/.test(name)).length, 1);
  });

  it("is not taken while a part of it is in its log", () => {
    writeFileSync(file, "damaged");
    assert.throws(
      () => replaceDamaged(file, (fresh) => fillWithLog(fresh, "new")),
      /could not be written whole/,
    );
    assert.equal(readFileSync(file, "utf8"), "damaged");
  });
});

/** The token index read directly gives what FTS5 itself answers. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { PageStores } from "../../../../local/search/file/page-store";
import { RecordSet } from "../../../../local/search/file/record-set";
import { createIndexTables, fileSchema } from "../../../../local/search/file/tables";
import { type TokenRange, TokenSegments, type TokenTest } from "../../../../local/search/file/token-segments";
import { patternMachine } from "../../../../local/search/query/patterns";
import { joinedMachine } from "../../../../local/search/reading/read-together";

/** Each a segment of its own until FTS5 joins sixteen of them. */
const transactions = 40;
const perTransaction = 200;
const lastSeq = transactions * perTransaction * 3;

/** Tokens of all kinds: dense, rare, beyond ASCII, of 255 letters, sharing long beginnings. */
function tokensOf(seq: number): string[] {
  const tokens = ["1:bye", `1:${["a", "b"][seq % 2]}`, `2:${seq % 97}`, `3:${(seq * 2654435761) % 2 ** 32}`];
  if (seq % 5 === 0) tokens.push(`4:é${seq % 11}`, `4:${"x".repeat(250)}${seq % 13}`);
  if (seq % 7 === 0) tokens.push("!1", '2="', "2!");
  return tokens;
}

/** Whose tokens FTS5 writes itself, as in files of earlier versions. */
function emptyIndex(): DatabaseSync {
  const db = new DatabaseSync(":memory:");
  db.exec(fileSchema);
  db.exec("INSERT INTO indices VALUES (1, 'one', 0, 0, 0, 0, 0, 0, 1, 0, 0, '')");
  createIndexTables(db, 1);
  db.exec("INSERT INTO f1(f1, rank) VALUES ('automerge', 0), ('hashsize', 33554432)");
  return db;
}

function filled(): DatabaseSync {
  const db = emptyIndex();
  const insert = db.prepare("INSERT INTO f1(rowid, t) VALUES (?, ?)");
  for (let at = 0; at < transactions; at++) {
    db.exec("BEGIN");
    for (let place = 1; place <= perTransaction; place++) {
      const seq = (at * perTransaction + place) * 3;
      insert.run(seq, tokensOf(seq).join(" "));
    }
    db.exec("COMMIT");
  }
  return db;
}

/** So many that one segment has more pages than are read one by one. */
const manyTokens = 40_000;
const perRow = 100;

function filledAtOnce(): DatabaseSync {
  const db = emptyIndex();
  const insert = db.prepare("INSERT INTO f1(rowid, t) VALUES (?, ?)");
  const tokenAt = (at: number) => `7:${((at * 2654435761) % 2 ** 32).toString(16)}`;
  db.exec("BEGIN");
  for (let row = 0; row < manyTokens / perRow; row++)
    insert.run(row + 1, Array.from({ length: perRow }, (_, at) => tokenAt(row * perRow + at)).join(" "));
  db.exec("COMMIT");
  return db;
}

const withOne = (token: string): TokenRange => ({ first: token, end: `${token}\0` });

describe("token segments", () => {
  let db: DatabaseSync;
  before(() => {
    db = filled();
  });
  after(() => db.close());

  const recordsOfAll = (ranges: readonly TokenRange[], step = () => {}): number[] => {
    const set = new RecordSet();
    new TokenSegments(db, 1, new PageStores().anew(1)).addRecords(ranges, set, lastSeq, step);
    return [...set.ascending()];
  };
  const recordsOf = (range: TokenRange, step?: () => void) => recordsOfAll([range], step);
  const askFts = (match: string): number[] =>
    db
      .prepare("SELECT rowid AS seq FROM f1 WHERE f1 MATCH ? ORDER BY rowid")
      .all(match)
      .map(({ seq }) => seq as number);

  it("are gone through to the end where there are many pages, of which each token is seen once", () => {
    const many = filledAtOnce();
    const set = new RecordSet();
    let seen = 0;
    const test = () => ++seen > 0;
    const range: TokenRange = { first: "7:", end: "7;", test };
    new TokenSegments(many, 1, new PageStores().anew(1)).addRecords([range], set, manyTokens, () => {});
    assert.deepEqual([seen, set.count()], [manyTokens, manyTokens / perRow]);
    many.enableDefensive(false);
    many.exec("DELETE FROM f1_data WHERE id = (SELECT max(id) - 5 FROM f1_data)");
    const damaged = new TokenSegments(many, 1, new PageStores().anew(1));
    assert.throws(() => damaged.addRecords([range], set, manyTokens, () => {}), /malformed/);
    many.close();
  });

  it("give pages back as they are gone through, whenever garbage is collected", () => {
    const many = filledAtOnce();
    const range: TokenRange = { first: "7:", end: "7;", test: () => false };
    const pageBytes: number[] = [];
    const step = () => pageBytes.push(process.memoryUsage().arrayBuffers);
    new TokenSegments(many, 1, new PageStores().anew(1)).addRecords(
      [range],
      new RecordSet(),
      manyTokens,
      step,
    );
    many.close();
    assert.ok(pageBytes.length > 80);
    assert.ok((pageBytes.at(-1) as number) - (pageBytes[0] as number) < pageBytes.length * 2000);
  });

  it("hold the records of each token", () => {
    const terms = db
      .prepare("SELECT term FROM v1")
      .all()
      .map(({ term }) => term as string);
    assert.ok(terms.length > 5000);
    for (const [at, term] of terms.entries()) {
      if (at % 61 !== 0 && term.startsWith("3:")) continue;
      assert.deepEqual(recordsOf(withOne(term)), askFts(`"${term.replaceAll('"', '""')}"`), term);
    }
    assert.deepEqual(recordsOf(withOne("1:nothing")), []);
  });

  it("hold those of a beginning, of a range, and of what passes a test", () => {
    for (const prefix of ["1:", "3:4", "4:é", "4:x", "!", "9"])
      assert.deepEqual(recordsOf({ first: prefix, end: undefined }), askFts(`"${prefix}"*`), prefix);
    const tested = recordsOf({
      first: "2:",
      end: "2;",
      test: (bytes, begin, end) => Number(bytes.toString("utf8", begin + 2, end)) >= 90,
    });
    assert.deepEqual(
      tested,
      askFts([90, 91, 92, 93, 94, 95, 96].map((value) => `"2:${value}"`).join(" OR ")),
    );
    assert.deepEqual(recordsOf({ first: "2:10", end: "2:2" }), askFts('"2:1"* NOT "2:1"'));
  });

  it("are read by a machine as by a test of the whole token, over pages, ranges and what begins in vain", () => {
    const patterns = ["*54*", "26*", "*9", "2?*7", "x*1?", "é1", "*é*", "*"];
    for (const wanted of patterns) {
      const machine = patternMachine(wanted);
      for (const first of ["1:", "3:", "4:", "2:9"]) {
        const test: TokenTest = (bytes, begin, end) =>
          Boolean(machine.test(bytes.toString("utf8", begin, end)));
        const [asked, read] = [{ test }, { machine }].map((which) =>
          recordsOfAll([withOne("1:bye"), { first, end: undefined, skipped: 2, ...which }, withOne("9:")]),
        );
        assert.deepEqual(read, asked, `${first} ${wanted}`);
      }
    }
  });

  it("are read for several machines in one walk, each with a set of its own", () => {
    const groups = [
      ["*54*", "*", "26*"],
      ["é1", "*é*", "nothing"],
      ["*9", "*1*"],
    ];
    for (const first of ["1:", "3:", "4:"]) {
      for (const patterns of groups) {
        const range = { first, end: undefined, skipped: 2 };
        const machines = patterns.map((wanted) => patternMachine(wanted));
        const apart = machines.map((machine) => recordsOf({ ...range, machine }));
        const into = machines.map(() => new RecordSet());
        recordsOf({ ...range, machine: joinedMachine(machines), into });
        assert.deepEqual(
          into.map((set) => [...set.ascending()]),
          apart,
          `${first} ${patterns}`,
        );
      }
    }
  });

  it("are for those of several machines that take them by their length", () => {
    const into = [new RecordSet(), new RecordSet()];
    const machine = joinedMachine([patternMachine("é1*"), patternMachine("nothing")]);
    recordsOf({ first: "4:", end: "4;", machine, skipped: 2, passingBytes: 251, longFor: 2, into });
    const [begun, long] = into.map((set) => [...set.ascending()]);
    assert.deepEqual(long, askFts('"4:x"*'));
    assert.deepEqual(begun, askFts('"4:é1"*'));
    const short = { first: "3:", end: "3;", skipped: 2 };
    const [ones, tens] = [new RecordSet(), new RecordSet()];
    const joined = joinedMachine([patternMachine("1*"), patternMachine("nothing")]);
    recordsOf({ ...short, machine: joined, passingBytes: 10, longFor: 2, into: [ones, tens] });
    const ofTen = recordsOf({ ...short, test: (_, begin, end) => end - begin >= 10 });
    assert.deepEqual([...tens.ascending()], ofTen);
    assert.deepEqual([...ones.ascending()], askFts('"3:1"*'));
  });

  it("pass a machine where they are as long as a piece of what was cut", () => {
    const range = { first: "4:", end: "4;", machine: patternMachine("nothing"), skipped: 2 };
    assert.deepEqual(recordsOf(range), []);
    assert.deepEqual(recordsOf({ ...range, passingBytes: 251 }), askFts('"4:x"*'));
  });

  it("are not read any more, page after page, where all that follows begins in vain", () => {
    const many = filledAtOnce();
    const pagesFor = (wanted: string): number => {
      let pages = 0;
      const range = { first: "7:", end: "7;", machine: patternMachine(wanted), skipped: 2 };
      const segments = new TokenSegments(many, 1, new PageStores().anew(1));
      segments.addRecords([range], new RecordSet(), manyTokens, () => pages++);
      return pages;
    };
    assert.ok(4 * pagesFor("8*") < pagesFor("*8*"));
    many.close();
  });

  it("hold those of many tokens and ranges, apart or within each other, in whatever order they are asked for", () => {
    const ranges = [
      withOne("3:2654435761"),
      { first: "2:10", end: "2:2" },
      withOne("2:15"),
      { first: "2:1", end: "2:9", test: () => false },
      withOne("1:a"),
      { first: "4:", end: undefined },
      withOne("4:é3"),
      ...Array.from({ length: 90 }, (_, at) => withOne(`2:${90 - at}`)),
      withOne("9:nothing"),
    ];
    const apart = new Set(ranges.flatMap((range) => recordsOf(range)));
    assert.deepEqual(
      recordsOfAll(ranges),
      [...apart].sort((a, b) => a - b),
    );
  });

  it("are read page by page no more than once for all that is asked", () => {
    let pages = 0;
    const ranges = Array.from({ length: 97 }, (_, at) => withOne(`2:${at}`));
    recordsOfAll(ranges, () => pages++);
    let pagesOfRange = 0;
    recordsOf({ first: "2:", end: "2;" }, () => pagesOfRange++);
    assert.ok(pages <= pagesOfRange + 2 * 40, `${pages} of ${pagesOfRange}`);
  });

  it("are left at the first page where the time is over", () => {
    const stop = () => {
      throw new Error("over");
    };
    assert.throws(() => recordsOf(withOne("1:bye"), stop), /over/);
  });

  it("are called damaged where they cannot be what was written", () => {
    const page = db.prepare("SELECT id, block FROM f1_data WHERE id > 10 ORDER BY id LIMIT 1").get() as {
      id: number;
      block: Uint8Array;
    };
    db.enableDefensive(false);
    const write = db.prepare("UPDATE f1_data SET block = ? WHERE id = ?");
    const damaged = (change: (bytes: Uint8Array) => Uint8Array) => {
      write.run(change(page.block.slice()), page.id);
      assert.throws(() => recordsOf({ first: "", end: undefined }), /database disk image is malformed/);
      write.run(page.block, page.id);
    };
    damaged(() => new Uint8Array(2));
    damaged((bytes) => bytes.subarray(0, 100));
    damaged((bytes) => bytes.fill(0, 4, 200));
    damaged((bytes) => bytes.fill(255, 4, 200));
    assert.equal(recordsOf(withOne("1:bye")).length, transactions * perTransaction);
  });
});

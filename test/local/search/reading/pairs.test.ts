/** Phrases of frequent words, whose pairs are tokens, beside what the texts themselves say. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { tokenize } from "../../../../local/search/documents/tokens";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexReader } from "../../../../local/search/reading/reader";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { numRuns } from "../../../property-runs";
import { arrivalMs, factMapping } from "../small-index";

/** Longer than any value that is listed, and without a word of a phrase in it. */
const tail = ` ${"z".repeat(260)}`;

class Phrases {
  readonly db = new DatabaseSync(":memory:");
  readonly reader: IndexReader;
  private writer: IndexWriter;
  private readonly texts = new Map<number, readonly string[]>();

  constructor() {
    this.db.exec(fileSchema);
    this.writer = new IndexWriter(this.db, [], factMapping);
    this.reader = new IndexReader(this.db);
  }

  /** As another run opens it. */
  reopen(): void {
    this.writer = new IndexWriter(this.db, [], factMapping);
  }

  /** Values of one field of each document, which get the numbers from `first` on. */
  write(first: number, documents: readonly (readonly string[])[]): void {
    const columns = documents.map((texts, at) => ({ seq: first + at, source: JSON.stringify({ m: texts }) }));
    this.writer.write({
      seqs: Float64Array.from(columns, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(columns, () => arrivalMs),
      ids: columns.map(({ seq }) => String(seq)),
      indices: columns.map(() => "one"),
      sources: columns.map(({ source }) => source),
    });
  }

  settle(): void {
    this.writer.settle({ throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
  }

  add(first: number, documents: readonly (readonly string[])[]): void {
    this.write(first, documents);
    this.settle();
    for (const [at, texts] of documents.entries()) this.texts.set(first + at, texts);
  }

  find(query: string): number[] {
    const { hits } = this.reader.search({ query, size: 10_000 });
    return hits.map(({ _id }) => Number(_id)).sort((a, b) => a - b);
  }

  /** Numbers of the documents that have the phrase in one of their texts. */
  holding(phrase: string): number[] {
    const words = tokenize(phrase);
    const holds = (tokens: string[]) =>
      tokens.some((_token, start) => words.every((word, at) => tokens[start + at] === word));
    const found = [...this.texts].filter(([, texts]) => texts.some((text) => holds(tokenize(text))));
    return found.map(([seq]) => seq).sort((a, b) => a - b);
  }

  check(phrase: string): void {
    const query = `m:"${phrase}"`;
    const expected = this.holding(phrase);
    assert.deepEqual(this.find(query), expected, phrase);
    assert.equal(
      this.reader.count({ query: `NOT ${query}` }).count,
      this.texts.size - expected.length,
      phrase,
    );
  }

  /** Whoever reads a document from here on finds no text in it. */
  forgetTexts(): void {
    this.db.exec("UPDATE d1 SET source = '{}'");
  }
}

const times = (count: number, texts: readonly string[]): (readonly string[])[] =>
  Array.from({ length: count }, () => texts);

describe("a phrase of frequent words", () => {
  let phrases: Phrases;

  beforeEach(() => {
    phrases = new Phrases();
    phrases.add(1, times(20, [`Disk full, again${tail}`]));
  });

  it("is found without a look at the documents that came after its words were frequent", () => {
    const some = [["full disk"], ["disk, FULL"], ["disk is full"], ["full", "disk"], ["disk", "full"]];
    phrases.add(
      21,
      some.map((texts) => texts.map((text) => text + tail)),
    );
    phrases.forgetTexts();

    assert.deepEqual(phrases.find('m:"disk full" AND NOT m:again'), [22]);
    assert.deepEqual(phrases.find('m:"full disk"'), [21]);
  });

  it("reads a document only where a word within it comes again", () => {
    phrases.add(21, [
      [`again full disk full again${tail}`],
      [`disk full x full again${tail}`],
      [`disk full again${tail}`],
    ]);
    phrases.check("disk full again");
    phrases.forgetTexts();

    // Of the second only its text could tell.
    assert.deepEqual(
      new IndexReader(phrases.db)
        .search({ query: 'm:"disk full again"', size: 9 })
        .hits.map(({ _id }) => _id),
      ["23"],
    );
  });

  it("is found in a value that is listed, beside one that is not", () => {
    phrases.add(21, [["disk full", `full again${tail}`], [`disk again${tail}`, "again full"], ["full disk"]]);

    phrases.check("disk full");
    phrases.check("disk full again");
    phrases.check("again full");
  });

  it("is found with the words that earlier runs have listed, and in what comes late", () => {
    phrases.reopen();
    phrases.add(100, [[`disk full${tail}`], [`full disk${tail}`]]);
    phrases.add(50, [[`full disk${tail}`], [`disk full${tail}`]]);
    phrases.check("disk full");
    phrases.check("full disk");
    phrases.forgetTexts();

    // Whatever was listed before, those behind it need no look.
    assert.deepEqual(phrases.find('m:"disk full" AND NOT m:again'), [51, 100]);
  });

  it("is found in what came before, though many with smaller numbers have made its words frequent", () => {
    const index = new Phrases();
    index.add(1000, times(10, [`brand new${tail}`]));
    index.add(1, times(600, [`brand new${tail}`]));

    index.check("brand new");
  });

  it("is found the same after a transaction that was undone", () => {
    const trigger = "BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'no room'); END";
    phrases.db.exec(`CREATE TRIGGER no_room ${trigger}`);
    phrases.write(21, times(20, [`brand new words${tail}`]));
    assert.throws(() => phrases.settle(), /no room/);
    phrases.db.exec("DROP TRIGGER no_room");
    phrases.add(21, [...times(2, [`brand new disk full words${tail}`]), [`new brand full disk${tail}`]]);

    for (const phrase of ["brand new", "new brand", "disk full", "new words"]) phrases.check(phrase);
  });

  it("is found in exactly the texts that hold it, whenever its words became frequent", () => {
    const common = ["a", "A", "b", "B", "é", "É", "x_y", "日", "İ", "rare", "7"];
    const word = fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...common.slice(0, 9)) },
      fc.constantFrom(...common),
    );
    const text = fc.array(word, { maxLength: 7 }).map((words) => words.join(" "));
    const texts = fc.array(fc.tuple(text, fc.constantFrom("", tail)), { minLength: 1, maxLength: 2 });
    const batch = fc.array(texts, { minLength: 1, maxLength: 40 });
    const asked = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        batch,
        batch,
        batch,
        fc.array(asked, { minLength: 4, maxLength: 4 }),
        (first, late, then, all) => {
          const index = new Phrases();
          const joined = (documents: typeof first) =>
            documents.map((values) => values.map((value) => value.join("")));
          index.add(1000, joined(first));
          index.add(1, joined(late));
          index.reopen();
          index.add(2000, joined(then));
          for (const phrase of all) index.check(phrase);
        },
      ),
      numRuns(400),
    );
  });
});

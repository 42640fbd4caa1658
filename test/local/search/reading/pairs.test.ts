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
  private throughSeq = 0;
  private readonly texts = new Map<number, readonly string[]>();

  /** @param field of which "message" has no list of values */
  constructor(private readonly field: "m" | "message" = "m") {
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
    const columns = documents.map((texts, at) => ({
      seq: first + at,
      source: JSON.stringify({ [this.field]: texts }),
    }));
    this.writer.write({
      seqs: Float64Array.from(columns, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(columns, () => arrivalMs),
      ids: columns.map(({ seq }) => String(seq)),
      indices: columns.map(() => "one"),
      sources: columns.map(({ source }) => source),
    });
  }

  /** Each further than the one before: the ledger writes nothing of what it has settled already. */
  settle(): void {
    this.throughSeq++;
    this.writer.settle({ throughSeq: this.throughSeq, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
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
    const query = `${this.field}:"${phrase}"`;
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

  it("is found with a word in it that is rare", () => {
    phrases.add(21, [[`rare disk full${tail}`], [`disk full rare${tail}`], [`disk rare full${tail}`]]);

    phrases.check("disk full rare");
    phrases.check("rare disk full");
    phrases.check("disk rare");
  });

  it("is within one value, and in values of any length", () => {
    const index = new Phrases("message");
    index.add(1, times(20, ["disk full"]));
    index.add(21, [["disk", "full"], ["full disk", "full"], [`disk full${"z".repeat(2000)}`]]);
    index.check("disk full");
    phrases.add(21, [[`disk full${tail.repeat(8)}`], ["disk", `full${tail.repeat(8)}`]]);
    phrases.check("disk full");
  });

  it("is found in what came before, though many with smaller numbers have made its words frequent", () => {
    // FTS5 is asked of a few numbers, those of many are read as a set.
    for (const first of [1000, 1_000_000]) {
      const index = new Phrases();
      index.add(first, [...times(10, [`brand new${tail}`]), ["brand", "new"]]);
      index.add(1, times(600, [`brand new${tail}`]));
      index.check("brand new");
      index.add(first + 100, [["brand", `new${tail}`]]);
      index.check("brand new");
    }
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
    const dense = fc.constantFrom("a", "A", "b", "é", "É");
    const other = fc.constantFrom("B", "x_y", "日", "İ", "c", "7");
    const word = fc.oneof({ weight: 4, arbitrary: dense }, other);
    const text = fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(" "));
    const ending = fc.constantFrom("", tail, tail.repeat(4));
    const value = fc.tuple(text, ending).map((parts) => parts.join(""));
    const values = fc.array(value, { minLength: 1, maxLength: 2 });
    const batch = fc.array(values, { minLength: 25, maxLength: 40 });
    const phrase = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join(" "));
    const asked = fc.array(phrase, { minLength: 8, maxLength: 8 });
    const field = fc.constantFrom("m" as const, "message" as const);
    fc.assert(
      fc.property(field, fc.tuple(batch, batch, batch), asked, (field, [first, late, then], phrases) => {
        const index = new Phrases(field);
        index.add(1000, first);
        index.add(1, late);
        index.reopen();
        index.add(2000, then);
        for (const phrase of phrases) index.check(phrase);
      }),
      numRuns(100),
    );
  });
});

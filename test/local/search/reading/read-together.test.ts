/** Tokens that a question asks for several times are gone through once. */
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { RecordSet } from "../../../../local/search/file/record-set";
import type { IndexRow } from "../../../../local/search/file/tables";
import type { TokenIndices } from "../../../../local/search/file/token-indices";
import {
  type TokenRange,
  TokenSegments,
  type TokenTests,
} from "../../../../local/search/file/token-segments";
import { patternMachine } from "../../../../local/search/query/patterns";
import { SetReader } from "../../../../local/search/reading/set-reader";
import {
  anyOf,
  type Expression,
  type TokensLeaf,
  withLeaf,
} from "../../../../local/search/reading/token-expressions";
import { WorkLimit } from "../../../../local/search/reading/work-limit";
import { factTemplate, smallIndex } from "../small-index";

const row = { number: 1, lastSeq: 100 } as IndexRow;

/** A reader of an index in which all that is asked for has one record: 1 for the first that asks for it, and so on. */
function readerOf() {
  const walks: (readonly TokenRange[])[] = [];
  const addRecords = (ranges: readonly TokenRange[], ofAll: RecordSet) => {
    walks.push(ranges);
    for (const { into = [ofAll] } of ranges) for (const [at, set] of into.entries()) set.add(at + 1);
  };
  const tokens = { of: () => ({ addRecords }) } as unknown as TokenIndices;
  return { reader: new SetReader({} as DatabaseSync, row, new WorkLimit(), tokens), walks };
}

const asking = (pattern: string, more: Partial<TokensLeaf> = {}): Expression =>
  withLeaf({ kind: "tokens", first: "1:", end: "1;", skipped: 2, machine: patternMachine(pattern), ...more })
    .expression as Expression;
const recordsOf = (set: RecordSet) => [...set.ascending()];

const moreThanListed = 300;
/** No field but those that come. */
const mapping = mappingOf({
  settings: {},
  mappings: { dynamic_templates: factTemplate.mappings.dynamic_templates },
});
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe("tokens that are asked for several times", () => {
  it("are gone through once, whoever is the first to need them", () => {
    const { reader, walks } = readerOf();
    const [words, ofValues, others] = [asking("*a*"), asking("*A*"), asking("*a*", { first: "2:" })];
    const all = anyOf([words, others].map((expression) => ({ expression, complement: false })));
    reader.expect([all.expression, ofValues]);

    const sets = [all.expression, ofValues, words].map((one) => recordsOf(reader.read(one)));

    assert.deepEqual(sets, [[1], [2], [1]]);
    assert.deepEqual(
      walks.map((ranges) => ranges.map(({ first }) => first)),
      [["1:", "2:"]],
    );
  });

  it("are gone through for none that may never be needed", () => {
    const { reader, walks } = readerOf();
    const words = asking("*a*");
    reader.expect([words, asking("*b*", { narrows: true }), undefined]);
    assert.deepEqual(recordsOf(reader.read(words)), [1]);
    assert.deepEqual(
      walks.map(([range]) => range?.into),
      [undefined],
    );
  });

  it("are shown once to all tests of them, none of which a machine is among", () => {
    const { reader, walks } = readerOf();
    const testing = (letter: string): Expression => {
      const test = (bytes: Buffer, begin: number, end: number) => bytes.toString("utf8", begin, end) > letter;
      return withLeaf({ kind: "tokens", first: "1:", end: "1;", skipped: 2, test }).expression as Expression;
    };
    const [above, further, word] = [testing("b"), testing("d"), asking("*a*")];
    reader.expect([above, further, word]);

    const sets = [further, above, word].map((one) => recordsOf(reader.read(one)));

    assert.deepEqual(sets, [[2], [1], [1]]);
    assert.equal(walks.length, 2);
    const test = walks[0]?.[0]?.test as TokenTests;
    assert.deepEqual(
      ["a", "c", "e"].map((token) => test(Buffer.from(`1:${token}`), 2, 3)),
      [0, 1, 3],
    );
  });

  it("are read each time anew where nobody said what is to be read", () => {
    const { reader, walks } = readerOf();
    const words = asking("*a*");
    for (let time = 0; time < 2; time++) assert.deepEqual(recordsOf(reader.read(words)), [1]);
    assert.equal(walks.length, 2);
  });

  it("are gone through once for what a pattern asks of a text and of its whole values", () => {
    const value = (at: number) => `${at % 2 === 0 ? "Dead" : "dead"} id${at}`;
    const index = smallIndex(
      Array.from({ length: moreThanListed }, (_, at) => ({ k: value(at) })),
      mapping,
    );
    const patterns = ["*29?*", "/.*de[a-z]d.*id29[0-9]/"];
    const { addRecords } = TokenSegments.prototype;
    const walks: number[] = [];
    TokenSegments.prototype.addRecords = function (ranges, ...others) {
      walks.push(ranges.filter(({ machine }) => machine !== undefined).length);
      addRecords.call(this, ranges, ...others);
    };
    try {
      assert.deepEqual(
        patterns.map((pattern) => index.find(pattern)),
        [range(290, 300), range(290, 300).filter((at) => at % 2 === 1)],
      );
    } finally {
      TokenSegments.prototype.addRecords = addRecords;
      index.db.close();
    }
    assert.equal(
      walks.reduce((sum, machines) => sum + machines, 0),
      patterns.length,
    );
  });
});

/** What can be told of a text without a look at each of its characters is never wrong about one that passes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize } from "../../../../local/search/documents/tokens";
import type { TokenTest } from "../../../../local/search/file/token-segments";
import { hintsOf } from "../../../../local/search/query/patterns";
import { literalsOf, regularExpression } from "../../../../local/search/query/regular-expression";
import { doubleWithin, longWithin, piecesWith } from "../../../../local/search/reading/token-tests";
import { smallIndex } from "../small-index";

const passes = (test: TokenTest, text: string): boolean => {
  const bytes = Buffer.from(`12:${text}`);
  return test(bytes, 3, bytes.length);
};

const piece = fc.constantFrom(
  ..."a Z 9 b331 _ . ' : - é ß İ \u212a \u0301 \u200d 1\ufe0f\u20e3 日 ア คำ צ\"ל 😀 , / = 👨‍👩‍👧".split(" "),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

describe("tests of tokens", () => {
  it("find each run of letters and digits of a text in one of its tokens, whatever stands around it", () => {
    fc.assert(
      fc.property(text, (value) => {
        const tokens = tokenize(value);
        for (const [run] of value.matchAll(/[A-Za-z0-9]+/g)) {
          const { machine } = piecesWith(run.toLowerCase());
          assert.ok(
            tokens.some((token) => machine.fits(token)),
            `${JSON.stringify(value)}: ${run}`,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it("find a run across the cut of a token that is too long", () => {
    const value = `${"x".repeat(250)}needle${"x".repeat(50)}`;
    const { machine, passingBytes } = piecesWith("needle");
    assert.ok(tokenize(value).some((token) => machine.fits(token) || token.length >= passingBytes));
  });

  it("read the letters that a regular expression asks of all that fits, and none where they may be missing", () => {
    assert.equal(hintsOf(literalsOf(".*dead.*beef9?")).contains, undefined);
    assert.equal(hintsOf(literalsOf(".*de.?AD-beef.+")).contains, "beef");
    for (const open of ["a*", "dead?", "(dead)?", "de|ad", "d{0}", "[dead]", "\\d", "~dead", "dead+"])
      assert.deepEqual(literalsOf(open), [], open);
    for (const expression of [".*ab.*", "a.b", "a.*.b", "ab.?.+c"]) {
      const { contains = "" } = hintsOf(literalsOf(expression));
      const machine = regularExpression(expression);
      for (const value of ["ab", "xabx", "a.b", "axxb", "a b c", "abxxc"])
        if (machine.fits(value)) assert.ok(value.includes(contains), `${expression} ${value}`);
    }
  });

  it("compare numbers as their type does, up to all 64 bits, fractions and -0", () => {
    const big = 9007199254740993n;
    assert.equal(passes(longWithin(big, big), "9007199254740993"), true);
    assert.equal(passes(longWithin(big, big), "9007199254740992"), false);
    assert.equal(passes(longWithin(-5n, -(-(2n ** 63n))), "-5"), true);
    assert.equal(passes(longWithin(-4n, 2n ** 63n - 1n), "-5"), false);
    assert.equal(passes(longWithin(-(2n ** 63n), -1n), "-999999999999999"), true);
    assert.equal(passes(doubleWithin(0, 1), "-0"), false);
    assert.equal(passes(doubleWithin(-0, 1), "-0"), true);
    assert.equal(passes(doubleWithin(1e21, 1e22), "1e+21"), true);
    assert.equal(passes(doubleWithin(0.25, 0.5), "0.375"), true);
    assert.equal(passes(doubleWithin(0.25, 0.5), "5"), false);
  });

  it("answer patterns, expressions and mistyped words on whole values that are too many to be listed", () => {
    const values = Array.from({ length: 1100 }, (_, at) => ({
      k: `value-${at}-${at % 2 === 0 ? "Dead" : "beef"}`,
    }));
    const index = smallIndex([...values, { k: "short" }, { k: `${"y".repeat(251)}Dead7${"y".repeat(20)}` }]);
    const found = (query: string) => index.find(query);
    assert.equal(found("k.keyword:*Dead*").length, 551);
    assert.deepEqual(found("k.keyword:*dead*"), []);
    assert.deepEqual(found("k.keyword:*ead7*"), [1101]);
    assert.deepEqual(found("k.keyword:*-1098-D*"), [1098]);
    assert.deepEqual(found("k.keyword:value-77-*"), [77]);
    assert.deepEqual(found("k.keyword:/value-7.-beef/"), [71, 73, 75, 77, 79]);
    assert.deepEqual(found("k.keyword:shirt~"), [1100]);
    assert.deepEqual(found("k.keyword:hi~"), []);
    assert.deepEqual(found('k.keyword:""'), []);
    assert.equal(index.reader.count({ query: "k.keyword:**" }).count, 1102);
    assert.equal(index.reader.count({ query: "k.keyword:[* TO *]" }).count, 1102);
    assert.deepEqual(found("k.keyword:value\\-5\\-beeff~1"), [5]);
    assert.deepEqual(found("*ead7*"), [1101]);
  });
});

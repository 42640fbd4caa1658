/** What can be told of a text without a look at each of its characters is never wrong about one that passes. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize } from "../../../../local/search/documents/tokens";
import type { TokenTest } from "../../../../local/search/file/token-segments";
import { type Pattern, patternParts } from "../../../../local/search/query/pattern-parts";
import { hintsOf, machineOf, patternMachine } from "../../../../local/search/query/patterns";
import { coarsePatterns, regularExpression } from "../../../../local/search/query/regular-expression";
import { doubleWithin, longWithin, tokensOfWords } from "../../../../local/search/reading/token-tests";
import { smallIndex } from "../small-index";

const passes = (test: TokenTest, text: string): boolean => {
  const bytes = Buffer.from(`12:${text}`);
  return test(bytes, 3, bytes.length);
};

const piece = fc.constantFrom(
  ..."a Z 9 b331 _ . ' : - é ß İ \u212a \u0301 \u200d 1\ufe0f\u20e3 日 ア คำ צ\"ל 😀 , / = 👨‍👩‍👧".split(" "),
);
const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

/** Of a value, patterns that it fits: some of its characters may be any, some stretches are left to a star. */
const valueAndPattern = text.chain((value) =>
  fc
    .array(fc.constantFrom("as it is", "as it is", "one", "many"), { minLength: 40, maxLength: 40 })
    .map((how) => {
      const parts = [...value].map((char, at): Pattern[number] => {
        const way = how[at % how.length];
        return way === "one" || way === "many" ? way : { char };
      });
      return { value, pattern: parts.filter((part, at) => part !== "many" || parts[at - 1] !== "many") };
    }),
);

const hasWords = (value: string, patterns: readonly Pattern[]): boolean => {
  const { words = [] } = hintsOf(patterns);
  return words.every((one) => {
    const { machine, passingBytes } = tokensOfWords(one);
    return tokenize(value).some((token) => Buffer.byteLength(token) >= passingBytes || machine.fits(token));
  });
};

describe("tests of tokens", () => {
  it("find a word of each value that fits a pattern, whatever cuts its words", () => {
    let told = 0;
    fc.assert(
      fc.property(valueAndPattern, ({ value, pattern }) => {
        assert.ok(machineOf([pattern]).fits(value));
        told += Number((hintsOf([pattern]).words ?? []).length);
        assert.ok(hasWords(value, [pattern]), JSON.stringify({ value, pattern }));
      }),
      { numRuns: 500 },
    );
    assert.ok(told > 200);
  });

  it("find a word that ends behind a character that is no letter of ASCII, and in front of one that is", () => {
    for (const pattern of ["Ka_アb331", "Ka_ア*", "*_アb33?", "*a_?b331", "K?_アb*"])
      assert.ok(hasWords("Ka_アb331", [patternParts(pattern)]), pattern);
  });

  it("find a run across the cut of a token that is too long", () => {
    const value = `${"x".repeat(250)}needle${"x".repeat(50)}`;
    for (const pattern of ["*needle*", "x*needle*", "*edlexx*"])
      assert.ok(hasWords(value, [patternParts(pattern)]), pattern);
  });

  it("ask no word that a pattern does not tell, and of several ways the one that leaves the fewest", () => {
    const words = (pattern: string) => hintsOf([patternParts(pattern)]).words ?? [];
    for (const open of ["*", "??", "*-?", "é*", "- *"]) assert.deepEqual(words(open), [], open);
    const those = (pattern: string, ...tokens: string[]) =>
      tokens.filter((token) => words(pattern)[0]?.fits(token));
    const tokens = ["b331", "xb331y", "bx31y", "31y", "x31", "31", "deadbeef", "dead", "b"];
    assert.deepEqual(those("*B331*", ...tokens), ["b331", "xb331y"]);
    assert.deepEqual(those("*b331", ...tokens), ["b331"]);
    assert.deepEqual(those("*b?31*", ...tokens), ["b331", "xb331y", "bx31y", "31y", "31"]);
    assert.deepEqual(those("b*31", ...tokens), ["b331", "x31", "31"]);
    assert.deepEqual(those("?eadbeef", ...tokens), ["deadbeef"]);
    assert.deepEqual(those("*dead*b*", ...tokens), ["deadbeef", "dead"]);
    assert.deepEqual(those("* x31/*", ...tokens), ["x31"]);
    assert.deepEqual(those("*a.bcd*", "a.bcd", "bcd"), ["a.bcd", "bcd"]);
    const [, second] = words("b*31");
    assert.deepEqual(
      tokens.filter((token) => second?.fits(token)),
      ["b331", "bx31y", "b"],
    );
    assert.deepEqual([words("*b331*").length, words("a*bb*ccc").length], [1, 2]);
  });

  it("read the words that a regular expression asks of all that fits, and none where they may be missing", () => {
    const words = (expression: string) => hintsOf(coarsePatterns(expression)).words ?? [];
    for (const open of [
      "a*",
      "(dead)?",
      "de|a*",
      "d{0}",
      "[dead]",
      "\\d",
      ".",
      "",
      "#",
      "@",
      "a|b|c|d|e|f|g|h|i",
    ])
      assert.deepEqual(words(open), [], open);
    const those = (expression: string) =>
      ["dead", "xdeady", "deadbeef", "beef", "b331", "x"].filter((token) =>
        words(expression)[0]?.fits(token),
      );
    assert.deepEqual(those("[0-9a-f]*b331.*"), ["b331"]);
    assert.deepEqual(those(".*(dead|b331).*"), ["dead", "xdeady", "deadbeef", "b331"]);
    assert.deepEqual(those('.*"DEAD"[a-z]+'), ["dead", "xdeady", "deadbeef"]);
    assert.deepEqual(those("(GET|POST) .*be{2}f"), ["deadbeef", "beef"]);
    assert.deepEqual(those("dead?"), ["dead", "deadbeef"]);
  });

  it("are never wrong about a value that fits a regular expression", () => {
    const atom = fc.constantFrom(...'b 3 . [b3] (b|31) (b3)? 3+ b* - \\d é "3b" 1{2} _'.split(" "));
    const expression = fc.array(atom, { maxLength: 6 }).map((atoms) => atoms.join(""));
    const near = fc.array(fc.constantFrom(..."b 3 1 - é _ . 31".split(" ")), { maxLength: 7 });
    let fitting = 0;
    fc.assert(
      fc.property(expression, near, (one, pieces) => {
        const value = pieces.join("");
        if (!regularExpression(one).fits(value)) return;
        fitting++;
        const { runs = [], leastCharacters = 0, mostUnits = 0 } = hintsOf(coarsePatterns(one));
        assert.ok(hasWords(value, coarsePatterns(one)), `${one} ${value}`);
        assert.ok([...value].length >= leastCharacters && value.length <= mostUnits, `${one} ${value}`);
        const inOrder = runs.some((list) => patternMachine(`*${list.join("*")}*`).fits(value));
        assert.ok(inOrder, `${one} ${value} ${JSON.stringify(runs)}`);
      }),
      { numRuns: 1500 },
    );
    assert.ok(fitting > 30, `${fitting}`);
  });

  it("take a regular expression of thousands of characters for what it begins with", () => {
    const [pattern = [], ...others] = coarsePatterns("ab{2000}");
    assert.deepEqual([pattern.at(-1), others.length], ["many", 0]);
    assert.ok(pattern.length < 100);
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

/** Phrases, which the text of the documents is looked at for. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { tokenize } from "../../../../local/search/documents/tokens";
import { numRuns } from "../../../property-runs";
import { smallIndex } from "../small-index";

describe("a phrase", () => {
  it("is found however its letters are written", () => {
    const { find } = smallIndex([
      '{"m":"\\u0068ello wor\\u006cd"}',
      '{"m":"HELLO World"}',
      '{"m":"hello\\tworld"}',
      '{"m":"\u0130zmir 5\u212a high"}',
      '{"m":"hello there, world"}',
      '{"hello world":"other"}',
      '{"m":"ÉTÉ long"}',
    ]);

    assert.deepEqual(find('"hello world"'), [0, 1, 2]);
    assert.deepEqual(find('m:"izmir 5"'), []);
    assert.deepEqual(find('"izmir 5k high"'), [3]);
    assert.deepEqual(find('m:"there world"'), [4]);
    assert.deepEqual(find('"été long"'), [6]);
  });

  it("may hold signs that stand for any in SQL, and more words than SQL looks for", () => {
    const words = "one two three four five six seven eight nine ten";
    const { find } = smallIndex([
      { m: "50% of snake_case" },
      { m: "50x of snakexcase" },
      { m: words },
      { m: words.replace("ten", "eleven") },
    ]);

    assert.deepEqual(find('"50% of snake_case"'), [0]);
    assert.deepEqual(find(`"${words}"`), [2]);
  });

  it("is within one value, in order and without a gap, also with words that come twice", () => {
    const { find } = smallIndex([
      { m: ["a b", "c d"] },
      { m: "a a b c" },
      { m: "b a", other: "b c" },
      { o: { p: "x b c" } },
    ]);

    assert.deepEqual(find('"b c"'), [1, 2, 3]);
    assert.deepEqual(find('m:"a a b"'), [1]);
    assert.deepEqual(find('m:"a b"'), [0, 1]);
    assert.deepEqual(find('m:"b a" AND "b c"'), [2]);
    assert.deepEqual(find('NOT "b c"'), [0]);
  });

  it("in a value that is listed is found without a look at the documents", () => {
    const { reader, db } = smallIndex([
      { m: "Checkout, failed" },
      { m: "failed checkout" },
      { m: ["a checkout", "failed twice"] },
      { m: "the checkout failed" },
    ]);
    const count = (query: string) => reader.count({ query }).count;
    assert.equal(count('m:"failed twice"'), 1);
    // Whatever is read of documents from here on is no match.
    db.exec("UPDATE d1 SET source = '{}'");

    assert.equal(count('m:"checkout failed"'), 2);
    assert.equal(count('NOT m:"checkout failed"'), 2);
    assert.equal(count('m:"failed the checkout"~3'), 1);
  });

  it("is found in exactly the texts whose tokens hold it as a run", () => {
    const piece = fc.constantFrom(
      "a",
      "A",
      "b",
      "_b",
      "c.d",
      "k",
      "\u212a",
      "é",
      "İ",
      "日",
      '"',
      "\\",
      "%",
      "1",
    );
    const text = fc.array(fc.tuple(piece, fc.constantFrom(" ", "", ", ", "\n")), { maxLength: 8 });
    const joined = text.map((pieces) => pieces.flat().join(""));
    fc.assert(
      fc.property(fc.array(joined, { minLength: 1, maxLength: 8 }), joined, (texts, asked) => {
        const phrase = tokenize(asked);
        fc.pre(phrase.length > 1);
        const { find } = smallIndex(texts.map((m) => ({ m })));
        const holds = (tokens: string[]) =>
          tokens.some((_token, start) => phrase.every((word, at) => tokens[start + at] === word));
        const expected = texts.flatMap((m, place) => (holds(tokenize(m)) ? [place] : []));

        assert.deepEqual(find(`m:"${asked.replace(/["\\]/g, "\\$&")}"`), expected);
      }),
      numRuns(300),
    );
  });
});

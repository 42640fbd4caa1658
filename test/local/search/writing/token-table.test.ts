import assert from "node:assert/strict";
import { DocumentTokens } from "../../../../local/search/documents/document-tokens";
import { tokenize } from "../../../../local/search/documents/tokens";
import { sortTerms } from "../../../../local/search/writing/term-order";
import { askedToken, TokenTable } from "../../../../local/search/writing/token-table";

function sorted(texts: readonly string[]): Buffer[] {
  const buffers = texts.map((text) => Buffer.from(text));
  const starts = new Int32Array(texts.length + 1);
  for (const [at, { length }] of buffers.entries()) starts[at + 1] = (starts[at] as number) + length;
  const order = sortTerms(Buffer.concat(buffers), starts, texts.length);
  return [...order].map((text) => buffers[text] as Buffer);
}

const hashed = (at: number): string => ((at * 2_654_435_761) % 2 ** 32).toString(16);

describe("the order of terms", () => {
  for (const [of, texts] of [
    ["none", []],
    ["a few", ["b", "a", "ab", "é", "", "abcdefgh", "abcdefg"]],
    ["some hundred", Array.from({ length: 500 }, (_, at) => `1:${hashed(at)}`)],
    ["many", Array.from({ length: 2500 }, (_, at) => `1:${hashed(at)}`)],
    ["many that begin alike, some within others", Array.from({ length: 2500 }, (_, at) => `1:request-${at}`)],
    [
      "many that have all but two of their first bytes in common",
      Array.from({ length: 2500 }, (_, at) => `1:${10 + (at % 50)}zz${9000 - at}`),
    ],
    ["many that end within their first bytes", Array.from({ length: 2100 }, (_, at) => at.toString(36))],
    [
      "many beyond ASCII",
      Array.from({ length: 2100 }, (_, at) => String.fromCodePoint(0x4e00 + at) + hashed(at)),
    ],
  ] as const)
    it(`is that of their bytes, for ${of}`, () => {
      const expected = [...texts].map((text) => Buffer.from(text)).sort(Buffer.compare);
      assert.deepEqual(sorted(texts), expected);
    });
});

describe("the tokens of a document", () => {
  const texts = [
    "Bye World! 3,141.5 it's x_y __ a:b 1;2",
    `${"A".repeat(600)}.b`,
    "Straße ÄÖ İ ς 漢字 👍🏽 \ud800 x",
    "",
    "ab".repeat(3000).replace(/(.{7})/g, "$1 "),
  ];

  it("are the bytes of those that a query asks for, whatever came before", () => {
    const tokens = new DocumentTokens();
    for (const text of texts) {
      tokens.clear();
      tokens.addWords("1:", text);
      const found = Array.from({ length: tokens.count }, (_, at) =>
        tokens.bytes.toString("utf8", at === 0 ? 0 : tokens.ends[at - 1], tokens.ends[at]),
      );
      assert.deepEqual(
        found,
        tokenize(text).map((word) => Buffer.from(`1:${word}`).toString()),
      );
    }
  });

  it("are known of the last one alone, also when many others have come in between", () => {
    const table = new TokenTable();
    const tokens = new DocumentTokens();
    const asked = askedToken("1:bye");
    for (let seq = 1; seq <= 1500; seq++) {
      tokens.clear();
      tokens.addWords(
        "1:",
        `${seq % 3 === 0 ? "bye" : "by"} ${hashed(seq)} ${hashed(-seq)} ${hashed(seq * 7)}`,
      );
      table.add(seq, tokens);
      assert.equal(table.lastHas(asked), seq % 3 === 0);
    }
    table.clear();
    assert.equal(table.lastHas(asked), false);
  });

  it("are as many as there are, again and again", () => {
    const table = new TokenTable();
    const tokens = new DocumentTokens();
    tokens.addWords("1:", Array.from({ length: 9000 }, (_, at) => hashed(at)).join(" "));
    for (let time = 1; time <= 2; time++) {
      table.add(time, tokens);
      const { count, recordEnds, seqs } = table.written();
      assert.deepEqual([count, recordEnds.at(-1), seqs[0]], [9000, 9000, time]);
      table.clear();
      assert.equal(table.isEmpty, true);
    }
  });

  it("fill a table when they are large", () => {
    const table = new TokenTable();
    const tokens = new DocumentTokens();
    tokens.add("1:", "x".repeat(8 * 1024 * 1024));
    assert.equal(table.isFull, false);
    table.add(1, tokens);
    assert.equal(table.isFull, true);
  });
});

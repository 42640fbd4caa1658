import assert from "node:assert/strict";
import { hashOf } from "../../../../local/search/documents/byte-hash";
import { ByteTable } from "../../../../local/search/documents/byte-table";
import { DocumentTokens } from "../../../../local/search/documents/document-tokens";
import { ValueList } from "../../../../local/search/documents/value-list";

describe("a table of bytes", () => {
  const texts = Array.from({ length: 3000 }, (_, at) => Buffer.from(`${at * 7919}`));
  const take = (table: ByteTable, bytes: Buffer, hash = hashOf(bytes, 0, bytes.length)) =>
    table.take(bytes, 0, bytes.length, hash);
  const numberOf = (table: ByteTable, bytes: Buffer, hash = hashOf(bytes, 0, bytes.length)) =>
    table.numberOf(bytes, 0, bytes.length, hash);

  it("numbers each in the order in which it came, again and again", () => {
    const table = new ByteTable();
    for (let time = 1; time <= 2; time++) {
      assert.deepEqual(
        [...texts, ...texts].map((text) => take(table, text)),
        [...texts.keys(), ...texts.keys()],
      );
      assert.equal(numberOf(table, Buffer.from("none")), -1);
      const [start, end] = [table.starts[1234], table.starts[1235]];
      assert.deepEqual(table.bytes.subarray(start, end), texts[1234]);
      table.clear();
      assert.equal(numberOf(table, texts[0]!), -1);
    }
  });

  it("tells apart what has the same hash", () => {
    const table = new ByteTable();
    for (const text of texts.slice(0, 50)) take(table, text, -7);
    assert.deepEqual(
      texts.slice(0, 51).map((text) => numberOf(table, text, -7)),
      [...Array(50).keys(), -1],
    );
  });
});

describe("the hash that is made of a token as it is copied", () => {
  it("is that of its bytes", () => {
    const tokens = new DocumentTokens();
    tokens.addWords("1:", "Bye WORLD \u00c4rger \ud83d\udc4d");
    tokens.addWords("1:", "GET /Items");
    tokens.add("2=", "12");
    tokens.add("2:", "caf\u00e9");
    tokens.addBytes("3:", Buffer.from("404"), 0, 3);
    for (let at = 0; at < tokens.count; at++)
      assert.equal(tokens.hashes[at], hashOf(tokens.bytes, tokens.ends[at - 1] ?? 0, tokens.ends[at]!));
    assert.equal(tokens.count, 9);
  });
});

describe("a list of values", () => {
  it("gives the bytes of a value the number of its text, whatever was listed before", () => {
    // Half characters have the same bytes, and are two values.
    const values = [
      "one",
      "\ud800",
      "\ud801",
      "caf\u00e9",
      "two",
      "",
      "x".repeat(256),
      "x".repeat(257),
      "three",
    ];
    const inAll = { listed: 0 };
    const list = new ValueList();
    const asked = (text: string) => list.numberOfBytes(Buffer.from(` ${text} `), 1, 1 + text.length, inAll);
    assert.equal(asked("zero"), 0);
    const numbers = values.map((value) => list.numberOf(value, inAll));
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, undefined, 8]);
    assert.deepEqual(["one", "two", "", "x".repeat(256), "x".repeat(257), "three"].map(asked), [
      1,
      5,
      6,
      7,
      undefined,
      8,
    ]);
    assert.equal(asked("four"), 9);
    assert.equal(ValueList.restore(list.store()).numberOfBytes(Buffer.from("three"), 0, 5, inAll), 8);
  });

  it("lists as many by their bytes as by their texts", () => {
    const [byText, byBytes] = [new ValueList(), new ValueList()];
    for (let at = 0; at < 3000; at++) {
      const value = `v${at % 3 === 0 ? at : at % 100}`;
      assert.equal(
        byBytes.numberOfBytes(Buffer.from(value), 0, value.length, { listed: 0 }),
        byText.numberOf(value, { listed: 0 }),
      );
    }
    assert.deepEqual(byBytes.store(), byText.store());
  });
});

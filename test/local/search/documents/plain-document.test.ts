/** Which documents are read from their bytes; that both ways come to the same is shown by `writing/packed-documents`. */
import assert from "node:assert/strict";
import { FieldMap } from "../../../../local/search/documents/fields";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { PlainDocument } from "../../../../local/search/documents/plain-document";

const fields = FieldMap.of(
  mappingOf({
    settings: {},
    mappings: {
      properties: {
        a: { type: "text" },
        b: { type: "keyword" },
        n: { type: "double" },
        "7": { type: "text" },
        _size: { type: "long" },
        // What the bytes of "é" are, one by one.
        "\u00c3\u00a9": { type: "text" },
        o: { properties: { n: { type: "long" } } },
      },
    },
  }),
);

/** Paths and values as they were found, or false; the document stands between others. */
function read(text: string): unknown[] | false {
  const plain = new PlainDocument(fields);
  const before = Buffer.from('{"a":"one before"}');
  const bytes = Buffer.concat([before, Buffer.from(text), Buffer.from(',"b":"1"}"}')]);
  if (!plain.read(bytes, before.length, bytes.length - 11)) return false;
  return Array.from({ length: plain.count }, (_, at) => [plain.fields[at]!.path, plain.scalar(at)]);
}

describe("a plain document", () => {
  it("tells each value with its field", () => {
    const text = '{ "a": "one", "n" : [1, -0.25,12 ,0.000001], "o":{"n":7},"b":["x\\"\\u0041é", null, true]}';
    assert.deepEqual(read(text), [
      ["a", "one"],
      ["n", 1],
      ["n", -0.25],
      ["n", 12],
      ["n", 0.000001],
      ["o.n", 7],
      ["b", 'x"Aé'],
      ["b", true],
    ]);
    assert.deepEqual(read("{}"), []);
    assert.deepEqual(read('{"o":[{},{"n":1},{"n":2}]}'), [
      ["o.n", 1],
      ["o.n", 2],
    ]);
  });

  for (const [what, texts] of Object.entries({
    "with a field that is not known, or whose name says more": [
      '{"c":1}',
      '{"o.n":1}',
      '{"7":"x"}',
      '{"_size":1}',
      '{"\\u0061":1}',
      '{"é":1}',
      '{"o":{"c":1}}',
    ],
    "with numbers that JavaScript writes otherwise": [
      ...["1.0", "1.10", "-0", "1e3", "1234567890123456", "0.0000001", "123456789.1234567"].map(
        (n) => `{"n":${n}}`,
      ),
    ],
    "with a key twice in one object": ['{"a":1,"a":2}', '{"o":{"n":1,"n":2}}'],
    "with arrays in arrays, or values where an object is": [
      '{"a":[[1]]}',
      '{"o":[{"n":[1]}]}',
      '{"o":1}',
      '{"a":{}}',
    ],
    "that is no JSON, or ends within": [
      ...[
        "",
        "[]",
        "{",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1}}',
        '{"a":1}{}',
        '{"a":1,}',
        '{"a" 1}',
        '{"a":"x}',
        "{'a':1}",
      ],
      ...["007", "1.", ".5", "-", "nul", "truth", "[1", "[1,]", "[,]", '"tab\t"', '"\\x"', '"\\u12zz"'].map(
        (v) => `{"a":${v}}`,
      ),
    ],
  }))
    it(`is none ${what}`, () => {
      for (const text of texts) assert.equal(read(text), false, text);
    });
});

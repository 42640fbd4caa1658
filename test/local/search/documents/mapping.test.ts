/** Fields as the program's index template declares them; each answer was seen on a real OpenSearch 2.19. */
import assert from "node:assert/strict";
import { mappingsOf } from "../../../../infra/domain/mappings";
import { FieldMap, type StoredFields } from "../../../../local/search/documents/fields";
import { mappingOf } from "../../../../local/search/documents/mapping";
import type { ValueList } from "../../../../local/search/documents/value-list";
import { type SmallIndex, smallIndex } from "../small-index";

const mappings = mappingsOf({
  "source.ip": "ip",
  status: "long",
  took: "double",
  when: "date",
  flag: "boolean",
  tag: "keyword",
}) as Record<string, unknown>;
const mapping = mappingOf({ settings: {}, mappings });

const typed = (documents: readonly unknown[]): SmallIndex => smallIndex(documents, mapping);
const refused = (index: SmallIndex): number[] => index.refusals.map(({ position }) => position);

function holds(index: SmallIndex, answers: Readonly<Record<string, readonly number[]>>): void {
  for (const [query, places] of Object.entries(answers)) assert.deepEqual(index.find(query), places, query);
}

describe("fields of a template", () => {
  it("find addresses by network and range, and by no pattern [C27]", () => {
    const index = typed(
      ["10.1.2.3", "10.200.0.9", "2001:db8::7", "::ffff:10.1.2.4", "::", "fe80::1%eth0"].map((ip) => ({
        source: { ip },
      })),
    );
    holds(index, {
      "source.ip:10.0.0.0\\/8": [0, 1, 3],
      'source.ip:"10.0.0.0/8"': [0, 1, 3],
      '"10.1.2.3/8"': [0, 1, 3],
      "source.ip:[10.1.2.0 TO 10.1.2.20]": [0, 3],
      "source.ip:{10.1.2.3 TO *]": [1, 2, 3, 5],
      "source.ip:<10.2.0.0": [0, 3, 4],
      'source.ip:"2001:db8::/32"': [2],
      'source.ip:"2001:0db8:0:0:0:0:0:7"': [2],
      'source.ip:"::/0"': [0, 1, 2, 3, 4, 5],
      'source.ip:"0.0.0.0/0"': [0, 1, 3],
      "source.ip:10.*": [],
      "source.ip:/10.*/": [],
      'source.ip:"10.0.0.0/33"': [],
      'source.ip:"::ffff:10.0.0.0/104"': [],
    });
  });

  it("leave out a value that is none of the type, and list the field in _ignored", () => {
    const index = typed([
      { status: "unknown", took: "fast", when: "yesterday", source: { ip: "10.1.2" } },
      { status: [1, "x"], took: true, source: { ip: 5 } },
      { status: "5.0", took: " 1 ", when: 0, tag: 5 },
    ]);
    assert.deepEqual(refused(index), []);
    holds(index, {
      "_ignored:status": [0, 1],
      "_ignored:when": [0],
      "_ignored:s*": [0, 1],
      "_exists_:_ignored": [0, 1],
      "\\*:status": [],
      "status:1": [1],
      "status:5": [2],
      "took:1": [2],
      "tag:5": [2],
      "_exists_:source.ip": [],
    });
    const [, second, first] = index.reader.search({ query: "" }).hits;
    assert.deepEqual(first?.ignored, ["source.ip", "status", "took", "when"]);
    assert.deepEqual(second?.ignored, ["source.ip", "status", "took"]);
  });

  it("refuse an object in a value's place, and an impossible @timestamp", () => {
    const index = typed([
      { status: { a: 1 } },
      { flag: 1 },
      { tag: {} },
      { "@timestamp": "soon" },
      { flag: "" },
    ]);
    assert.deepEqual(refused(index), [0, 1, 2, 3]);
    assert.deepEqual(index.find("flag:false"), [4]);
  });

  it("keep a keyword whole, and leave out one that is too long", () => {
    const index = typed([{ tag: "a b" }, { tag: "A B" }, { tag: "x".repeat(1025) }, { tag: "" }]);
    holds(index, {
      "tag:a": [],
      'tag:"a b"': [0],
      "tag:(a b)": [0],
      "tag:A*": [1],
      'tag:""': [3],
      "_exists_:tag": [0, 1, 3],
    });
  });
});

describe("fields without a type", () => {
  it("become doubles by their first number, so that a half is found after a whole [C14]", () => {
    const index = typed([{ n: 0 }, { n: 0.5 }, '{"n":18446744073709551615}', '{"n":1e400}', { n: "many" }]);
    assert.deepEqual(refused(index), []);
    holds(index, { "n:0.5": [1], "n:18446744073709551615": [2], "_ignored:n": [3, 4] });
  });

  it("refuse two types of a new field within one document, and take them once there is a type [C14]", () => {
    const index = typed(['{"x":[1,"two"]}', '{"x":"two"}', '{"x":[1,"two",true]}', '{"y":[1,0.5]}']);
    assert.deepEqual(refused(index), [0]);
    assert.deepEqual(index.find("x:1"), [2]);
  });

  it("quarrel about shape as they do on a real node: what is text is no object [C13]", () => {
    const index = typed([{ app: "web" }, { "app.name": "db" }, { app: { name: "db" } }]);
    assert.deepEqual(refused(index), [1, 2]);
  });

  it("find the words of a field that began as a number, in its copy as text [C14]", () => {
    const index = typed([
      { x: 5 },
      { x: "five days" },
      { x: ["6", 7.5] },
      '{"x":1e3}',
      { x: "" },
      { y: "five" },
    ]);
    holds(index, {
      five: [1, 5],
      "x:five": [],
      "x.text:five": [1],
      'x.text:"five days"': [1],
      "x.text:fi*": [1],
      "x.text:5": [0],
      "x.text:6": [2],
      "x:1000": [3],
      "x.text:1e3": [3],
      "x.text:1000": [],
      "x.text:[5 TO 6]": [0, 2],
      "_exists_:x": [0, 2, 3],
      "_exists_:x.text": [0, 1, 2, 3, 4],
      "_ignored:x": [1],
      "NOT x.text:five AND x.text:*": [0, 2, 3, 4],
    });
    assert.deepEqual(refused(index), []);
  });

  it("refuse a document that names a copy as a field", () => {
    const index = typed([{ x: 5 }, { "x.text": "five" }, { x: { text: "five" } }]);
    assert.deepEqual(refused(index), [1, 2]);
  });

  it("tell -0.0 from 0", () => {
    const index = typed(['{"took":-0.0}', '{"took":-0}', '{"took":0}']);
    holds(index, { "took:0": [1, 2], "took:\\-0": [0], "took:<0": [0], "took:[0 TO 1]": [1, 2] });
  });
});

describe("copies of a field", () => {
  const copied = {
    properties: {
      code: {
        type: "long",
        fields: { keyword: { type: "keyword", ignore_above: 4 }, words: { type: "text" } },
      },
      name: {
        type: "keyword",
        fields: { text: { type: "text" }, size: { type: "long", ignore_malformed: true } },
      },
      body: { type: "text", fields: { raw: { type: "keyword" }, keyword: { type: "keyword" } } },
      ip: { type: "ip", fields: { keyword: { type: "keyword" } } },
    },
  };

  it("are of a type of their own, whatever the type of the field", () => {
    const index = smallIndex(
      [
        { code: 404, name: "New York", body: "A b", ip: "10.0.0.1" },
        { code: "00500", name: "12", body: ["C", "d e"], ip: "::1" },
      ],
      mappingOf({ settings: {}, mappings: copied }),
    );
    assert.deepEqual(refused(index), []);
    holds(index, {
      "code.keyword:404": [0],
      "code:500": [1],
      "code.keyword:*5*": [],
      "code.words:00500": [1],
      "name:york": [],
      "name.text:york": [0],
      "name.size:>11": [1],
      "_ignored:name.size": [0],
      'body.raw:"A b"': [0],
      'body.keyword:"d e"': [1],
      "body.raw:A*": [0],
      "ip.keyword:10.*": [0],
      'ip:"10.0.0.0/8"': [0],
      "york AND body:b": [0],
      '_exists_:code.keyword AND "a b"': [0],
      '_exists_:name AND "d e"': [1],
    });
  });

  it("count against the limit of fields, each as one", () => {
    const refusedWith = (limit: number) => {
      const settings = { "index.mapping.total_fields.limit": limit };
      return refused(smallIndex([{ a: 1 }, { b: "x" }], mappingOf({ settings, mappings: copied })));
    };
    // Twelve by the template, one for `a`, two for `b` with its `.keyword`.
    assert.deepEqual(refusedWith(12), [0, 1]);
    assert.deepEqual(refusedWith(13), [1]);
    assert.deepEqual(refusedWith(15), []);
  });

  it("are read again with what is stored of an index", () => {
    const fields = FieldMap.of(mappingOf({ settings: {}, mappings: copied }));
    const values = fields.byPath("code.keyword")?.values as ValueList;
    for (const value of ["404", "x".repeat(300)]) fields.valueNumber(values, value);
    const again = FieldMap.restore(JSON.parse(JSON.stringify(fields.store())) as StoredFields);
    assert.deepEqual(again.store(), fields.store());
    assert.equal(again.byPath("code.keyword")?.copyOf, again.byPath("code"));
  });
});

describe("documents of strange depth, numbers and times", () => {
  const nested = (depth: number, inside = "1") => `{"a":${"[".repeat(depth)}${inside}${"]".repeat(depth)}}`;

  it("fail alone beyond twenty nested arrays, however deep", () => {
    const index = typed([nested(20), nested(21), nested(50_000), nested(50_000, "1.0"), { a: 2 }]);
    assert.deepEqual(refused(index), [1, 2, 3]);
    assert.deepEqual(index.find("a:[1 TO 2]"), [0, 4]);
  });

  it("fail alone with a number of more than a thousand digits", () => {
    const index = typed([`{"took":${"1".repeat(1000)}}`, `{"took":${"1".repeat(1001)}}`]);
    assert.deepEqual(refused(index), [1]);
  });

  it("are taken with every time that fits 64 bits, and are found, counted and drawn", () => {
    const times = [
      "9007199254740993",
      "-9200000000000000000",
      "[1,9223372036854775807]",
      '"+275760-09-13T00:00:00Z"',
    ];
    const wrong = ["9223372036854775808", "1e3", "-9.2e18", '"10000-01-01"', '"2026-11-25T10:00:00+19:00"'];
    const index = typed([...times, ...wrong].map((time) => `{"@timestamp":${time}}`));
    assert.deepEqual(refused(index), [4, 5, 6, 7, 8]);
    assert.deepEqual(index.find("@timestamp:>2100"), [0, 2, 3]);
    const { bars } = index.reader.histogram({ query: "", intervalMs: 86_400_000 });
    assert.equal(bars.length, 2);
    const { hits } = index.reader.search({ query: "" });
    assert.ok(hits.every(({ timestampMs }) => !Number.isNaN(new Date(timestampMs).getTime())));
  });
});

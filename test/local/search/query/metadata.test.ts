/** Fields that are not part of a document, texts without a token, many clauses: each answer was seen on a real 2.19. */
import assert from "node:assert/strict";
import { smallIndex } from "../small-index";

describe("fields that every document has", () => {
  const index = smallIndex([{ m: "hello" }, { m: "other" }, { k: 1 }]);
  const answers: Readonly<Record<string, readonly number[] | "error">> = {
    "_id:0": [0],
    '_id:"1" OR _id:2': [1, 2],
    "_id:(0 1)": [],
    "_id:0*": [],
    "_id:[0 TO 2]": [],
    "_id:/0/": [],
    "_id:*": [0, 1, 2],
    "NOT _id:0": [1, 2],
    "_id:0 AND m:hello": [0],
    "_index:small": [0, 1, 2],
    "_index:sm*": [0, 1, 2],
    '_index:"s*l"': [0, 1, 2],
    "_index:*l": [],
    "_index:SMALL": [],
    "_index:other": [],
    "_index:[a TO z]": [],
    "NOT _index:small": [],
    "_exists_:_id": [0, 1, 2],
    "_exists_:_routing": [],
    "_exists_:_ignored": [],
    "_exists_:_source": "error",
    "_source:*": "error",
    "_source:x": [],
    "_exists_:_field_names": "error",
    "_version:1": [],
    "_type:_doc": [],
  };
  for (const [query, places] of Object.entries(answers)) {
    it(`answer ${query} as the real one does`, () => assert.deepEqual(index.find(query), places));
  }
});

describe("a query of characters that make no token", () => {
  const index = smallIndex([{ m: "hello" }, { message: "other" }]);
  for (const query of ["\u0000", "\ufeff", "\u200b", "\u00a0", "…", "\u0001", "m:\u0000", "\ufeff*"]) {
    it(`finds nothing: ${JSON.stringify(query)}`, () => assert.deepEqual(index.find(query), []));
  }
  it("is all documents where it is negated, and an error of wide blanks alone", () => {
    assert.deepEqual(index.find("NOT \ufeff"), [0, 1]);
    assert.deepEqual(index.find("\u3000"), "error");
    assert.deepEqual(index.find(" \t"), [0, 1]);
  });
});

describe("more than 1,024 terms", () => {
  const index = smallIndex([{ m: "a5" }]);
  const terms = (count: number, term: (at: number) => string, by: string) =>
    Array.from({ length: count }, (_, at) => term(at)).join(by);
  it("are an error, in brackets, in one text and over all fields too", () => {
    assert.deepEqual(index.find(terms(1024, (at) => `m:a${at}`, " OR ")), [0]);
    assert.equal(index.find(terms(1025, (at) => `m:a${at}`, " OR ")), "error");
    assert.equal(index.find(`m:(${terms(1025, (at) => `a${at}`, " ")})`), "error");
    assert.equal(index.find(`m:${terms(1025, (at) => `a${at}`, "-")}`), "error");
    assert.equal(index.find(terms(513, (at) => `m:(a${at} OR b${at})`, " OR ")), "error");
    assert.deepEqual(index.find(terms(512, (at) => `m:(a${at} OR b${at})`, " OR ")), [0]);
    assert.deepEqual(index.find(`m:"${terms(1025, (at) => `a${at}`, " ")}"`), []);
  });
});

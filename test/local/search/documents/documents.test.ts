import assert from "node:assert/strict";
import { QueryError } from "../../../../local/rooms";
import { arrivalMs, smallIndex } from "../small-index";

describe("documents", () => {
  it("refuses a conflicting document alone, with OpenSearch's type of error [B36]", () => {
    const index = smallIndex([{ n: 1 }, { n: "x" }, { n: 2 }]);
    assert.deepEqual(index.refusals, [
      {
        position: 1,
        status: 400,
        type: "mapper_parsing_exception",
        reason: "failed to parse field [n] of type [long]. Preview of field's value: 'x'",
        attempts: 1,
      },
    ]);
    assert.deepEqual(index.find("*"), [0, 2]);
  });

  it("makes no field a date by its looks [B38]", () => {
    const index = smallIndex([{ seen: "2026-01-02" }, { seen: "-" }, { ver: "128.0." }]);
    assert.deepEqual(index.refusals, []);
  });

  it("refuses empty and dotted keys, with that document alone [B41]", () => {
    const index = smallIndex([
      '{"":"x",".a":1,"b.":2,"c..d":3,"ok":4}',
      '{"":1,"ok":4}',
      '{"b.":2,"ok":4}',
      '{"a":[{"":1}]}',
    ]);
    assert.deepEqual(
      index.refusals.map(({ position }) => position),
      [0, 1, 3],
    );
    assert.deepEqual(index.find("ok:4 AND b:2"), [2]);
  });

  it("keeps every digit of a number [B42]", () => {
    const text = '{"id":9007199254740993,"u":"a","f":1.10}';
    const index = smallIndex([text]);
    assert.equal(index.source(0), text);
    assert.deepEqual(index.find("id:9007199254740993"), [0]);
    assert.deepEqual(index.find("id:9007199254740992"), []);
  });

  it("stay as they came: one without a time of its own shows that of its arrival beside it", () => {
    const texts = [
      "{}",
      '{"@timestamp":null,"a":1}',
      '{"o":{"@timestamp":"2026-11-25"}}',
      '{"@timestamp":[]}',
    ];
    const index = smallIndex([...texts, '{"@timestamp":"2026-11-26"}']);
    const { hits } = index.reader.search({ query: "" });

    assert.deepEqual(
      hits.map(({ source, timestampMs, hasOwnTime }) => [source, timestampMs, hasOwnTime]),
      [
        ['{"@timestamp":"2026-11-26"}', Date.UTC(2026, 10, 26), true],
        ...texts.toReversed().map((text) => [text, arrivalMs, false]),
      ],
    );
    assert.deepEqual(index.find("@timestamp:[2026 TO 2027]"), [4]);
    assert.deepEqual(index.find("_exists_:@timestamp"), [4]);
    assert.deepEqual(index.find("NOT @timestamp:*"), [0, 1, 2, 3]);
    assert.equal(index.reader.count({ query: "", fromMs: arrivalMs, toMs: arrivalMs + 1 }).count, 4);
  });

  it("may begin with a byte-order mark, which is none of their text", () => {
    const index = smallIndex(['\ufeff{"m":1}']);
    assert.equal(index.source(0), '{"m":1}');
  });

  it("refuses what is not one JSON object on one line [B15]", () => {
    const wrong = [
      '{"a":1}{"a":2}',
      '{"a":1} x',
      '{\n"a":1}',
      "[]",
      '"a"',
      "5",
      "null",
      "",
      "{",
      '{"a":1',
      '{"a":NaN}',
      '{"a":1,}',
    ];
    const index = smallIndex([...wrong, { fine: 1 }]);
    assert.deepEqual(
      index.refusals.map(({ position }) => position),
      wrong.map((_, at) => at),
    );
    assert.match(index.refusals[0]?.reason ?? "", /extra data/);
    assert.ok(
      index.refusals.every(({ type, status }) => type === "mapper_parsing_exception" && status === 400),
    );
  });

  it("refuses a key that comes twice in one object, but not in two", () => {
    const index = smallIndex([
      '{"a":1,"a":2}',
      '{"a":{"b":1,"b":1}}',
      '{"o":{"b":"x:y"},"p":{"b":"\\":"}}',
      '{"u":"http://a:1/"}',
    ]);
    assert.deepEqual(
      index.refusals.map(({ position }) => position),
      [0, 1],
    );
  });

  it("leaves the fields as they were when it refuses a document", () => {
    const index = smallIndex([{ fresh: "text", n: 1 }, { x: 5, n: "no number" }, { x: "text now" }]);
    assert.deepEqual(
      index.refusals.map(({ position }) => position),
      [1],
    );
    assert.deepEqual(index.find("x:text"), [2]);
  });

  it("refuses a document that would bring the fields over 2,000, and one nested too deep", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, 1]));
    let deep: object = { x: 1 };
    for (let at = 0; at < 20; at++) deep = { o: deep };
    const index = smallIndex([many(1999), many(1998), { f0: 2 }, { more: 1 }, deep]);
    assert.deepEqual(
      index.refusals.map(({ position, type }) => [position, type]),
      [
        [0, "illegal_argument_exception"],
        [3, "illegal_argument_exception"],
        [4, "illegal_argument_exception"],
      ],
    );
  });

  it("answers a long field list and rare shapes as it answers common ones", () => {
    const documents = Array.from({ length: 700 }, (_, at) => ({
      all: "x",
      [`only${at}`]: "y",
      ...(at % 2 === 0 && { even: "" }),
    }));
    const index = smallIndex(documents);
    assert.equal((index.find("_exists_:all") as number[]).length, 700);
    assert.equal((index.find("_exists_:even") as number[]).length, 350);
    assert.equal((index.find("NOT _exists_:even") as number[]).length, 350);
    assert.deepEqual(index.find("_exists_:only699"), [699]);
    assert.equal((index.find("_exists_:even.keyword") as number[]).length, 350);
  });

  it("finds exact values of a field whether or not all of them are listed", () => {
    const documents = Array.from({ length: 1500 }, (_, at) => ({
      k: `Value ${at}`,
      few: at % 3 === 0 ? "A b" : "a b",
    }));
    const index = smallIndex(documents);
    assert.deepEqual(index.find('k.keyword:"Value 7"'), [7]);
    assert.deepEqual(index.find('k.keyword:"value 7"'), []);
    assert.deepEqual(index.find('k.keyword:"Value 1499"'), [1499]);
    assert.equal((index.find('few.keyword:"A b"') as number[]).length, 500);
  });
});

describe("limits of queries", () => {
  it("takes 1,024 clauses and refuses 1,025", () => {
    const index = smallIndex([{ m: "x" }]);
    const clauses = (count: number) => Array.from({ length: count }, (_, at) => `m:t${at}`).join(" OR ");
    assert.deepEqual(index.find(clauses(1024)), []);
    assert.equal(index.find(clauses(1025)), "error");
  });

  it("takes 800 nested brackets and refuses 3,000", () => {
    const index = smallIndex([{ m: "x" }]);
    const nested = (depth: number) => `${"(".repeat(depth)}x${")".repeat(depth)}`;
    assert.deepEqual(index.find(nested(800)), [0]);
    assert.equal(index.find(nested(3000)), "error");
  });

  it("looks into the documents where a query is too deep for the token index", () => {
    const index = smallIndex([{ m: "a" }, { m: "b" }, { m: "c" }]);
    let query = "m:a";
    for (let at = 0; at < 200; at++)
      query = at % 2 === 0 ? `(${query}) OR m:b${at}` : `(${query}) AND NOT m:c`;
    assert.deepEqual(index.find(query), [0]);
  });

  it("says of what is not supported where it stands, and gives no count", () => {
    const index = smallIndex([{ m: "warn" }]);
    const problem = (query: string) => {
      try {
        return index.reader.count({ query });
      } catch (error) {
        return error instanceof QueryError ? error.problem : error;
      }
    };
    assert.deepEqual(problem("m:/~x/"), { message: "Not supported: ~ in a regular expression", position: 2 });
    assert.match(String((problem("_seq_no:5") as { message: string }).message), /_seq_no/);
    assert.deepEqual(problem("_exists_:_source"), { message: "The field _source cannot be asked for" });
  });
});

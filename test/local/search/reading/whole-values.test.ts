/** Questions on whole values, listed ones and others, beside what the values themselves say. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Field, FieldMap } from "../../../../local/search/documents/fields";
import { beginningToken, ValueList } from "../../../../local/search/documents/value-list";
import { readFields } from "../../../../local/search/file/tables";
import type { Condition } from "../../../../local/search/query/condition";
import { fits, patternParts } from "../../../../local/search/query/pattern-parts";
import { patternTest } from "../../../../local/search/query/patterns";
import { stringRange } from "../../../../local/search/query/string-range";
import { IndexReader } from "../../../../local/search/reading/reader";
import { type Expression, type Leaf } from "../../../../local/search/reading/token-expressions";
import { TokenSetBuilder } from "../../../../local/search/reading/token-sets";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { numRuns } from "../../../property-runs";
import { arrivalMs, factMapping, type SmallIndex, smallIndex } from "../small-index";

/** More distinct values than are listed of a field where hardly any comes twice. */
const listed = Array.from({ length: 256 }, (_, at) => `listed ${at}`);
const odd = [
  "",
  "-",
  "--",
  "a",
  "ab",
  "abc",
  "abcd",
  "ABCD",
  "abd",
  "é",
  "éa",
  "日本",
  "ab😀",
  "ab\ud83d",
  "👍🏽!",
  "café au lait",
  "x".repeat(34),
  "x".repeat(35),
  "x".repeat(300),
  "/var/log/app.log",
  "GET /index 200",
];
const values = [...listed, ...odd];

const within = (low: string | undefined, high: string | undefined, includeLow = true, includeHigh = true) =>
  stringRange({ low, high, includeLow, includeHigh });

/** Queries and what they mean; those in capitals of `odd` have neighbours that differ in case alone. */
const queries: Readonly<Record<string, (value: string) => boolean>> = {
  'k.keyword:""': (value) => value === "",
  'k.keyword:"-"': (value) => value === "-",
  'k.keyword:"---"': () => false,
  'k.keyword:"abc"': (value) => value === "abc",
  'k.keyword:"ABCD"': (value) => value === "ABCD",
  'k.keyword:"listed 7"': (value) => value === "listed 7",
  'k.keyword:"é"': (value) => value === "é",
  'k.keyword:"日本"': (value) => value === "日本",
  'k.keyword:"ab😀"': (value) => value === "ab😀",
  [`k.keyword:${"x".repeat(35)}`]: (value) => value === "x".repeat(35),
  "k.keyword:[abc TO abd]": within("abc", "abd"),
  "k.keyword:{abc TO abd}": within("abc", "abd", false, false),
  "k.keyword:[ab TO abce]": within("ab", "abce"),
  "k.keyword:{abc TO abcd]": within("abc", "abcd", false),
  "k.keyword:>=é": within("é", undefined),
  "k.keyword:<AB": within(undefined, "AB", true, false),
  'k.keyword:["listed 5" TO "listed 6"]': within("listed 5", "listed 6"),
  "k.keyword:ab*": (value) => value.startsWith("ab"),
  "k.keyword:abcd*": (value) => value.startsWith("abcd"),
  "k.keyword:ab😀*": (value) => value.startsWith("ab😀"),
  "k.keyword:日*": (value) => value.startsWith("日"),
  "k.keyword:?*": (value) => value !== "",
  "k.keyword:?": (value) => [...value].length === 1,
  "k.keyword:??": (value) => [...value].length === 2,
  "k.keyword:ab?": (value) => [...value].length === 3 && value.startsWith("ab"),
  "k.keyword:*d": (value) => value.endsWith("d"),
  "k.keyword:*\\/log\\/*": (value) => value.includes("/log/"),
  "k.keyword:/[a-c]{3}d?/": (value) => /^[a-c]{3}d?$/.test(value),
  "k.keyword:abcx~1": (value) => ["abc", "abcd"].includes(value),
  "k.keyword:*": () => true,
};

const leavesOf = ({ leaf, parts }: Expression): Leaf[] =>
  leaf === undefined ? parts.flatMap(leavesOf) : [leaf];

const placesOf = (passes: (value: string) => boolean): number[] =>
  values.flatMap((value, place) => (passes(value) ? [place] : []));

describe("whole values", () => {
  let index: SmallIndex;
  before(() => {
    index = smallIndex(values.map((k) => ({ k })));
  });

  for (const [query, passes] of Object.entries(queries)) {
    it(`are found by ${query.slice(0, 40)}`, () => {
      assert.deepEqual(index.find(query), placesOf(passes));
    });
  }

  it("are found without a look at the documents where beginnings tell enough", () => {
    const { db, reader } = smallIndex(values.map((k) => ({ k })));
    db.exec("UPDATE d1 SET source = 'not to be read'");
    const counts = ['k.keyword:"-"', 'k.keyword:"listed 7"', "k.keyword:abc*", "k.keyword:[b TO m]"].map(
      (query) => reader.count({ query }).count,
    );
    assert.deepEqual(counts, [1, 1, 2, 257]);
    assert.throws(() => reader.count({ query: "k.keyword:*d" }), /JSON/);
  });

  it("are asked for their beginnings besides their words where that leaves some out", () => {
    const beginningsAsked = (listedToo: string[], pattern: string): boolean => {
      const { db } = smallIndex([...listedToo, ...listed, "one more"].map((k) => ({ k })));
      const fields = readFields(db, 1);
      const field = fields.root.children?.get("k") as Field;
      const row = { minMs: 0, maxMs: 0, oddTimes: false, firstSeq: 0 };
      const condition: Condition = { kind: "exactTest", field, ...patternTest(pattern) };
      const { upper } = new TokenSetBuilder(fields, row).build(condition);
      return leavesOf(upper.expression as Expression).some(
        (leaf) => leaf.kind === "tokens" && leaf.narrows === true && leaf.first === field.beginningPrefix,
      );
    };
    assert.equal(beginningsAsked([], "*B331*"), false);
    assert.equal(beginningsAsked(["a b331"], "*B331*"), true);
    assert.equal(beginningsAsked(["a b331"], "*b331*"), false);
    assert.equal(beginningsAsked([], "?b331?"), true);
  });

  it("are found whatever their beginnings, and whatever the ends of a range", () => {
    const field = FieldMap.of(factMapping).root;
    const piece = fc.constantFrom(..."a b A - / é ß 日 😀 \ud83d".split(" "));
    const text = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
    // An end that is an empty text is none.
    const end = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 20 }), end, end, (some, low, high) => {
        const all = [...listed, ...some.filter((value) => !listed.includes(value))];
        const { find } = smallIndex(all.map((k) => ({ k })));
        const passes = within(low, high);
        const quoted = (end: string) => `"${end.replace(/["\\]/g, "\\$&")}"`;
        const places = all.flatMap((value, place) => (passes(value) ? [place] : []));
        assert.deepEqual(find(`k.keyword:[${quoted(low)} TO ${quoted(high)}]`), places);
        for (const [place, value] of all.entries())
          if (place >= listed.length) assert.deepEqual(find(`k.keyword:${quoted(value)}`), [place]);
        assert.ok(some.every((value) => !beginningToken(field.beginningPrefix, value).includes(" ")));
      }),
      numRuns(100),
    );
  });
});

describe("parts of whole values", () => {
  const small = [...listed, "ab", "x.b331-9", "1_b?31", "b-31", "c331d"];
  /** What is looked for in the documents is not found. */
  const unread = (more: readonly string[]): SmallIndex => {
    const index = smallIndex([...small, ...more].map((k) => ({ k })));
    index.db.exec("UPDATE d1 SET source = 'not to be read'");
    return index;
  };

  it("are found without a look at the documents where all values are in small letters", () => {
    const { reader } = unread([]);
    const patterns = ["*b331*", "*331*", "*B331*", "/.*b331.*/", "/.*[0-9]b\\.?31.*/", "/.*B331.*/"];
    const counts = patterns.map((pattern) => reader.count({ query: `k.keyword:${pattern}` }).count);
    assert.deepEqual(counts, [1, 2, 0, 1, 0, 0]);
  });

  it("are found in words and beyond them", () => {
    const { find } = smallIndex(small.map((k) => ({ k })));
    const patterns = [
      "*b?31*",
      "*_b*",
      "*b*3*",
      "/.*b.?31.*/",
      "/.*b.*|.*c.*/",
      "/.*[0-9]_b.*/",
      "/.*1\\.*/",
      "3?*",
      "*b331",
    ];
    const found = patterns.map((pattern) => find(`k.keyword:${pattern}`).length);
    assert.deepEqual(found, [3, 1, 3, 3, 5, 1, 28, 0, 0]);
  });

  it("are looked for in the documents once a value is otherwise", () => {
    const others = ["A", "é", "\u212a", "y".repeat(255), "z".repeat(300), "w".repeat(2000)];
    const countOf = (more: readonly string[]) =>
      unread(more).reader.count({ query: "k.keyword:*b331*" }).count;
    assert.deepEqual(
      others.map((other) => countOf([other])),
      others.map(() => 0),
    );
    assert.equal(countOf(["a.b", "+/&", "y".repeat(254)]), 1);
  });

  it("are told by the list of values as it is kept, and by none of an earlier version", () => {
    const list = new ValueList();
    assert.equal(ValueList.restore(list.store()).isInSmallLetters, true);
    list.numberOf("a", { listed: 0 });
    assert.equal(ValueList.restore(list.store()).isInSmallLetters, true);
    const { small: _, ...earlier } = list.store();
    assert.equal(ValueList.restore(earlier).isInSmallLetters, false);
    const { changes } = list;
    list.numberOf("B", { listed: 0 });
    assert.ok(list.changes > changes);
    assert.equal(ValueList.restore(list.store()).isInSmallLetters, false);
  });

  it("are told by values that are taken as bytes, listed or not", () => {
    const isInSmallLetters = (value: string, before: number): boolean => {
      const list = new ValueList();
      const values = [...Array.from({ length: before }, (_, at) => `v${at}`), value];
      for (const bytes of values.map((one) => Buffer.from(one)))
        list.numberOfBytes(bytes, 0, bytes.length, { listed: 0 });
      return list.isInSmallLetters;
    };
    for (const before of [0, 300]) {
      const small = ["@[`{~9", "z".repeat(254)].map((value) => isInSmallLetters(value, before));
      const others = ["xA", "Z", "z".repeat(255), "z".repeat(300)].map((value) =>
        isInSmallLetters(value, before),
      );
      assert.deepEqual([...small, ...others], [true, true, false, false, false, false]);
    }
  });

  it("are found whatever the values and the pattern", () => {
    const piece = fc.constantFrom(..."a b 3 31 b331 _ . ' : - /".split(" "), " ");
    const other = fc.constantFrom("B", "é", "İ", "x".repeat(260), "x".repeat(1100), "");
    const value = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(""));
    const part = fc.oneof({ weight: 4, arbitrary: piece }, fc.constantFrom("?", "*", "B"));
    const pattern = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `*${parts.join("")}*`);
    fc.assert(
      fc.property(fc.array(value, { minLength: 8, maxLength: 20 }), other, pattern, (some, one, wanted) => {
        const all = [...listed, ...some, one];
        const { find } = smallIndex(all.map((k) => ({ k })));
        const parts = patternParts(wanted);
        const isMatch = (text: string) => text.length <= 1024 && fits(parts, text);
        const places = all.flatMap((text, place) => (isMatch(text) ? [place] : []));
        const query = `k.keyword:${wanted.replace(/[-:/ .'_]/g, "\\$&")}`;
        assert.deepEqual(find(query), places, query);
      }),
      numRuns(200),
    );
  });
});

describe("the list of whole values", () => {
  const inAll = { listed: 0 };

  it("goes on where values come again and again, and ends where hardly one does", () => {
    const [repeated, unique] = [new ValueList(), new ValueList()];
    for (let at = 0, state = 1; at < 8000; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      repeated.numberOf(`v${(state >>> 16) % 700}`, inAll);
      unique.numberOf(`v${at}`, inAll);
    }
    assert.deepEqual([repeated.numbers.size, repeated.hasOthers], [700, false]);
    assert.deepEqual([unique.numbers.size, unique.hasOthers], [256, true]);
  });

  it("never takes in a value that was left out once, kept in a file or not", () => {
    const list = new ValueList();
    for (let at = 0; at <= 256; at++) list.numberOf(`v${at}`, inAll);
    const again = ValueList.restore(JSON.parse(JSON.stringify(list.store())));
    for (const one of [list, again]) {
      for (let at = 0; at < 1000; at++) one.numberOf("v0", inAll);
      assert.equal(one.numberOf("v256", inAll), undefined);
    }
    assert.deepEqual(again.store(), list.store());
  });

  it("of a file that kept none is no reason to believe that there is no value", () => {
    const { db } = smallIndex(values.map((k) => ({ k })));
    const { fields } = db.prepare("SELECT fields FROM indices").get() as { fields: string };
    // As an earlier version left it: neither list nor beginnings.
    const before = JSON.parse(fields) as { fields: { path: string; firstValues?: string[]; full?: true }[] };
    for (const field of before.fields) {
      delete field.firstValues;
      delete field.full;
    }
    db.prepare("UPDATE indices SET fields = ?").run(JSON.stringify(before));
    const writer = new IndexWriter(db, [], factMapping);
    const [seqs, arrivalsMs] = [Float64Array.of(1000), Float64Array.of(arrivalMs)];
    writer.write({ seqs, arrivalsMs, ids: ["new"], indices: ["small"], sources: ['{"k":"-"}'] });
    writer.settle({ throughSeq: 1000, indexed: 1, dropped: 0, failed: 0, failedObjects: [] });
    const reader = new IndexReader(db);
    for (const [query, passes] of Object.entries(queries)) {
      const more = passes("-") ? 1 : 0;
      assert.equal(reader.count({ query }).count, placesOf(passes).length + more, query);
    }
  });

  it("goes on in a file that was opened again", () => {
    const { db } = smallIndex(values.map((k) => ({ k })));
    const writer = new IndexWriter(db, [], factMapping);
    const [seqs, arrivalsMs] = [Float64Array.of(1000), Float64Array.of(arrivalMs)];
    writer.write({ seqs, arrivalsMs, ids: ["new"], indices: ["small"], sources: ['{"k":"abcd"}'] });
    writer.settle({ throughSeq: 1000, indexed: 1, dropped: 0, failed: 0, failedObjects: [] });
    assert.equal(new IndexReader(db).count({ query: 'k.keyword:"abcd"' }).count, 2);
  });
});

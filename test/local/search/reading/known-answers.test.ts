/** Aggregations that are answered from tokens and times, beside what the documents themselves say. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { FieldMap } from "../../../../local/search/documents/fields";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexReader } from "../../../../local/search/reading/reader";
import { RecordTimes } from "../../../../local/search/reading/record-times";
import { Abandoned, type Clockwork } from "../../../../local/search/reading/work-limit";
import { IndexWriter } from "../../../../local/search/writing/writer";
import type { Aggregations, BodyQuery, PartialBuckets, PartialStats } from "../../../../local/search-body";
import { numRuns } from "../../../property-runs";

const baseMs = Date.UTC(2026, 10, 25, 12);
const yearMs = 366 * 86_400_000;
const intervalMs = 60_000;
const mapping = mappingOf({
  settings: {},
  mappings: {
    properties: {
      "@timestamp": { type: "date" },
      word: { type: "text" },
      host: { type: "keyword" },
      n: { type: "long" },
      took: { type: "double" },
      ok: { type: "boolean" },
    },
  },
});

interface Doc {
  readonly seq: number;
  readonly atMs: number;
  readonly word: string;
  readonly host?: readonly string[] | undefined;
  readonly n?: readonly number[] | undefined;
  readonly took?: number | undefined;
  readonly ok?: boolean | undefined;
}

function sourceOf({ atMs, word, host, n, took, ok }: Doc): string {
  return JSON.stringify({ "@timestamp": new Date(atMs).toISOString(), word, host, n, took, ok });
}

class AskedIndex {
  readonly docs: Doc[] = [];
  readonly db = new DatabaseSync(":memory:");
  readonly reader: IndexReader;
  private readonly writer: IndexWriter;

  constructor(clockwork?: Clockwork) {
    this.db.exec(fileSchema);
    this.writer = new IndexWriter(this.db, [], mapping);
    this.reader = new IndexReader(this.db, clockwork);
  }

  add(docs: readonly Doc[]): void {
    const { length } = this.writer.write({
      seqs: Float64Array.from(docs, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(docs, ({ atMs }) => atMs),
      ids: docs.map(({ seq }) => String(seq)),
      indices: docs.map(() => "one"),
      sources: docs.map(sourceOf),
    });
    assert.equal(length, 0);
    const throughSeq = Math.max(0, ...docs.map(({ seq }) => seq));
    this.writer.settle({ throughSeq, indexed: docs.length, dropped: 0, failed: 0, failedObjects: [] });
    this.docs.push(...docs);
  }

  /** From now on whoever reads a document fails. */
  loseTexts(): void {
    this.db.exec("UPDATE d1 SET source = 'lost' WHERE source IS NOT NULL; DELETE FROM b1");
  }

  find(query: BodyQuery, aggregations: Aggregations, timeoutMs?: number) {
    const request = { query, from: 0, size: 0, sort: [], aggregations, nowMs: baseMs };
    return this.reader.find(request, timeoutMs);
  }
}

const time = (sub: Aggregations): Aggregations[string] => ({
  ...{ kind: "date_histogram", field: "@timestamp", interval: intervalMs, offsetMs: 0 },
  ...{ timeZone: undefined, sub },
});
const terms = (field: string): Aggregations[string] => ({
  kind: "terms",
  field,
  missing: undefined,
  sub: {},
});

const within: Aggregations = {
  hosts: terms("host"),
  n: { kind: "stats", field: "n" },
  took: { kind: "stats", field: "took" },
  nowhere: { kind: "stats", field: "nowhere" },
};
const asked: Aggregations = {
  ...within,
  numbers: terms("n"),
  oks: terms("ok"),
  howMany: { kind: "cardinality", field: "n" },
  bars: time(within),
};

function statsOf(values: readonly number[]) {
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { count: values.length, min, max, sum: values.reduce((sum, one) => sum + one, 0) };
}

function countsOf<T>(lists: readonly (readonly T[])[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const list of lists) for (const one of new Set(list)) counts[`${one}`] = (counts[`${one}`] ?? 0) + 1;
  return counts;
}

const withinOf = (docs: readonly Doc[]) => ({
  hosts: countsOf(docs.map(({ host = [] }) => host)),
  n: statsOf(docs.flatMap(({ n = [] }) => n)),
  took: statsOf(docs.flatMap(({ took }) => (took === undefined ? [] : [took]))),
  nowhere: statsOf([]),
});

function expectedOf(docs: readonly Doc[]) {
  const starts = [...new Set(docs.map(({ atMs }) => Math.floor(atMs / intervalMs) * intervalMs))];
  return {
    ...withinOf(docs),
    numbers: countsOf(docs.map(({ n = [] }) => n)),
    oks: countsOf(docs.map(({ ok }) => (ok === undefined ? [] : [Number(ok)]))),
    howMany: new Set(docs.flatMap(({ n = [] }) => n)),
    bars: Object.fromEntries(
      starts.map((start) => {
        const inside = docs.filter(({ atMs }) => atMs >= start && atMs < start + intervalMs);
        return [start, { count: inside.length, ...withinOf(inside) }];
      }),
    ),
  };
}

type Answers = ReturnType<AskedIndex["find"]>["aggregations"];

/** As {@link expectedOf} says it. */
function readable(answers: Answers): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => {
      if (answer.kind === "values") return [name, answer.values];
      if (answer.kind === "stats") {
        const { count, min, max, sum } = answer;
        return [name, { count, min, max, sum }];
      }
      const entries = [...answer.buckets].map(([key, { count, sub }]) => [
        String(key),
        name === "bars" ? { count, ...readable(sub) } : count,
      ]);
      return [name, Object.fromEntries(entries)];
    }),
  );
}

/** Quarters: their sums are exact in any order. */
const someDocs = (times: fc.Arbitrary<number>) =>
  fc.array(
    fc.record({
      seq: fc.nat(150_000).map((n) => n + 1),
      atMs: times.map((ms) => baseMs + ms),
      word: fc.constantFrom("bye", "bye", "hello"),
      host: fc.option(fc.array(fc.constantFrom("web-1", "web-2", "db"), { maxLength: 2 }), {
        nil: undefined,
      }),
      n: fc.option(fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 3 }), { nil: undefined }),
      took: fc.option(
        fc.integer({ min: -8, max: 8 }).map((quarters) => quarters / 4 + 0),
        { nil: undefined },
      ),
      ok: fc.option(fc.boolean(), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 60 },
  );

const words: readonly [BodyQuery, (doc: Doc) => boolean][] = [
  [{ kind: "all" }, () => true],
  [textQuery("word:bye"), ({ word }) => word === "bye"],
  [textQuery("NOT word:bye"), ({ word }) => word !== "bye"],
  [textQuery('word:"hello"'), ({ word }) => word === "hello"],
];

function textQuery(query: string): BodyQuery {
  return { kind: "text", query, operator: "or", lenient: true };
}

function since(fromMs: number, query: BodyQuery): BodyQuery {
  const range = { low: String(fromMs), includeLow: true, includeHigh: true };
  return {
    kind: "bool",
    must: [query, { kind: "range", field: "@timestamp", ...range }],
    should: [],
    not: [],
  };
}

/** Batch after batch, as documents come; those of a batch by their numbers, each number once. */
function checkGrowing(batches: readonly (readonly Doc[])[], inOrderOfTime: boolean): void {
  const index = new AskedIndex();
  const seqs = new Set<number>();
  for (const batch of batches) {
    const fresh = batch.filter(({ seq }) => !seqs.has(seq) && seqs.add(seq)).sort((a, b) => a.seq - b.seq);
    const newest = Math.max(0, ...index.docs.map(({ atMs }) => atMs));
    const sorted = fresh.map(({ atMs }) => Math.max(newest, atMs)).sort((a, b) => a - b);
    index.add(inOrderOfTime ? fresh.map((doc, at) => ({ ...doc, atMs: sorted[at] as number })) : fresh);
    for (const [query, isMatch] of words) {
      for (const fromMs of [undefined, baseMs + intervalMs]) {
        const found = index.docs.filter(
          (doc) => isMatch(doc) && doc.atMs >= (fromMs ?? Number.NEGATIVE_INFINITY),
        );
        const { aggregations, total } = index.find(
          fromMs === undefined ? query : since(fromMs, query),
          asked,
        );
        assert.equal(total, found.length);
        assert.deepEqual(readable(aggregations), expectedOf(found), JSON.stringify(query));
      }
    }
  }
}

const doc = (seq: number, more: Partial<Doc> = {}): Doc => ({
  seq,
  atMs: baseMs + seq,
  word: "bye",
  ...more,
});
const many = (count: number): Doc[] =>
  Array.from({ length: count }, (_, at) =>
    doc(at + 1, {
      atMs: baseMs + ((at * 37) % 50) * 5_000,
      host: [`web-${at % 4}`],
      n: [at % 7],
      took: at / 4,
    }),
  );

describe("aggregations answered from tokens", () => {
  it("are those of the documents while times go back and forth", () => {
    const batches = fc.array(someDocs(fc.nat(5 * intervalMs)), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(batches, (some) => checkGrowing(some, false)),
      numRuns(200),
    );
  });

  it("are those of the documents where times go on, in order of the records", () => {
    fc.assert(
      fc.property(someDocs(fc.nat(5 * intervalMs)), (docs) => checkGrowing([docs], true)),
      numRuns(100),
    );
  });

  it("are those of the documents where times lie years apart", () => {
    const times = fc.nat(3).map((years) => years * yearMs);
    fc.assert(
      fc.property(someDocs(times), (docs) => checkGrowing([docs], false)),
      numRuns(50),
    );
  });

  it("look into no document", () => {
    const index = new AskedIndex();
    index.add(many(400));
    const query = textQuery("word:bye");
    const before = index.find(query, asked);

    index.loseTexts();

    assert.deepEqual(index.find(query, asked), before);
    assert.equal((before.aggregations["bars"] as PartialBuckets).buckets.size, 5);
  });

  it("read the documents where one has the same number twice, or an earlier version did not note it", () => {
    const index = new AskedIndex();
    index.add([doc(1, { n: [4, 4] }), doc(2, { n: [5] }), doc(3, { took: 1 })]);
    const count = (reader = index.reader) => {
      const request = { query: { kind: "all" }, from: 0, size: 0, sort: [], nowMs: baseMs } as const;
      return reader.find({ ...request, aggregations: within }).aggregations as Record<string, PartialStats>;
    };

    assert.equal(count()["n"]?.count, 3);

    const { fields } = index.db.prepare("SELECT fields FROM indices").get() as { fields: string };
    const stored = JSON.parse(fields);
    const severalOf = (text: object) => FieldMap.restore(text as never).byPath("took")?.maybeSeveral;
    assert.equal(severalOf(stored), false);
    assert.equal(severalOf({ ...stored, severalNoted: undefined }), true);
  });

  it("are a part where the time is over, and whole when they are asked again", () => {
    let nowMs = 0;
    const index = new AskedIndex({ nowMs: () => nowMs++, isAbandoned: () => false });
    index.add(many(400));
    const whole = index.find({ kind: "all" }, asked);

    const parts = [1, 2, 4, 8].map((timeoutMs) => index.find({ kind: "all" }, asked, timeoutMs));

    assert.ok(parts[0]?.timedOut);
    for (const { aggregations, timedOut } of parts) {
      const stats = (of: typeof aggregations) => (of["took"] as PartialStats).count;
      assert.ok(stats(aggregations) <= stats(whole.aggregations));
      assert.ok(timedOut || stats(aggregations) === stats(whole.aggregations));
    }
    assert.deepEqual(index.find({ kind: "all" }, asked), whole);
  });

  it("stop when nobody waits for them any more", () => {
    let looks = 0;
    const index = new AskedIndex({ nowMs: () => 0, isAbandoned: () => ++looks > 1 });
    index.add(many(400));

    assert.throws(() => index.find({ kind: "all" }, asked), Abandoned);
  });
});

describe("times in memory", () => {
  it("are kept of so many blocks of records, and read anew beyond that", () => {
    const index = new AskedIndex();
    const docs = [1, 70_000, 140_000].map((seq) => doc(seq, { atMs: baseMs + (seq % 3) * 1000 }));
    index.add(docs);
    const ends = { minMs: baseMs, maxMs: baseMs + 2000 };
    const row = { number: 1, documents: docs.length, lastSeq: 140_000, ...ends } as never;
    const times = new RecordTimes(index.db, 2);

    for (let round = 0; round < 2; round++) {
      for (const [block, { atMs }] of docs.entries()) {
        const { firstMs, offsets, absent } = times.of(row).block(block);
        assert.equal(firstMs, atMs);
        assert.equal(offsets.filter((offset) => offset !== absent).length, 1);
        assert.ok(times.size <= 2);
      }
    }
  });

  it("are as the rows have them, however far apart they are and whichever records there are", () => {
    const farthestMs = 8.64e15;
    const apart = [
      [baseMs + 5, baseMs, baseMs + 9],
      [-5000, 0, 123_456, -1],
      [baseMs, baseMs + 2 ** 31, 1_000_000_007],
      [-farthestMs, farthestMs, farthestMs - 1, baseMs, 1 - farthestMs],
    ];
    for (const timesMs of apart) {
      for (const seqOf of [(at: number) => at + 10, (at: number) => 3 * at + 1]) {
        const index = new AskedIndex();
        index.add([doc(1, { atMs: baseMs })]);
        index.db.exec("DELETE FROM d1");
        const place = index.db.prepare("INSERT INTO d1 (seq, ts, added) VALUES (?, ?, 0)");
        for (const [at, ms] of timesMs.entries()) place.run(seqOf(at), BigInt(ms));
        const ends = { minMs: Math.min(...timesMs), maxMs: Math.max(...timesMs) };
        const row = { number: 1, documents: timesMs.length, lastSeq: 100, ...ends } as never;

        const { firstMs, offsets, absent } = new RecordTimes(index.db).of(row).block(0);

        const read = [...offsets].flatMap((offset, seq) =>
          offset === absent ? [] : [[seq, firstMs + offset]],
        );
        assert.deepEqual(
          read,
          timesMs.map((ms, at) => [seqOf(at), ms]),
        );
      }
    }
  });

  it("are not taken for others where one is beyond those that its index is said to have", () => {
    const index = new AskedIndex();
    index.add([doc(1, { atMs: baseMs }), doc(2, { atMs: baseMs + 100_000 })]);
    const row = { number: 1, documents: 2, lastSeq: 2, minMs: baseMs, maxMs: baseMs + 9 } as never;
    assert.throws(() => new RecordTimes(index.db).of(row).block(0), /malformed/);
  });
});

/** Counts, lists and histograms beside what the documents themselves say, as the index grows. */
import assert from "node:assert/strict";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import fc from "fast-check";
import type { Hit, SearchRequest } from "../../../../local/rooms";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexReader } from "../../../../local/search/reading/reader";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { numRuns } from "../../../property-runs";
import { factMapping } from "../small-index";

const baseMs = Date.UTC(2026, 10, 25, 12);

interface Doc {
  readonly seq: number;
  readonly atMs: number;
  readonly word: string;
}

const queries: Readonly<Record<string, (doc: Doc) => boolean>> = {
  "": () => true,
  "m:bye": ({ word }) => word === "bye",
  "NOT m:bye": ({ word }) => word !== "bye",
  "m:bye OR m:hello": ({ word }) => word !== "other",
  "m:(bye OR hello) AND NOT m:hello": ({ word }) => word === "bye",
  "m:h*": ({ word }) => word === "hello",
  "NOT m:h*": ({ word }) => word !== "hello",
  'm:"world bye"': ({ word }) => word === "bye",
  "m:nothing": () => false,
};

const idsOf = (hits: readonly Hit[]): string[] => hits.map(({ _id }) => _id);

class GrowingIndex {
  readonly docs: Doc[] = [];
  readonly reader: IndexReader;
  private readonly writer: IndexWriter;
  private readonly db = new DatabaseSync(":memory:");

  constructor() {
    this.db.exec(fileSchema);
    this.writer = new IndexWriter(this.db, [], factMapping);
    this.reader = new IndexReader(this.db);
  }

  add(docs: readonly Doc[]): void {
    this.writer.write({
      seqs: Float64Array.from(docs, ({ seq }) => seq),
      arrivalsMs: Float64Array.from(docs, ({ atMs }) => atMs),
      ids: docs.map(({ seq }) => String(seq)),
      indices: docs.map(() => "one"),
      sources: docs.map(
        ({ word, atMs }) => `{"m":"world ${word}","@timestamp":"${new Date(atMs).toISOString()}"}`,
      ),
    });
    const throughSeq = Math.max(...docs.map(({ seq }) => seq));
    this.writer.settle({ throughSeq, indexed: docs.length, dropped: 0, failed: 0, failedObjects: [] });
    this.docs.push(...docs);
  }

  /** Asks everything and compares it with the documents. */
  check(window: { fromMs?: number; toMs?: number }, intervalMs: number): void {
    for (const [query, test] of Object.entries(queries)) {
      const { fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY } = window;
      const found = this.docs.filter((doc) => test(doc) && doc.atMs >= fromMs && doc.atMs < toMs);
      const bars = new Map<number, number>();
      for (const { atMs } of found) {
        const startMs = Math.floor(atMs / intervalMs) * intervalMs;
        bars.set(startMs, (bars.get(startMs) ?? 0) + 1);
      }
      const request: SearchRequest = { query, ...window };
      const context = JSON.stringify({ query, window, intervalMs });
      assert.equal(this.reader.count(request).count, found.length, context);
      const inOrder = found
        .toSorted((a, b) => a.atMs - b.atMs || a.seq - b.seq)
        .map(({ seq }) => String(seq));
      const { total, hits } = this.reader.search({ ...request, size: 3 });
      assert.equal(total, found.length, context);
      assert.deepEqual(idsOf(hits), inOrder.slice(-3).reverse(), context);
      assert.deepEqual(idsOf(this.reader.nextPage(this.reader.openScan(request))), inOrder, context);
      assert.deepEqual(
        this.reader.histogram({ ...request, intervalMs }).bars.map(({ startMs, count }) => [startMs, count]),
        [...bars].sort(([a], [b]) => a - b),
        context,
      );
    }
  }
}

/** Batches of documents; steps of up to a million records make ranges of many blocks. */
const batches = fc.array(
  fc.array(
    fc.record({
      seqStep: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 1_000_000 })),
      msStep: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 90_000 })),
      word: fc.constantFrom("bye", "hello", "other"),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { minLength: 1, maxLength: 5 },
);
const edge = fc.option(fc.integer({ min: -1_000, max: 2_000_000 }), { nil: undefined });
const interval = fc.constantFrom(1_000, 60_000, 3_600_000);

function growAndCheck(msFactor: (place: number) => number): void {
  fc.assert(
    fc.property(batches, edge, edge, interval, (steps, from, to, intervalMs) => {
      const index = new GrowingIndex();
      const window = {
        ...(from === undefined ? {} : { fromMs: baseMs + from }),
        ...(to === undefined ? {} : { toMs: baseMs + to }),
      };
      let seq = 0;
      let atMs = baseMs;
      for (const batch of steps) {
        index.add(
          batch.map(({ seqStep, msStep, word }, place) => {
            seq += seqStep;
            atMs += msStep * msFactor(place);
            return { seq, atMs, word };
          }),
        );
        index.check(window, intervalMs);
        index.check({}, intervalMs);
      }
    }),
    numRuns(100),
  );
}

describe("counts, lists and exports of a growing index", () => {
  it("are those of the documents while times go on", () => growAndCheck(() => 1));

  it("are those of the documents while times go back and forth", () =>
    growAndCheck((place) => (place % 3 === 1 ? -1 : 1)));

  it("stay right when a record comes late, between others", () => {
    const index = new GrowingIndex();
    const doc = (seq: number) => ({ seq, atMs: baseMs + seq * 1_000, word: "bye" });
    index.add([doc(1), doc(2), doc(600_000), doc(600_001)]);
    index.check({}, 60_000);

    index.add([doc(300_000)]);

    index.check({}, 60_000);
    index.check({ fromMs: baseMs + 2_000 }, 60_000);
  });

  it("find the few records without a word among many that have it, whatever stretch they are in", () => {
    const index = new GrowingIndex();
    const without = new Set([1, 1023, 1024, 1976, 1977, 2600]);
    const doc = (seq: number) => ({
      seq,
      atMs: baseMs + seq * 1_000,
      word: without.has(seq) ? "other" : "bye",
    });
    index.add(Array.from({ length: 3000 }, (_, at) => doc(at + 1)));
    const find = (request: object) =>
      idsOf(index.reader.search({ query: "NOT m:bye", size: 9, ...request }).hits);

    assert.deepEqual(find({}), ["2600", "1977", "1976", "1024", "1023", "1"]);
    assert.deepEqual(find({ size: 2 }), ["2600", "1977"]);
    assert.deepEqual(find({ fromMs: baseMs + 2_500_000 }), ["2600"]);
    const scanned = (request: object) =>
      idsOf(index.reader.nextPage(index.reader.openScan({ query: "NOT m:bye", ...request })));
    assert.deepEqual(scanned({}), ["1", "1023", "1024", "1976", "1977", "2600"]);
    assert.deepEqual(scanned({ toMs: baseMs + 1_500_000 }), ["1", "1023", "1024"]);
  });

  it("take only the part of a bar that is in the asked time", () => {
    const index = new GrowingIndex();
    index.add(
      Array.from({ length: 200 }, (_none, k) => ({ seq: k + 1, atMs: baseMs + k * 1_000, word: "bye" })),
    );

    index.check({ fromMs: baseMs + 30_000, toMs: baseMs + 150_500 }, 60_000);
  });

  it("come from an index of the times once a time has gone back, and only then", () => {
    const index = new GrowingIndex();
    const doc = (seq: number, atMs: number) => ({ seq, atMs: baseMs + atMs, word: "bye" });
    const { db } = index.reader as unknown as { db: DatabaseSync };
    const plans = () =>
      db
        .prepare("EXPLAIN QUERY PLAN SELECT seq, ts FROM d1 ORDER BY ts DESC, seq DESC LIMIT 5")
        .all()
        .map(({ detail }) => String(detail));

    index.add([doc(1, 0), doc(2, 5_000)]);
    assert.ok(plans().some((plan) => plan.includes("TEMP B-TREE")));
    index.add([doc(3, 2_000), doc(4, 61_000)]);

    assert.deepEqual(plans(), ["SCAN d1 USING COVERING INDEX t1"]);
    index.check({ fromMs: baseMs + 1_000, toMs: baseMs + 61_000 }, 60_000);
  });

  it("move with the clock where the query does", () => {
    const index = new GrowingIndex();
    index.add([{ seq: 1, atMs: baseMs, word: "bye" }]);
    const now = Date.now;
    const countAt = (ms: number) => {
      Date.now = () => ms;
      return index.reader.count({ query: 'm:"world bye" AND NOT @timestamp:<now-1m' }).count;
    };
    try {
      assert.equal(countAt(baseMs + 30_000), 1);
      assert.equal(countAt(baseMs + 90_000), 0);
    } finally {
      Date.now = now;
    }
  });

  it("are read once where nothing new can come, and again where it can", () => {
    const index = new GrowingIndex();
    const doc = (seq: number) => ({ seq, atMs: baseMs + seq * 100, word: "bye" });
    index.add(Array.from({ length: 2_000 }, (_none, k) => doc(k + 1)));
    const asked: string[] = [];
    const db = (index.reader as unknown as { db: DatabaseSync }).db;
    const prepare = db.prepare.bind(db);
    db.prepare = (sql: string) => {
      const statement = prepare(sql);
      if (!/count\(\*\)/.test(sql)) return statement;
      const get: (...values: SQLInputValue[]) => unknown = statement.get.bind(statement);
      return Object.assign(statement, {
        get: (...values: SQLInputValue[]) => {
          asked.push(sql);
          return get(...values);
        },
      });
    };
    const histogram = () => index.reader.histogram({ query: "m:bye", intervalMs: 10_000 });

    histogram();
    const first = asked.splice(0).length;
    histogram();
    const again = asked.splice(0).length;
    index.add([doc(2_001)]);
    histogram();

    assert.equal(first, 21);
    assert.equal(again, 0);
    assert.equal(asked.length, 1);
  });

  it("look into no document twice", () => {
    const index = new GrowingIndex();
    // Too long to be listed: a listed value needs no look.
    const word = `bye ${"x".repeat(300)}`;
    const doc = (seq: number) => ({ seq, atMs: baseMs + seq * 100, word });
    index.add(Array.from({ length: 500 }, (_none, k) => doc(k + 1)));
    const parse = JSON.parse;
    const looked = (work: () => void) => {
      let times = 0;
      JSON.parse = (...given: Parameters<typeof parse>) => {
        if (String(given[0]).startsWith('{"m":"world')) times += 1;
        return parse(...given);
      };
      try {
        work();
      } finally {
        JSON.parse = parse;
      }
      return times;
    };
    // Words that may stand apart are told by no pair of theirs.
    const search = () => index.reader.search({ query: 'm:"world bye"~1', size: 10 });

    assert.equal(
      looked(() => assert.equal(search().total, 500)),
      500,
    );
    index.add([doc(501)]);
    assert.equal(
      looked(() => assert.equal(search().total, 501)),
      1,
    );
  });
});

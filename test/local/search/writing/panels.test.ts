/** Counts of saved queries, told by tokens where these are enough. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { mappingOf } from "../../../../local/search/documents/mapping";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexReader } from "../../../../local/search/reading/reader";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { arrivalMs, factMapping } from "../small-index";

const nothing = { throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] };
/** Longer than any value that is listed. */
const long = "z".repeat(300);

class Counted {
  private readonly writer: IndexWriter;
  private readonly db = new DatabaseSync(":memory:");
  private seq = 0;

  constructor(
    private readonly queries: readonly string[],
    mapping = factMapping,
  ) {
    this.db.exec(fileSchema);
    const panels = queries.map((query) => ({ title: query, query }));
    this.writer = new IndexWriter(this.db, panels, mapping);
  }

  /** What a reader counts now. */
  asked(): number[] {
    const reader = new IndexReader(this.db);
    return this.queries.map((query) => reader.count({ query }).count);
  }

  add(texts: readonly string[]): number[] {
    return this.addDocuments(texts.map((m) => ({ m })));
  }

  addDocuments(documents: readonly { readonly m: unknown }[]): number[] {
    const seqs = documents.map(() => ++this.seq);
    this.writer.write({
      seqs: Float64Array.from(seqs),
      arrivalsMs: Float64Array.from(seqs, () => arrivalMs),
      ids: seqs.map(String),
      indices: seqs.map(() => "one"),
      sources: documents.map((document) => JSON.stringify(document)),
    });
    return this.writer.settle(nothing).panelCounts;
  }
}

/** How often a document is taken apart meanwhile. */
function parsedIn(work: () => void): number {
  const { parse } = JSON;
  let times = 0;
  JSON.parse = (...given: Parameters<typeof parse>) => {
    if (String(given[0]).startsWith('{"m":')) times++;
    return parse(...given);
  };
  try {
    work();
  } finally {
    JSON.parse = parse;
  }
  return times;
}

describe("a panel with a phrase", () => {
  it("counts the documents that have it, whenever its words became frequent and wherever they stand", () => {
    const counted = new Counted([
      'm:"disk full"',
      'NOT m:"disk full"',
      'm:again AND NOT m:"disk full"',
      'm:"disk full again"',
      'm:"disk full" OR m:"full again"',
      'm:"full disk"~3 AND m:x',
    ]);
    counted.add(Array.from({ length: 20 }, () => `disk full, again ${long}`));
    const texts = [
      "disk full again",
      `full disk ${long}`,
      `disk full x full again ${long}`,
      `disk x full again ${long}`,
      "x again",
      "disk full",
    ];

    assert.deepEqual(counted.add(texts), [23, 3, 2, 21, 24, 2]);
  });

  it("takes no document apart for it where tokens tell enough", () => {
    const counted = new Counted(['m:"disk full"', 'NOT m:"full again"', 'm:"no such words"']);
    counted.add(Array.from({ length: 20 }, () => `disk full again ${long}`));
    const texts = [`disk full again ${long}`, `x disk full, again ${long}`, `none of them ${long}`];
    let counts: number[] = [];

    const parsed = parsedIn(() => {
      counts = counted.add(texts);
    });

    assert.deepEqual(counts, [22, 1, 0]);
    assert.equal(parsed, texts.length);
  });
});

describe("a panel of numbers, addresses or whole values", () => {
  const mapping = mappingOf({
    settings: {},
    mappings: {
      properties: {
        m: { type: "keyword", ignore_above: 10 },
        n: { type: "long", ignore_malformed: true },
        d: { type: "double", ignore_malformed: true },
        ip: { type: "ip", ignore_malformed: true },
      },
    },
  });
  const told = [
    "n:>=500",
    "n:404",
    "NOT n:[1 TO 3]",
    "d:[-0.5 TO 1.5]",
    'ip:"10.0.0.0/8"',
    'ip:"10.0.0.1"',
    "m:ok",
  ];
  const document = (at: number) => ({
    m: ["ok", "no", "too long to be kept", ["ok", "no"]][at % 4],
    n: [200, 404, "503", -1, 2, [1, 500], "none", "9007199254740993"][at % 8],
    d: [1.5, -0.5, -0, 1e3, "x"][at % 5],
    ip: ["10.0.0.1", "10.9.9.9", "11.0.0.0", "fe80::1", "?"][at % 5],
  });
  const some = Array.from({ length: 40 }, (_, at) => document(at));

  it("counts what a reader finds", () => {
    const counted = new Counted([...told, "m:other1", "m:other1199", "m:none", "m:o*"], mapping);
    // More values than are listed: those that come behind them leave no more than their beginnings.
    const others = Array.from({ length: 1200 }, (_, at) => ({ ...document(at), m: `other${at}` }));

    assert.deepEqual(counted.addDocuments([...some, ...others]), counted.asked());
    assert.deepEqual(
      counted.addDocuments([...some, { m: "other1" }, { m: "other1199" }, { m: "none" }]),
      counted.asked(),
    );
  });

  it("takes no document apart for it", () => {
    const counted = new Counted(told, mapping);
    counted.addDocuments(some);

    assert.equal(
      parsedIn(() => counted.addDocuments(some)),
      some.length,
    );
  });
});

/** Counts of saved queries with phrases, told by tokens where these are enough. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { fileSchema } from "../../../../local/search/file/tables";
import { IndexWriter } from "../../../../local/search/writing/writer";
import { arrivalMs, factMapping } from "../small-index";

const nothing = { throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] };
/** Longer than any value that is listed. */
const long = "z".repeat(300);

class Counted {
  private readonly writer: IndexWriter;
  private seq = 0;

  constructor(queries: readonly string[]) {
    const db = new DatabaseSync(":memory:");
    db.exec(fileSchema);
    const panels = queries.map((query) => ({ title: query, query }));
    this.writer = new IndexWriter(db, panels, factMapping);
  }

  add(texts: readonly string[]): number[] {
    const seqs = texts.map(() => ++this.seq);
    this.writer.write({
      seqs: Float64Array.from(seqs),
      arrivalsMs: Float64Array.from(seqs, () => arrivalMs),
      ids: seqs.map(String),
      indices: seqs.map(() => "one"),
      sources: texts.map((m) => JSON.stringify({ m })),
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

import { strict as assert } from "node:assert";
import { QueryError } from "../../../../local/rooms";
import { smallIndex } from "../small-index";

const large = (n: number) => ({
  n,
  text: "x".repeat(1_000_000),
  "@timestamp": new Date(n * 1000).toISOString(),
});

describe("the bounds of an answer", () => {
  it("end a page before its documents have more than the bytes asked for, and keep the first in any case", () => {
    const { reader } = smallIndex([1, 2, 3, 4].map(large));
    const ids = (maxBytes: number) =>
      reader.search({ query: "", size: 4, maxBytes }).hits.map(({ _id }) => _id);

    assert.deepEqual(ids(2_500_000), ["3", "2"]);
    assert.deepEqual(ids(1), ["3"]);
    assert.equal(reader.search({ query: "", size: 4, maxBytes: 1 }).total, 4);
  });

  it("make pages of few large documents for an export, and leave none out", () => {
    const { reader } = smallIndex(Array.from({ length: 20 }, (_, n) => large(n)));
    const scan = reader.openScan({ query: "" });
    const pages: string[][] = [];
    for (let page = reader.nextPage(scan); page.length > 0; page = reader.nextPage(scan))
      pages.push(page.map(({ _id }) => _id));

    assert.deepEqual(
      pages.flat(),
      Array.from({ length: 20 }, (_, n) => String(n)),
    );
    assert.ok(
      pages.every((page) => page.length <= 12),
      JSON.stringify(pages.map(({ length }) => length)),
    );
  });

  it("refuse a histogram of more bars than asked for", () => {
    const { reader } = smallIndex([1, 2, 3].map((n) => ({ "@timestamp": new Date(n * 1000).toISOString() })));
    const bars = (maxBars: number) => reader.histogram({ query: "", intervalMs: 1000, maxBars }).bars.length;

    assert.equal(bars(3), 3);
    assert.throws(() => bars(2), QueryError);
  });

  it("match an index pattern of many stars at once", () => {
    const { reader } = smallIndex([{ a: 1 }]);

    assert.equal(reader.count({ query: "", index: `${"*".repeat(60)}x` }).count, 0);
    assert.equal(reader.count({ query: "", index: `${"*".repeat(60)}l` }).count, 1);
  });
});

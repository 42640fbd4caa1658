/** A data folder of the first format, two of whose documents have times beyond what JavaScript reads as a number. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { EmbeddedIndex } from "../../../../local/rooms";
import { openEmbeddedIndex } from "../../../../local/search/embedded-index";

describe("an index of the first format", () => {
  let folder: string;
  let index: EmbeddedIndex;
  const notices: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "search-older-"));
    const file = join(folder, "index.sqlite");
    writeFileSync(file, gunzipSync(readFileSync(join(__dirname, "index-of-the-first-format.sqlite.gz"))));
    const panels = [{ title: "bye", query: "message:bye" }];
    index = await openEmbeddedIndex({ file, panels, onNotice: (text) => notices.push(text) });
  });
  after(async () => {
    await index.close();
    rmSync(folder, { recursive: true });
  });

  it("opens with its counts, its fields as they were read, and not a word", async () => {
    assert.deepEqual(notices, []);
    assert.deepEqual(index.totals(), { throughSeq: 6, indexed: 6, dropped: 0, failed: 0 });
    assert.deepEqual(await index.panelCounts(), [2]);
    const counts: Record<string, number> = {};
    for (const query of ["n:[1 TO 2]", "n.keyword:x", "f:1.5", 'ip:"10.1.2.3"', "message.keyword:bye"])
      counts[query] = (await index.count({ query })).count;
    assert.deepEqual(counts, {
      "n:[1 TO 2]": 2,
      "n.keyword:x": 1,
      "f:1.5": 1,
      'ip:"10.1.2.3"': 1,
      "message.keyword:bye": 0,
    });
  });

  it("answers searches, histograms and exports over documents of impossible times", async () => {
    const { total, hits } = await index.search({ query: "" });
    assert.equal(total, 6);
    assert.ok(hits.every(({ timestampMs }) => Number.isSafeInteger(timestampMs)));
    assert.deepEqual((await index.search({ query: "@timestamp:>2100" })).total, 2);
    const { bars } = await index.histogram({ query: "", intervalMs: 3_600_000 });
    assert.equal(
      bars.reduce((sum, { count }) => sum + count, 0),
      6,
    );
    const exported: string[] = [];
    for await (const page of index.scan({ query: "" })) exported.push(...page.map(({ _id }) => _id));
    assert.deepEqual(exported.toSorted(), ["e.1", "e.2", "e.3", "e.4", "e.5", "e.6"]);
  });
});

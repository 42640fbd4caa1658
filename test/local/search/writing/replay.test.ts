import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { EmbeddedIndex, IndexDocument } from "../../../../local/rooms";
import { openEmbeddedIndex } from "../../../../local/search/embedded-index";

const startMs = Date.UTC(2026, 10, 25, 12);
const name = "example-2026-11-25-12";

const document = (seq: number, source: string, index = name): IndexDocument => ({
  seq,
  id: `epoch.${seq}`,
  index,
  arrivalMs: startMs + seq * 1000,
  source,
});

describe("embedded index, replay", () => {
  let folder: string;
  let index: EmbeddedIndex;
  const open = () =>
    openEmbeddedIndex({
      file: join(folder, "index.db"),
      panels: [
        { title: "total", query: "" },
        { title: "bye", query: "message:bye" },
      ],
    });
  const refused = [document(2, ""), document(3, "")];
  const counts = () => {
    const { indexed, failed, throughSeq } = index.totals();
    return { indexed, failed, throughSeq };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "search-"));
    index = await open();
    // Record 1 came in, 2 and 3 failed, 4 came in.
    await index.write([document(1, '{"n":1}'), document(4, '{"n":4}')]);
    await index.settle({ throughSeq: 4, indexed: 2, dropped: 0, failed: 2, failedObjects: [], refused });
  });

  afterEach(async () => {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("moves what comes in from failed to indexed, under its own id, also over a restart [B48]", async () => {
    const outcomes = await index.replay([document(2, '{"message":"bye"}'), document(3, '{"n":"many"}')]);

    assert.equal(outcomes[0], "indexed");
    assert.match((outcomes[1] as { refused: string }).refused, /^mapper_parsing_exception: /);
    for (const restart of [false, true]) {
      if (restart) {
        await index.close();
        index = await open();
      }
      assert.deepEqual(counts(), { indexed: 3, failed: 1, throughSeq: 4 });
      assert.deepEqual(await index.panelCounts(), [3, 1]);
      const { total, hits } = await index.search({ query: "", size: 10 });
      assert.deepEqual([total, hits.map(({ _id }) => _id).sort()], [3, ["epoch.1", "epoch.2", "epoch.4"]]);
    }
  });

  it("leaves what is there already as it is: nothing is there twice, nothing is counted twice [B48]", async () => {
    await index.replay([document(2, '{"n":2}')]);

    const again = await index.replay([
      document(2, '{"n":2}'),
      document(3, '{"n":3}'),
      document(3, '{"n":3}'),
    ]);

    assert.deepEqual(again, ["already there", "indexed", "already there"]);
    assert.deepEqual(counts(), { indexed: 4, failed: 0, throughSeq: 4 });
    assert.equal((await index.count({ query: "" })).count, 4);
  });

  it("counts a record once, though its index was dropped in between", async () => {
    await index.replay([document(2, '{"n":2}')]);
    await index.dropIndicesCreatedBefore(startMs + 3_600_000);

    assert.deepEqual(await index.replay([document(2, '{"n":2}')]), ["indexed"]);
    assert.deepEqual(counts(), { indexed: 3, failed: 1, throughSeq: 4 });
  });

  it("takes nothing in that did not fail, or not there and then, and says so", async () => {
    const outcomes = await index.replay([
      document(5, "{}"),
      document(1, '{"n":1}', "example-2026-11-25"),
      document(2, "{}", "example-2026-11-25"),
      { ...document(3, "{}"), arrivalMs: startMs },
    ]);

    assert.deepEqual(outcomes, [
      { refused: "record 5 did not fail at the index" },
      { refused: "record 1 did not fail at the index" },
      { refused: `record 2 failed in the index ${name}, and arrived at 2026-11-25T12:00:02.000Z` },
      { refused: `record 3 failed in the index ${name}, and arrived at 2026-11-25T12:00:03.000Z` },
    ]);
    assert.deepEqual(counts(), { indexed: 2, failed: 2, throughSeq: 4 });
    assert.equal((await index.count({ query: "" })).count, 2);
    assert.deepEqual(await index.panelCounts(), [2, 0]);
    assert.deepEqual(await index.indices().then((all) => all.map((one) => one.index)), [name]);
  });

  it("believes a file of an earlier version which records failed, but makes no document twice", async () => {
    await index.close();
    const file = new DatabaseSync(join(folder, "index.db"));
    file.exec("DROP TABLE refused; DELETE FROM meta WHERE key = 'refused_after'");
    file.close();
    index = await open();
    await index.settle({ throughSeq: 6, indexed: 0, dropped: 1, failed: 1, failedObjects: [] });

    const outcomes = await index.replay([
      document(1, '{"n":1}', "example-2026-11-25"),
      document(2, '{"n":2}'),
      document(5, '{"n":5}'),
    ]);

    assert.deepEqual(outcomes, [
      "already there",
      "indexed",
      { refused: "record 5 did not fail at the index" },
    ]);
    assert.deepEqual(counts(), { indexed: 3, failed: 2, throughSeq: 6 });
  });

  it("waits while others are written and not settled", async () => {
    await index.write([document(5, '{"n":5}')]);
    let done = false;
    const replayed = index.replay([document(2, '{"n":2}')]).then(() => {
      done = true;
    });
    // The reader answers only behind what the writer would have done at once.
    for (let n = 0; n < 20; n++) assert.equal((await index.count({ query: "n:2" })).count, 0);
    assert.equal(done, false);

    await index.settle({ throughSeq: 5, indexed: 1, dropped: 0, failed: 0, failedObjects: [] });
    await replayed;

    assert.deepEqual(counts(), { indexed: 4, failed: 1, throughSeq: 5 });
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EmbeddedIndex, FailedObject, IndexDocument, SavedQuery } from "../../../local/rooms";
import { openEmbeddedIndex } from "../../../local/search/embedded-index";

const T0 = Date.UTC(2026, 10, 25, 12);
const PANELS: readonly SavedQuery[] = [
  { title: "total", query: "" },
  { title: "bye", query: "message:bye" },
];
const noMore = { dropped: 0, failed: 0, failedObjects: [] };

function documentsOf(sources: readonly string[], from = 1, index = "example-2026-11-25-12"): IndexDocument[] {
  return sources.map((source, at) => ({
    seq: from + at,
    id: `id-${from + at}`,
    index,
    arrivalMs: T0 + (from + at) * 1000,
    source,
  }));
}

function failedObject(key: string): FailedObject {
  return { key, body: "{}", records: 1, errorCode: "400", errorMessage: "refused", atMs: T0 };
}

describe("embedded index", () => {
  let folder: string;
  let index: EmbeddedIndex;
  const open = async (panels = PANELS) => openEmbeddedIndex({ file: join(folder, "index.db"), panels });
  const put = async (sources: readonly string[], from = 1, name?: string) => {
    const refusals = await index.write(documentsOf(sources, from, name));
    await index.settle({
      throughSeq: from + sources.length - 1,
      indexed: sources.length - refusals.length,
      ...noMore,
    });
    return refusals;
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "search-"));
    index = await open();
  });

  afterEach(async () => {
    await index.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("shows nothing of what was written before it is settled", async () => {
    await index.write(documentsOf(['{"message":"bye 1"}']));
    assert.equal((await index.count({ query: "" })).count, 0);
    assert.deepEqual(await index.panelCounts(), [0, 0]);
    await index.settle({ throughSeq: 1, indexed: 1, ...noMore });
    assert.equal((await index.count({ query: "" })).count, 1);
    assert.deepEqual(await index.panelCounts(), [1, 1]);
  });

  it("counts other panels from when it is told, over what is there and what comes, and at the next start", async () => {
    await put(['{"message":"bye 1"}', '{"message":"hello 2"}']);
    const other = [{ title: "hello", query: "message:hello" }, PANELS[0]!];
    await index.write(documentsOf(['{"message":"hello 3"}'], 3));
    const told = index.setPanels(other);
    await index.settle({ throughSeq: 3, indexed: 1, ...noMore });
    await told;
    assert.deepEqual(await index.panelCounts(), [2, 3]);
    await put(['{"message":"hello 4"}'], 4);
    assert.deepEqual(await index.panelCounts(), [3, 4]);
    await assert.rejects(index.setPanels([{ title: "torn", query: "(" }]), { name: "QueryError" });
    assert.deepEqual(await index.panelCounts(), [3, 4]);
    await index.close();
    index = await open(other);
    assert.deepEqual(await index.panelCounts(), [3, 4]);
  });

  it("settles several writes in one step", async () => {
    await index.write(documentsOf(['{"message":"bye 1"}']));
    await index.write(documentsOf(['{"message":"bye 2"}'], 2));
    await index.settle({ throughSeq: 2, indexed: 2, ...noMore });
    assert.equal((await index.count({ query: "message:bye" })).count, 2);
  });

  it("undoes a write that was not settled, and takes the same documents again exactly once", async () => {
    await put(['{"message":"bye 1"}']);
    await index.write(documentsOf(['{"message":"bye 2"}'], 2));
    await index.close();
    index = await open();
    assert.equal(index.totals().throughSeq, 1);
    await put(['{"message":"bye 2"}'], 2);
    assert.equal((await index.count({ query: "message:bye" })).count, 2);
    assert.deepEqual(index.totals(), { throughSeq: 2, indexed: 2, dropped: 0, failed: 0 });
    assert.deepEqual(await index.panelCounts(), [2, 2]);
  });

  it("keeps a document once that is handed over twice", async () => {
    await put(['{"message":"bye 1"}']);
    await index.write(documentsOf(['{"message":"bye 1"}']));
    await index.settle({ throughSeq: 1, indexed: 0, ...noMore });
    assert.equal((await index.count({ query: "message:bye" })).count, 1);
  });

  it("keeps the failed objects of a ledger entry until they are taken out", async () => {
    const failedObjects = [failedObject("a"), failedObject("b")];
    await index.settle({ throughSeq: 2, indexed: 0, dropped: 0, failed: 2, failedObjects });
    assert.deepEqual(await index.outbox(), failedObjects);
    await index.removeFromOutbox(["a"]);
    assert.deepEqual(await index.outbox(), [failedObject("b")]);
    assert.deepEqual(
      (await index.recentFailures(10)).map(({ key }) => key),
      ["b", "a"],
    );
  });

  it("counts a panel anew that asks something else than at the last run", async () => {
    await put(['{"message":"bye 1"}', '{"message":"hello 2"}', '{"message":"hello 3"}']);
    await index.close();
    index = await open([{ title: "hello", query: "message:hello" }, ...PANELS]);
    assert.deepEqual(await index.panelCounts(), [2, 3, 1]);
  });

  it("drops an index with its documents and counts", async () => {
    await put(['{"message":"bye 1"}'], 1, "old");
    await put(['{"message":"bye 2"}', '{"message":"bye 3"}'], 10, "new");
    assert.deepEqual(await index.dropIndicesCreatedBefore(T0 + 5000), ["old"]);
    assert.deepEqual(
      (await index.indices()).map(({ index, count }) => ({ index, count })),
      [{ index: "new", count: 2 }],
    );
    assert.deepEqual(await index.panelCounts(), [2, 2]);
  });

  it("finds the newest documents over all indices, page by page", async () => {
    await put(['{"message":"bye 1"}', '{"message":"bye 2"}'], 1, "a");
    await put(['{"message":"bye 3"}', '{"message":"bye 4"}'], 3, "b");
    const { total, hits } = await index.search({ query: "message:bye", from: 1, size: 2 });
    assert.equal(total, 4);
    assert.deepEqual(
      hits.map(({ _id, _index }) => [_id, _index]),
      [
        ["id-3", "b"],
        ["id-2", "a"],
      ],
    );
  });

  it("looks only into the indices that fit the pattern", async () => {
    await put(['{"message":"bye 1"}'], 1, "a-1");
    await put(['{"message":"bye 2"}'], 2, "b-1");
    assert.equal((await index.count({ query: "", index: "a-*" })).count, 1);
    assert.equal((await index.count({ query: "", index: "a" })).count, 0);
  });

  it("counts within a time range and per interval, whatever the order of the times", async () => {
    const at = (second: number, word: string) =>
      JSON.stringify({ message: word, "@timestamp": T0 + second * 1000 });
    for (const [name, seconds] of [
      ["ordered", [0, 5, 65, 130]],
      ["mixed", [130, 5, 65, 0]],
    ] as const) {
      await put(
        seconds.map((second) => at(second, second === 65 ? "hello" : "bye")),
        name === "ordered" ? 1 : 5,
        name,
      );
      const range = { fromMs: T0 + 5000, toMs: T0 + 130_000, index: name };
      assert.equal((await index.count({ query: "", ...range })).count, 2, name);
      assert.equal((await index.count({ query: "message:bye", ...range })).count, 1, name);
      assert.equal((await index.count({ query: "NOT message:bye", ...range })).count, 1, name);
      assert.equal((await index.count({ query: 'message:"bye"', ...range })).count, 1, name);
      assert.deepEqual(
        (await index.histogram({ query: "message:bye", intervalMs: 60_000, index: name })).bars,
        [
          { startMs: T0, count: 2 },
          { startMs: T0 + 120_000, count: 1 },
        ],
      );
      const { hits } = await index.search({ query: "message:bye", size: 2, index: name });
      assert.deepEqual(
        hits.map(({ timestampMs }) => timestampMs),
        [T0 + 130_000, T0 + 5000],
      );
    }
  });

  it("hands out all matches, oldest first", async () => {
    await put(Array.from({ length: 2500 }, (_, at) => `{"message":"bye ${at}"}`));
    const ids: string[] = [];
    for await (const page of index.scan({ query: "message:bye" })) ids.push(...page.map(({ _id }) => _id));
    assert.equal(ids.length, 2500);
    assert.equal(ids[0], "id-1");
    assert.equal(ids.at(-1), "id-2500");
  });

  it("tells fields with types and top values", async () => {
    await put(['{"level":"info","n":1}', '{"level":"info","n":2.5}', '{"level":"warn"}']);
    const fields = (await index.fields({ query: "" })).fields;
    assert.deepEqual(fields[0], {
      name: "level",
      type: "text",
      top: [
        { value: "info", count: 2 },
        { value: "warn", count: 1 },
      ],
    });
    assert.deepEqual(fields[1], { name: "level.keyword", type: "keyword", top: [] });
    assert.deepEqual(fields[2]?.type, "long");
  });

  it("refuses a second opening of the file, in words", async () => {
    await assert.rejects(open(), /in use by another process/);
  });

  it("names the panel whose query is wrong", async () => {
    await index.close();
    await assert.rejects(open([{ title: "broken", query: "a AND" }]), /panel "broken".*character/);
    index = await open();
  });
});

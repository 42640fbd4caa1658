/** An export of a million documents, read slowly, while more of them come in. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { EmbeddedIndex, IndexDocument } from "../../local/rooms";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { temporaryFolder } from "../local/fakes";

const million = 1_000_000;
const batch = 10_000;
const MiB = 1024 * 1024;
const startMs = Date.UTC(2026, 10, 25);

const documentsFrom = (first: number): IndexDocument[] =>
  Array.from({ length: batch }, (_, i) => {
    const seq = first + i;
    const hour = Math.floor(seq / 250_000);
    return {
      seq,
      id: String(seq),
      index: `example-2026-11-25-${String(hour).padStart(2, "0")}`,
      arrivalMs: startMs + hour * 3_600_000,
      source: `{"message":"hello world ${seq}"}`,
    };
  });

describe("an export of a million documents", function () {
  this.timeout(900_000);
  let index: EmbeddedIndex;
  let settled = 0;
  const write = async (): Promise<void> => {
    assert.deepEqual(await index.write(documentsFrom(settled + 1)), []);
    settled += batch;
    await index.settle({ throughSeq: settled, indexed: batch, dropped: 0, failed: 0, failedObjects: [] });
  };
  before(async function () {
    index = await openEmbeddedIndex({ file: join(temporaryFolder(this), "index.sqlite"), panels: [] });
    while (settled < million) await write();
  });
  after(() => index.close());

  it("has each document of its beginning once, whatever comes in meanwhile, in bounded memory", async () => {
    const seen = new Uint8Array(million + 1);
    const before = process.memoryUsage.rss();
    let most = 0;
    let pages = 0;
    for await (const page of index.scan({ query: "message:hello" })) {
      for (const { _id } of page) if (Number(_id) <= million) seen[Number(_id)]!++;
      if (pages++ % 50 === 0) await write();
      most = Math.max(most, process.memoryUsage.rss() - before);
    }
    assert.ok(settled > million, "nothing came in meanwhile");
    assert.deepEqual(
      [seen.subarray(1).every((times) => times === 1), seen[0]],
      [true, 0],
      "a document is missing or there twice",
    );
    assert.ok(most < 300 * MiB, `the export took ${Math.round(most / MiB)} MiB`);
    process.stdout.write(
      `      ${million} exported, ${settled - million} came in; ${Math.round(most / MiB)} MiB more at most\n`,
    );
  });
});

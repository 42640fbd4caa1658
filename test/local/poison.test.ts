/** One record must never hurt another, nor the next start. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { writeButBlank } from "../../local/deliver/blank-documents";
import type { EmbeddedIndex, IndexDocument } from "../../local/rooms";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { processors } from "../../processors";
import { stepOverProcessors } from "../property-runs";
import { temporaryFolder } from "./fakes";
import { arrivalMs, documentsOf } from "./poison-documents";
import { innocent, poisons } from "./poison-records";

describe("records that could hurt", () => {
  let file: string;
  let index: EmbeddedIndex;

  before(async function () {
    file = join(temporaryFolder(this), "index.sqlite");
    index = await openEmbeddedIndex({ file, panels: [{ title: "all", query: "" }] });
  });
  after(() => index.close());

  it(`are at least 60 by every processor: each settles, its neighbours arrive, all can be found and exported, the next start is clean`, async () => {
    assert.ok(poisons.length >= 60, `${poisons.length} records`);
    let seq = 0;
    const document = (source: string): IndexDocument => {
      seq++;
      return { seq, id: `e.${seq}`, index: "poison", arrivalMs, source };
    };
    let [accepted, refused, innocents] = [0, 0, 0];
    const tried = new Set<string>();
    for (const [place, name] of Object.keys(processors).entries()) {
      const records = poisons.filter((_, at) => (at + place) % stepOverProcessors === 0);
      const written = { indexed: 0, failed: 0 };
      for (const { title, source } of await documentsOf(name, records)) {
        if (tried.has(source)) continue;
        tried.add(source);
        const batch = [document(innocent.toString()), document(source), document(innocent.toString())];
        const refusals = await writeButBlank(index, batch);
        assert.deepEqual(
          refusals.filter(({ position }) => position !== 1),
          [],
          title,
        );
        written.failed += refusals.length;
        written.indexed += 3 - refusals.length;
        innocents += 2;
      }
      await index.settle({ throughSeq: seq, ...written, dropped: 0, failedObjects: [] });
      accepted += written.indexed + written.failed;
      refused += written.failed;
    }
    const check = async (): Promise<void> => {
      assert.equal((await index.count({ query: "innocent" })).count, innocents);
      assert.equal((await index.search({ query: "", size: 100 })).total, accepted - refused);
      await index.fields({ query: "" });
      await index.histogram({ query: "", intervalMs: 3_600_000 });
      let exported = 0;
      for await (const page of index.scan({ query: "" })) exported += page.length;
      assert.equal(exported, accepted - refused);
      const { indexed, failed } = index.totals();
      assert.deepEqual([indexed, failed], [accepted - refused, refused]);
    };
    await check();
    await index.close();
    const notices: string[] = [];
    index = await openEmbeddedIndex({
      file,
      panels: [{ title: "all", query: "" }],
      onNotice: (notice) => notices.push(notice),
    });
    await check();
    assert.deepEqual(notices, []);
  });
});

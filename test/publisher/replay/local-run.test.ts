import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AnyFailedRecord, failedRecordLines } from "../../../firehose/failed-record";
import { replayDocuments } from "../../../local/replay-documents";
import type { EmbeddedIndex } from "../../../local/rooms";
import { openEmbeddedIndex } from "../../../local/search/embedded-index";
import { intoLocalRun } from "../../../publisher/replay/documents";
import { Marks } from "../../../publisher/replay/marks";
import { folderStore } from "../../../publisher/replay/objects";
import { type ReplaySummary, replay } from "../../../publisher/replay/replay";
import { DashboardOfTest } from "../../local/dashboard/dashboard-of-test";
import { arrival, document, name } from "./failed-records";

const failed = (text: string, id: string): AnyFailedRecord => ({
  ...document(text, id),
  esIndexName: "example-2026-03-01",
});

describe("publisher/replay into a local run", () => {
  let dir: string;
  let index: EmbeddedIndex;
  let dashboard: DashboardOfTest;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "replay-"));
    index = await openEmbeddedIndex({ file: join(dir, "index.sqlite"), panels: [] });
    const refused = [1, 2, 3].map((seq) => ({ seq, arrivalMs: arrival, index: "example-2026-03-01" }));
    await index.settle({ throughSeq: 3, indexed: 0, dropped: 0, failed: 3, failedObjects: [], refused });
    const into = { epoch: "e", indexName: "example", index };
    dashboard = await new DashboardOfTest().start({
      replay: (documents) => replayDocuments(into, documents),
    });
    const path = join(dir, "s3", "failed", "AmazonOpenSearchService_failed", name);
    mkdirSync(dirname(path), { recursive: true });
    const lines = [
      failed('{"n":1}', "e.1"),
      failed('{"n":2}', "e.2"),
      failed("torn", "e.3"),
      failed("{}", "aws-id"),
    ];
    writeFileSync(path, failedRecordLines(lines));
  });

  afterEach(async () => {
    await dashboard.close();
    await index.close();
    rmSync(dir, { recursive: true });
  });

  const run = (said: string[], again = false): Promise<ReplaySummary> =>
    replay(
      {
        store: folderStore(join(dir, "s3")),
        marks: new Marks(join(dir, "replayed.ndjson")),
        selection: {},
        backups: false,
        again,
        say: (text) => said.push(text),
      },
      {
        put: async () => [],
        send: {},
        throughTransform: false,
        putDocuments: intoLocalRun(dashboard.url, "firehose-opensearch-dev"),
      },
    );

  it("puts documents into the index under their ids; the counts add up, twice is once [B48]", async () => {
    const said: string[] = [];

    const first = await run(said);
    const again = await run([], true);

    deepStrictEqual([first.indexed, first.alreadyThere, first.notAccepted], [2, 0, 2]);
    deepStrictEqual([again.indexed, again.alreadyThere, again.notAccepted], [0, 2, 2]);
    match(said.join("\n"), /refused again: mapper_parsing_exception|refused again: /);
    match(said.join("\n"), /document aws-id is of another data folder or of AWS/);
    const { indexed, failed: still } = index.totals();
    deepStrictEqual([indexed, still], [2, 1]);
    strictEqual((await index.count({ query: "" })).count, 2);
  });

  it("says what to do where the local run delivers to an OpenSearch of its own", async () => {
    await dashboard.close();
    dashboard = await new DashboardOfTest().start();

    const { notAccepted, stopped } = await run([]);

    strictEqual(notAccepted, 4);
    match(stopped ?? "", /takes no documents itself: name the OpenSearch .* with --documents-to URL$/);
  });
});

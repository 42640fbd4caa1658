/** The local run's search API and a real OpenSearch 2.19 give the same answers to the same bodies. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenSearchNode, openSearchMissing, startOpenSearch } from "../../engines/opensearch/node";
import { type SearchApi, startSearchApi } from "../../local/rest/server";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { needs } from "./needs";
import { answerDifference, askBoth } from "./opensearch/body-comparison";
import { createIndex, fillEmbedded, fillNode } from "./opensearch/comparison";
import { bodiesTemplate, bodyDocuments, variedBodies } from "./opensearch/varied-bodies";

const SEED = Number(process.env["SEED"] ?? 1);
const DOCUMENTS = 2000;
const BODIES = Number(process.env["REST_BODIES"] ?? 400);
const BODIES_PER_TEST = 100;

describe("the search API beside a real OpenSearch", function () {
  this.timeout(900_000);
  let node: OpenSearchNode;
  let index: Awaited<ReturnType<typeof openEmbeddedIndex>>;
  let api: SearchApi;
  let folder: string;

  before(async function () {
    needs(this, openSearchMissing());
    node = await startOpenSearch();
    folder = mkdtempSync(join(tmpdir(), "rest-differential-"));
    index = await openEmbeddedIndex({ file: join(folder, "index.db"), panels: [], template: bodiesTemplate });
    api = await startSearchApi({ port: 0, searcher: index, name: "test" });
    const documents = bodyDocuments(DOCUMENTS, SEED);
    await createIndex(node, "bodies", bodiesTemplate);
    const refused = await fillNode(node, "bodies", documents);
    assert.deepEqual(await fillEmbedded(index, "bodies", documents), refused);
  });

  after(async () => {
    await api?.close();
    await index?.close();
    await node?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const bodies = variedBodies(BODIES, SEED);
  for (let from = 0; from < BODIES; from += BODIES_PER_TEST) {
    it(`answers bodies ${from + 1} to ${from + BODIES_PER_TEST} of seed ${SEED} the same`, async () => {
      const wrong: string[] = [];
      for (const body of bodies.slice(from, from + BODIES_PER_TEST)) {
        const { real, ours } = await askBoth(node, api.url, "/bodies/_search", body);
        const differs = answerDifference(real, ours);
        if (differs !== undefined) wrong.push(`${JSON.stringify(body)}\n    ${differs}`);
      }
      assert.deepEqual(wrong, []);
    });
  }
});

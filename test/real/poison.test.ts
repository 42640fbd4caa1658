/** A real OpenSearch gives each record that could hurt the same verdict as the embedded index, and none hurts another. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { type OpenSearchNode, openSearchMissing } from "../../engines/opensearch/node";
import { indexTemplate } from "../../infra/domain/object-bodies";
import { systemClock } from "../../local/clock";
import { writeButBlank } from "../../local/deliver/blank-documents";
import { type BulkClient, BulkDestination } from "../../local/remote/bulk-destination";
import type { EmbeddedIndex, IndexDocument } from "../../local/rooms";
import type { TemplateBody } from "../../local/search/documents/mapping";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { processorChain, processors } from "../../processors";
import { aStream } from "../local/fakes";
import { arrivalMs, documentsOf } from "../local/poison-documents";
import { innocent } from "../local/poison-records";
import { needs } from "./needs";
import { createIndex } from "./opensearch/comparison";
import { sharedOpenSearch } from "./opensearch/shared-node";

/** See docs/fidelity.md: taken there and refused here. */
const differing = ['@timestamp "-292278995-01-01T00:00:00Z"', "UTF-16"];

describe("records that could hurt, beside a real OpenSearch", function () {
  this.timeout(900_000);
  let node: OpenSearchNode;
  let folder: string;

  before(async function () {
    needs(this, openSearchMissing());
    node = await sharedOpenSearch();
    folder = mkdtempSync(join(tmpdir(), "poison-"));
  });
  after(async () => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  const templateOf = (name: string): TemplateBody => {
    const chain = processorChain(name);
    assert.ok(typeof chain !== "string");
    const settings = {
      indexName: name,
      indexRotation: "NoRotation",
      engineVersion: "OpenSearch_2.19",
    } as const;
    const body = indexTemplate(
      { baseName: name, owner: "test" },
      { ...settings, instanceCount: 1, indexRetentionDays: 1, processorChain: chain },
    ).body;
    return (body as { template: TemplateBody }).template;
  };

  for (const name of Object.keys(processors)) {
    it(`${name}: is refused by both or by none, and its neighbours arrive in both`, async () => {
      const template = templateOf(name);
      const there = `poison-${name}`;
      await createIndex(node, there, template);
      const file = join(folder, `${name}.sqlite`);
      const index: EmbeddedIndex = await openEmbeddedIndex({ file, panels: [], template });
      const client = new Client({ node: node.url, maxRetries: 0 }) as unknown as BulkClient;
      const { destination: plan } = aStream();
      const real = new BulkDestination({ client, plan, ledger: index, clock: systemClock });
      const made = await documentsOf(name);
      const document = (source: string, at: number): IndexDocument => ({
        seq: at + 1,
        id: String(at + 1),
        index: there,
        arrivalMs,
        source,
      });
      const documents = made
        .flatMap(({ source }) => [source, innocent.toString()])
        .map((source, at) => document(source, at));
      const verdicts = async (target: EmbeddedIndex | BulkDestination): Promise<string[]> => {
        const refusals = await writeButBlank(target, documents);
        assert.deepEqual(
          refusals.filter(({ position }) => position % 2 === 1),
          [],
        );
        const titles = refusals.map(({ position }) => made[position / 2]!.title);
        return titles.filter((title) => !differing.some((end) => title.endsWith(`: ${end}`))).sort();
      };
      const [ours, theirs] = [await verdicts(index), await verdicts(real)];
      await index.settle({ throughSeq: 0, indexed: 0, dropped: 0, failed: 0, failedObjects: [] });
      await index.close();
      assert.deepEqual(ours, theirs);
    });
  }
});

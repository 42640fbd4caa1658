/** 10,000 generated events through the processors: each is taken by a real OpenSearch and by the embedded index, and each of its values is found. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenSearchNode, openSearchMissing } from "../../engines/opensearch/node";
import { indexTemplate } from "../../infra/domain/object-bodies";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { processorChain } from "../../processors";
import { transformHandlerFactory } from "../../processors/handler";
import type { Processor } from "../../processors/processor";
import { eventOf } from "../processors/emitted";
import { type GeneratedEvent, generatedEvents } from "./generated-events";
import { needs } from "./needs";
import { sharedOpenSearch } from "./opensearch/shared-node";

const count = 10_000;
/** Events whose values are looked for: a search over all fields takes long. */
const searched = 500;
const perRequest = 500;

interface Template {
  readonly settings: Record<string, unknown>;
  readonly mappings: Record<string, unknown>;
}

/** The documents of a chain, as many as events and in their order. */
async function documentsOf(name: string, events: readonly GeneratedEvent[]): Promise<string[]> {
  const handler = transformHandlerFactory(processorChain(name) as Processor[])();
  const documents: string[] = [];
  for (let at = 0; at < events.length; at += perRequest) {
    const records = events
      .slice(at, at + perRequest)
      .map(({ text }, i) =>
        name === "json-events"
          ? text
          : JSON.stringify({ messageType: "DATA_MESSAGE", logEvents: [{ id: `${at + i}`, message: text }] }),
      );
    const answer = await handler(eventOf(records));
    for (const { result, data } of answer.records) {
      assert.equal(result, "Ok");
      documents.push(Buffer.from(data!, "base64").toString("utf8"));
    }
  }
  return documents;
}

describe("documents of foreign shapes", function () {
  this.timeout(900_000);
  let node: OpenSearchNode;
  let folder: string;
  before(async function () {
    needs(this, openSearchMissing());
    node = await sharedOpenSearch();
    folder = mkdtempSync(join(tmpdir(), "documents-"));
  });
  after(async () => {
    if (folder) rmSync(folder, { recursive: true });
  });

  const call = async (method: string, path: string, body?: string) => {
    const answer = await node.call(method, path, body);
    assert.equal(answer.status, 200, answer.body.slice(0, 1000));
    return JSON.parse(answer.body);
  };

  for (const name of ["json-events", "cloudwatch-logs"]) {
    // The node is shared with suites that name indices by processors too.
    const there = `documents-${name}`;
    it(`are all taken and found, of ${name}, by OpenSearch 2.19 and the embedded index alike`, async () => {
      const events = generatedEvents(count, 7);
      const documents = await documentsOf(name, events);
      const { template } = indexTemplate(
        { baseName: name, owner: "test" },
        {
          indexName: name,
          indexRotation: "NoRotation",
          engineVersion: "OpenSearch_2.19",
          instanceCount: 1,
          indexRetentionDays: 1,
          processorChain: processorChain(name) as Processor[],
        },
      ).body as unknown as { template: Template };
      await call("PUT", `/${there}`, JSON.stringify(template));
      const refused: string[] = [];
      for (let at = 0; at < documents.length; at += perRequest) {
        const lines = documents
          .slice(at, at + perRequest)
          .map((document, i) => `{"index":{"_id":"${at + i}"}}\n${document}\n`);
        const { items } = await call("POST", `/${there}/_bulk`, lines.join(""));
        for (const { index } of items)
          if (index.error) refused.push(`${JSON.stringify(index.error)} ${documents[index._id]}`);
      }
      assert.deepEqual(refused.slice(0, 3), [], `${refused.length} refused`);
      await call("POST", `/${there}/_refresh`);
      const looked = findable(events.slice(0, searched), documents);
      await findAll(name, looked, async (words) => {
        const lines = words.map(
          (query) =>
            `{}\n${JSON.stringify({ size: 2, _source: false, query: { query_string: { query } } })}\n`,
        );
        const { responses } = await call("POST", `/${there}/_msearch`, lines.join(""));
        return responses.map(({ hits, error }: { hits: { hits: { _id: string }[] }; error: unknown }) => {
          assert.equal(error, undefined, JSON.stringify(error));
          return hits.hits.map(({ _id }) => _id);
        });
      });
      const index = await openEmbeddedIndex({
        file: join(folder, `${name}.db`),
        panels: [],
        template: template as never,
      });
      try {
        const refusals = await index.write(
          documents.map((source, i) => ({
            seq: i + 1,
            id: `${i}`,
            index: name,
            arrivalMs: 1_772_366_400_000,
            source,
          })),
        );
        assert.deepEqual(refusals.slice(0, 3), []);
        const settled = { throughSeq: count, indexed: count, dropped: 0, failed: 0, failedObjects: [] };
        await index.settle(settled);
        // Each word is asked of every field, of which json-events has thousands.
        const few = looked.slice(0, name === "json-events" ? 30 : 200);
        await findAll(`${name}, embedded`, few, async (words) => {
          const found: string[][] = [];
          for (const query of words) {
            const { hits } = await index.search({ query, from: 0, size: 2 } as never);
            found.push(hits.map(({ _id }) => _id));
          }
          return found;
        });
      } finally {
        await index.close();
      }
    });
  }
});

/** Without those that have a name with `_` in front: a search that names no field leaves such out, as for metadata. */
function findable(events: readonly GeneratedEvent[], documents: readonly string[]) {
  return events
    .map((event, i) => ({ ...event, id: `${i}` }))
    .filter(({ id }) => !Object.keys(JSON.parse(documents[+id]!)).some((key) => key.startsWith("_")));
}

/** Looks for up to three values of each event; each is in that event alone. */
async function findAll(
  name: string,
  events: ReturnType<typeof findable>,
  search: (words: readonly string[]) => Promise<string[][]>,
): Promise<void> {
  const wanted = events.flatMap(({ words, id, text }) =>
    [...words.slice(0, 2), ...words.slice(-1)].map((word) => ({ word, id, text })),
  );
  for (let at = 0; at < wanted.length; at += perRequest) {
    const part = wanted.slice(at, at + perRequest);
    const found = await search(part.map(({ word }) => word));
    part.forEach(({ word, id, text }, i) => {
      assert.deepEqual(found[i], [id], `${name}: ${word} of ${text.slice(0, 2000)}`);
    });
  }
}

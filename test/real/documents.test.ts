/** 10,000 generated events through the processors: both real engines and the embedded index take the same of them, and find their values. */
import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startElasticsearch } from "../../engines/elasticsearch/node";
import type { JavaNode } from "../../engines/java-node/java-node";
import { openSearchMissing } from "../../engines/opensearch/node";
import type { EmbeddedIndex } from "../../local/rooms";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import {
  documentsOf,
  fillEmbedded,
  findAll,
  findEmbedded,
  RealIndex,
  sampleValues,
  type Template,
  templateOf,
} from "./generated-documents";
import { type GeneratedEvent, generatedEvents } from "./generated-events";
import { needs } from "./needs";
import { sharedOpenSearch } from "./opensearch/shared-node";

const count = 10_000;
/** Values of each chain that are looked for: each is asked of every field. */
const searched = 600;

/** Answered alike by all; they ask texts, numbers, lists of texts, what does not fit and what is there at all. */
const queries = [
  "*",
  "_exists_:overflow",
  "_exists_:json.overflow",
  "_exists_:user",
  "status:[1 TO 300]",
  "status:w*",
  "total:0 OR json.total:0",
  "user:id OR json.user:id",
  "kubernetes:app OR json.kubernetes:app",
  'log.level:error OR level:"error"',
  "httpRequest.clientIp:192.0.2.0\\/24",
  "18446744073709551615",
];

/**
 * More names than an index takes, in events of 50 and then of one: each event with a new name makes a node change its
 * mapping, which takes a fifth of a second.
 */
const manyNames = Array.from({ length: 45 }, (_, i) =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: i < 30 ? 50 : 1 }, (_, n) => [`${"abcd"[n % 4]}${n}_${i}`, n % 2 ? "x" : n]),
    ),
  ),
);

interface Made {
  /** Of each query. */
  readonly counts: readonly number[];
  /** Places of the documents that were one name too many. */
  readonly refused: readonly number[];
}

const chains = ["json-events", "cloudwatch-logs"];

const engines = [
  { engine: "OpenSearch 2.19", version: "OpenSearch_2.19", start: sharedOpenSearch, isShared: true },
  { engine: "Elasticsearch 7.10", version: "Elasticsearch_7.10", start: startElasticsearch, isShared: false },
] as const;

describe("documents of foreign shapes", function () {
  this.timeout(900_000);
  let folder: string;
  before(function () {
    needs(this, openSearchMissing());
    folder = mkdtempSync(join(tmpdir(), "documents-"));
    events = generatedEvents(count, 7);
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  async function withEmbedded<T>(
    name: string,
    template: Template,
    use: (index: EmbeddedIndex) => Promise<T>,
  ): Promise<T> {
    const index = await openEmbeddedIndex({
      file: join(folder, `${name}.db`),
      panels: [],
      template: template as never,
    });
    try {
      return await use(index);
    } finally {
      await index.close();
    }
  }

  let events: readonly GeneratedEvent[];
  const documents = (name: string) =>
    documentsOf(
      name,
      events.map(({ text }) => text),
    );
  /** What the embedded index makes of the documents of each chain, which each engine has to make of them too. */
  const here = new Map<string, Promise<Made>>();
  const madeHere = (name: string): Promise<Made> => {
    const made = here.get(name) ?? makeHere(name);
    here.set(name, made);
    return made;
  };
  async function makeHere(name: string): Promise<Made> {
    const sources = await documents(name);
    const template = templateOf(name, "OpenSearch_2.19");
    const made = await withEmbedded(name, template, async (index) => {
      assert.deepEqual(await fillEmbedded(index, name, sources), []);
      await findAll(name, sampleValues(events, sources, searched), (words) => findEmbedded(index, words));
      const counts: number[] = [];
      for (const query of queries) counts.push((await index.count({ query })).count);
      return counts;
    });
    const many = await documentsOf(name, manyNames);
    const refused = await withEmbedded(`${name}-many`, template, (index) => fillEmbedded(index, name, many));
    return { counts: made, refused };
  }

  for (const name of chains) {
    it(`are all taken and found, of ${name}, by the embedded index`, async () => {
      const { counts, refused } = await madeHere(name);
      assert.equal(counts[0], count);
      assert.ok(refused.length > 0 && refused.length < manyNames.length);
    });
  }

  for (const { engine, version, start, isShared } of engines) {
    describe(`by ${engine}`, () => {
      let node: JavaNode;
      before(async () => {
        node = await start();
      });
      after(async () => {
        if (!isShared) await node?.stop();
      });

      for (const name of chains) {
        it(`are all taken and found, of ${name}, with the counts of the embedded index`, async () => {
          // The node is shared with suites that name indices by processors too.
          const index = new RealIndex(node, `documents-${name}`);
          const sources = await documents(name);
          assert.deepEqual(await index.fill(templateOf(name, version), sources), []);
          await findAll(`${engine}, ${name}`, sampleValues(events, sources, searched), (words) =>
            index.find(words),
          );
          const counts: number[] = [];
          for (const query of queries) counts.push(await index.count(query));
          assert.deepEqual(counts, (await madeHere(name)).counts);
        });

        it(`are refused beyond the index's number of fields, of ${name}, where the embedded index refuses them`, async () => {
          const index = new RealIndex(node, `documents-${name}-many`);
          const refused = await index.fill(templateOf(name, version), await documentsOf(name, manyNames));
          assert.deepEqual(refused, (await madeHere(name)).refused);
        });
      }
    });
  }
});

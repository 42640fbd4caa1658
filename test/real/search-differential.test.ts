/** The embedded index and a real OpenSearch 2.19 with this project's index template give the same answers. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OpenSearchNode, openSearchMissing } from "../../engines/opensearch/node";
import { indexTemplate } from "../../infra/domain/object-bodies";
import type { EmbeddedIndex } from "../../local/rooms";
import type { TemplateBody } from "../../local/search/documents/mapping";
import { tokenize } from "../../local/search/documents/tokens";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { allFieldFacts } from "../local/search/query/facts-fields";
import { syntaxFacts } from "../local/search/query/facts-syntax";
import { valueFacts } from "../local/search/query/facts-values";
import { factTemplate } from "../local/search/small-index";
import { needs } from "./needs";
import {
  askEmbedded,
  askNode,
  countEmbedded,
  countNode,
  createIndex,
  difference,
  fillEmbedded,
  fillNode,
} from "./opensearch/comparison";
import { randomFrom } from "./opensearch/random";
import { sharedOpenSearch } from "./opensearch/shared-node";
import { MALFORMED, PIECES, variedDocuments, WORDS } from "./opensearch/varied-documents";
import { variedQueries } from "./opensearch/varied-queries";

const SEED = Number(process.env["SEED"] ?? 1);
const DOCUMENTS = Number(process.env["DIFFERENTIAL_DOCUMENTS"] ?? 20_000);
const QUERIES = Number(process.env["DIFFERENTIAL_QUERIES"] ?? 2000);
const QUERIES_PER_TEST = 200;
const COUNTS = 400;
const FACTS = [...syntaxFacts, ...valueFacts, ...allFieldFacts];

describe("the embedded index beside a real OpenSearch", function () {
  this.timeout(900_000);
  let node: OpenSearchNode;
  let index: EmbeddedIndex;
  let folder: string;
  const names = { baseName: "varied", owner: "test" };
  const { template } = indexTemplate(names, {
    indexName: "varied",
    indexRotation: "NoRotation",
    engineVersion: "OpenSearch_2.19",
    instanceCount: 1,
    indexRetentionDays: 1,
    processorChain: [],
  }).body as { template: TemplateBody };

  before(async function () {
    needs(this, openSearchMissing());
    node = await sharedOpenSearch();
    folder = mkdtempSync(join(tmpdir(), "differential-"));
    index = await openEmbeddedIndex({ file: join(folder, "index.db"), panels: [], template });
  });

  after(async () => {
    await index?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("is held to facts that the real node shows too", async () => {
    const wrong: string[] = [];
    for (const [at, { title, documents, answers }] of FACTS.entries()) {
      const name = `fact-${at}`;
      await createIndex(node, name, factTemplate);
      await fillNode(
        node,
        name,
        documents.map((each) => (typeof each === "string" ? each : JSON.stringify(each))),
      );
      const queries = Object.keys(answers);
      const real = await askNode(node, name, queries);
      for (const [place, query] of queries.entries()) {
        const expected = answers[query] as readonly number[] | "error";
        const stated =
          expected === "error" ? { error: "" } : { ids: expected.map((each) => String(each + 1)) };
        const differs = difference(real[place] as (typeof real)[number], stated);
        if (differs !== undefined) wrong.push(`${title}: ${query}: ${differs}`);
      }
      await node.call("DELETE", `/${name}`);
    }
    assert.deepEqual(wrong, []);
  });

  it("cuts the same tokens", async () => {
    const random = randomFrom(SEED);
    const texts = Array.from({ length: 300 }, () =>
      Array.from(
        { length: 8 },
        () => random.pick([...PIECES, ...WORDS]) + random.pick([" ", "", "-", ".", ":", "_", "'"]),
      ).join(""),
    );
    for (const text of texts) {
      const { body } = await node.call("POST", "/_analyze", JSON.stringify({ analyzer: "standard", text }));
      const { tokens } = JSON.parse(body) as { tokens: { token: string }[] };
      assert.deepEqual(
        tokenize(text),
        tokens.map(({ token }) => token),
        text,
      );
    }
  });

  it("refuses malformed documents alone, as the real node does", async () => {
    const documents = MALFORMED.flatMap((malformed, at) => [`{"m":"good ${at}"}`, malformed]);
    await createIndex(node, "malformed", template);
    const real = await fillNode(node, "malformed", documents);
    const apart = await openEmbeddedIndex({ file: join(folder, "malformed.db"), panels: [], template });
    try {
      const ours = await fillEmbedded(apart, "malformed", documents);
      assert.deepEqual([...ours].sort(), [...real].sort());
      assert.equal(real.size, MALFORMED.length);
    } finally {
      await apart.close();
    }
  });

  it(`refuses the same of ${DOCUMENTS} varied documents`, async () => {
    const documents = variedDocuments(DOCUMENTS, SEED);
    await createIndex(node, "varied", template);
    const real = await fillNode(node, "varied", documents);
    const ours = await fillEmbedded(index, "varied", documents);
    assert.ok(real.size > 0);
    assert.deepEqual([...ours].sort(), [...real].sort());
  });

  const queries = variedQueries(QUERIES, SEED);
  for (let from = 0; from < QUERIES; from += QUERIES_PER_TEST) {
    it(`answers queries ${from + 1} to ${from + QUERIES_PER_TEST} of seed ${SEED} the same`, async () => {
      const asked = queries.slice(from, from + QUERIES_PER_TEST);
      const real = await askNode(node, "varied", asked);
      const wrong: string[] = [];
      for (const [at, query] of asked.entries()) {
        const differs = difference(
          real[at] as (typeof real)[number],
          await askEmbedded(index, query, at % 10 === 0),
        );
        if (differs !== undefined) wrong.push(`${query}: ${differs}`);
      }
      assert.deepEqual(wrong, []);
    });
  }

  it(`counts the same for ${COUNTS} other queries, and says how long each side took`, async () => {
    const asked = variedQueries(COUNTS, SEED + 1);
    const [here, there]: [number[], number[]] = [[], []];
    for (const query of asked) {
      const startMs = performance.now();
      const ours = await countEmbedded(index, query);
      const middleMs = performance.now();
      const real = await countNode(node, "varied", query);
      here.push(middleMs - startMs);
      there.push(performance.now() - middleMs);
      if (ours !== undefined) assert.equal(ours, real, query);
    }
    for (const [side, times] of Object.entries({ here, there })) {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] as number).toFixed(1);
      console.log(`      ${side}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, at worst ${at(1)} ms`);
    }
  });
});

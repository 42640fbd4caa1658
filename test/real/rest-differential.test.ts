/** The local run's search API and a real OpenSearch 2.19 give the same answers to the same bodies. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
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

  it("answers several searches in one request, and tells what is wrong with one, the same", async () => {
    const all = `{"size":0,"track_total_hits":true}`;
    const wrong: unknown[] = [];
    const compare = async (path: string, text: string) => {
      const [ours, real] = [
        await severalAsked(api.url + path, text),
        await severalAsked(node.url + path, text),
      ];
      if (!isDeepStrictEqual(ours, real)) wrong.push({ path, text, ours, real });
    };
    for (const lines of [
      ["{}", all, `{"index":"bodies"}`, `{"query":{"match_none":{}}}`],
      ["", all, `{"index":["bod*","-x"]}`, all],
      [`{"index":"none"}`, all, `{"index":"none","ignore_unavailable":true}`, all, "{}", all],
      [`{"index":[]}`, all, "", all],
      ["{}", `{"query":{"query_string":{"query":"(a"}}}`, "{}", all],
      ["{}", `{"nonesuch":1}`, "{}", all],
      ["{}", `{"size":-1}`],
      ["{}", "{"],
      [`{"nonesuch":1}`, all],
      [`{"index":7}`, all],
      ["{}", "[]"],
    ])
      for (const path of ["/bodies/_msearch", "/bodies/_msearch?rest_total_hits_as_int=true"])
        await compare(path, `${lines.join("\n")}\n`);
    for (const text of ["", "\n", "{}", `{}\n${all}`]) await compare("/_msearch", text);
    assert.deepEqual(wrong, []);
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

interface Told {
  readonly status: number;
  readonly error?: { readonly type: string };
  readonly hits?: { readonly total: unknown };
  readonly responses?: readonly Told[];
}

/** Status, kind of error, and how many there are, of the whole and of each. */
async function severalAsked(url: string, text: string): Promise<unknown> {
  const headers = { "content-type": "application/x-ndjson" };
  const answer = await fetch(url, { method: "POST", headers, body: text });
  const { error, responses = [] } = (await answer.json()) as Told;
  return [answer.status, error?.type, responses.map((one) => [one.status, one.error?.type, one.hits?.total])];
}

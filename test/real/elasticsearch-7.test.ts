/** What the program makes for `engineVersion: Elasticsearch_7.10`, on a real Elasticsearch 7.10. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Client } from "@opensearch-project/opensearch";
import { startElasticsearch } from "../../engines/elasticsearch/node";
import { type JavaNode, javaNodeMissing } from "../../engines/java-node/java-node";
import type { AnyObject, PlainObject } from "../../infra/domain-call/objects";
import { systemClock } from "../../local/clock";
import { type BulkClient, BulkDestination } from "../../local/remote/bulk-destination";
import { OpenSearchSearcher } from "../../local/remote/opensearch-searcher";
import type { Destination, EmbeddedIndex, IndexDocument } from "../../local/rooms";
import type { TemplateBody } from "../../local/search/documents/mapping";
import { openEmbeddedIndex } from "../../local/search/embedded-index";
import { type Evaluation, evaluate } from "../infra/evaluate";
import { invoke, loadHandler } from "../infra/run-closure";
import { StubDomain } from "../infra/stub-domain";
import { aStream } from "../local/fakes";
import { factsThatDiffer } from "./elasticsearch/facts";
import { needs } from "./needs";

const root = resolve(__dirname, "../..");
/** In an order that the program allows. */
const kinds = ["index-template"] as const;
/** Objects of plugins that nobody publishes as jars of this version: a stand-in takes them. */
const kindsOfPlugins = ["role", "role-mapping", "retention", "saved-objects"] as const;
const index = "example-2026-11-25-10";
const arrivalMs = Date.UTC(2026, 10, 25, 10);

/** Hello and bye, some with a time of their own; a text, half an object, and a time that is none. */
const sources = Array.from({ length: 300 }, (_, n) => {
  if (n === 50) return "hello there";
  if (n === 100) return '{"message":"hello';
  if (n === 200) return '{"message":"bye at noon","@timestamp":"noon"}';
  const time =
    n % 3 === 0 ? { "@timestamp": `2026-11-25T09:${String(n % 60).padStart(2, "0")}:00.000Z` } : {};
  const message = `${n % 2 === 0 ? "hello" : "bye"} world ${n}`;
  return JSON.stringify({ message, status: 200 + (n % 5), user: { name: `U-${n % 7}` }, ...time });
});
const refused = [50, 100, 200];
/** Query and number of its documents; undefined: only that both sides agree. */
const queries: readonly (readonly [query: string, count?: number])[] = [
  ["", 297],
  ["hello", 147],
  ["message:bye", 150],
  ["message:hello OR message:bye", 297],
  ["bye AND status:201"],
  ["status:>=203"],
  ["status:[201 TO 202}"],
  ["NOT message:hello", 150],
  ['"hello world"', 147],
  ["mes\\*:wor?d", 297],
  ["user.name:u"],
  ["user.name.keyword:U-3"],
  ["message:/he[l]+o/", 147],
  ["message:helo~1", 147],
  ["@timestamp:[2026-11-25T09:30 TO 2026-11-25T09:59]"],
  ["_exists_:status", 297],
  ["nothing:here", 0],
];

describe("Elasticsearch 7.10", () => {
  let node: JavaNode;
  let stub: StubDomain;
  let program: Evaluation;
  let code: string;

  before(async function () {
    needs(this, javaNodeMissing());
    node = await startElasticsearch();
    stub = await StubDomain.start();
    program = await evaluate({ engineVersion: "Elasticsearch_7.10" });
    code = (await program.archive("domain-objects"))["__index.js"]!;
    for (const kind of kinds) await call(objectOf(kind), "create");
  });
  after(async () => {
    await stub?.close();
    await node?.stop();
  });

  const objectOf = <T extends AnyObject = PlainObject>(kind: T["kind"]): T =>
    JSON.parse(program.one("aws:lambda/invocation:Invocation", `-${kind}`).inputs["input"]);
  const template = () => (objectOf("index-template").body as { template: TemplateBody }).template;
  /** Runs the emitted text as its resource is created, changed or destroyed. */
  const call = (object: AnyObject, action: string, ENDPOINT = node.url) =>
    invoke(loadHandler(code, { environment: { ENDPOINT } }), {
      ...object,
      tf: { action, prev_input: action === "update" ? object : null },
    });
  const json = async (method: string, path: string, body?: string) => {
    const answer = await node.call(method, path, body);
    assert.equal(answer.status, 200, answer.body);
    return JSON.parse(answer.body);
  };

  it("takes the program's index template, and takes it again unchanged", async () => {
    const template = objectOf("index-template");
    const first = await json("GET", template.path);
    assert.equal(first.index_templates[0].index_template._meta.owner, template.owner);
    for (const action of ["create", "update"]) await call(template, action);
    assert.deepEqual(await json("GET", template.path), first);
  });

  it("has other paths than OpenSearch for what its plugins take; a stand-in takes it here", async () => {
    for (const kind of kindsOfPlugins) await call(objectOf<AnyObject>(kind), "create", stub.url);
    const paths = new Set(stub.asked.map(({ path }) => /^\/\w+\/\w+/.exec(path)?.[0]));
    const ofPlugins = ["/_opendistro/_ism", "/_opendistro/_security", "/_plugin/kibana"];
    assert.deepEqual([...paths].sort(), ["/_cat/indices", ...ofPlugins]);
    assert.ok(stub.object(objectOf("role").path) && stub.policies.size === 1);
  });

  it("gives a new index the template's fields and settings", async () => {
    const { mappings: expected } = template();
    const simulated = await json("POST", `/_index_template/_simulate_index/${index}`);
    await json("PUT", `/${index}-created`);
    const created = (await json("GET", `/${index}-created`))[`${index}-created`];
    await json("DELETE", `/${index}-created`);
    for (const { mappings, settings } of [simulated.template, created]) {
      assert.deepEqual(mappings, expected);
      assert.equal(settings.index.final_pipeline, undefined);
      assert.equal(settings.index.mapping.total_fields.limit, "2000");
    }
  });

  describe("with documents of the project's own delivery", () => {
    let folder: string;
    let embedded: EmbeddedIndex;
    const documents: IndexDocument[] = sources.map((source, at) => ({
      seq: at + 1,
      id: `d.${at}`,
      index,
      arrivalMs,
      source,
    }));
    const refusedBy = async (destination: Pick<Destination, "write">) =>
      (await destination.write(documents)).map(({ position }) => position);

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "elasticsearch-7-"));
      embedded = await openEmbeddedIndex({
        file: join(folder, "index.db"),
        panels: [],
        template: template(),
      });
    });
    after(async () => {
      await embedded?.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    });

    it("refuses malformed documents alone, as the embedded index does", async () => {
      const troubles: string[] = [];
      const destination = new BulkDestination({
        client: new Client({ node: node.url }) as unknown as BulkClient,
        plan: { ...aStream().destination, retryDurationSeconds: 1 },
        ledger: embedded,
        clock: systemClock,
      });
      destination.onTrouble = (text) => void (text !== undefined && troubles.push(text));
      assert.deepEqual(await refusedBy(destination), refused);
      assert.deepEqual(troubles, []);
      assert.deepEqual(await refusedBy(embedded), refused);
      const indexed = documents.length - refused.length;
      const counts = { indexed, dropped: 0, failed: refused.length, failedObjects: [] };
      await embedded.settle({ throughSeq: documents.length, ...counts });
      await json("POST", `/${index}/_refresh`);
      assert.equal((await json("GET", `/${index}/_count`)).count, indexed);
    });

    it("stored the documents unchanged", async () => {
      for (const at of [0, 1]) {
        const { _source } = await json("GET", `/${index}/_doc/d.${at}`);
        assert.deepEqual(_source, JSON.parse(sources[at]!));
      }
    });

    it("answers queries with the same counts as the embedded index", async () => {
      const searcher = new OpenSearchSearcher({ url: node.url, indexName: "example", panels: [] });
      for (const [query, count] of queries) {
        const { count: there } = await searcher.count({ query });
        const { count: here } = await embedded.count({ query });
        assert.equal(there, here, query);
        if (count !== undefined) assert.equal(there, count, query);
        else assert.ok(there > 0 && there < documents.length, `${query}: ${there}`);
        assert.equal((await searcher.search({ query })).total, there, query);
      }
    });
  });

  it("finds what OpenSearch finds, but for a regular expression in capitals", async () => {
    const { asked, differences } = await factsThatDiffer(node);
    assert.ok(asked >= 300, String(asked));
    assert.deepEqual(
      differences.map(({ query }) => query),
      ["m:/ERR.*/"],
    );
  });

  // Groups run after the single tests that stand beside them.
  describe("at the end", () => {
    it("adds up for npm run demo, which prepares it by the program's closure and delivers to it", async () => {
      const args = ["-r", "./register.cjs", "local/demo.ts", "500", "--json", "--opensearch", node.url];
      args.push("--set", "engineVersion=Elasticsearch_7.10", "--set", "indexName=of-demo");
      const options = { cwd: root, encoding: "utf8", timeout: 240_000 } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
      assert.equal(status, 0, stderr);
      const { seconds, ...counts } = JSON.parse(stdout);
      const all = { published: 500, indexed: 500, backedUp: 500, total: 500, bye: 500 };
      assert.deepEqual(counts, { ...all, dropped: 0, failed: 0, hello: 0 });
      assert.equal((await json("GET", "/of-demo-*/_count")).count, 500);
    });

    it("lets go of the program's objects on a destroy, and keeps the documents", async () => {
      const { count } = await json("GET", "/_count");
      for (const kind of [...kinds].reverse()) await call(objectOf(kind), "delete");
      for (const kind of kinds) assert.equal((await node.call("GET", objectOf(kind).path)).status, 404, kind);
      assert.equal((await json("GET", "/_count")).count, count);
    });
  });
});

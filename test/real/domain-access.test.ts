/** Who gets into the domain, and what the program's own function puts there: on a real, secured OpenSearch. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Answer,
  type OpenSearchNode,
  openSearchMissing,
  startOpenSearch,
} from "../../engines/opensearch/node";
import { readerRole, readerRoleMapping } from "../../infra/domain/object-bodies";
import type { IngestPipeline, PlainObject } from "../../infra/domain-call/objects";
import type { DomainCallReply, Evaluated } from "./domain-calls";
import { needs } from "./needs";

type Event = (PlainObject | IngestPipeline) & {
  readonly tf?: { readonly action: string; readonly prev_input?: PlainObject };
};

const password = "Fire-hydrant.of-tests~1";
const firehose = `signed-call:${password}`;
const stranger = `stranger:${password}`;
/** In an order that the program allows. The other kinds need index management and a dashboards server. */
const kinds = ["role", "role-mapping", "index-template"] as const;

describe("access to the domain", () => {
  let node: OpenSearchNode;
  let child: ChildProcess;
  let folder: string;
  let objects: PlainObject[];
  let indexName: string;
  let calls = 0;

  before(async function () {
    needs(this, openSearchMissing());
    folder = mkdtempSync(join(tmpdir(), "domain-access-"));
    node = await startOpenSearch({ security: true });
    const caFile = join(folder, "ca.pem");
    writeFileSync(caFile, node.ca!);
    child = fork(join(__dirname, "domain-calls.ts"), {
      execArgv: ["-r", "ts-node/register"],
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: caFile,
        ENDPOINT: node.url,
        USERNAME: node.user,
        PASSWORD: node.password,
        LOG_FILE: join(folder, "function.log"),
      },
    });
    const [evaluated] = (await once(child, "message")) as [Evaluated];
    indexName = evaluated.indexName;
    const inputs = evaluated.inputs.map((input) => JSON.parse(input) as PlainObject);
    objects = kinds.map((kind) => inputs.find((input) => input.kind === kind)!);
    await user("signed-call", [roleArn()]);
    await user("stranger", []);
  });
  after(async () => {
    if (child?.connected) child.disconnect();
    await node?.stop();
    if (folder) rmSync(folder, { recursive: true });
  });

  /** The domain maps a signed call to the ARN of its IAM role; an internal user with that ARN stands for one. */
  async function user(name: string, backend_roles: string[]): Promise<void> {
    const body = JSON.stringify({ password, backend_roles });
    const { status } = await node.call("PUT", `/_plugins/_security/api/internalusers/${name}`, body);
    assert.equal(status, 201);
  }

  const object = (kind: PlainObject["kind"]) => objects.find((each) => each.kind === kind)!;
  const roleArn = () => (object("role-mapping").body as { backend_roles: string[] }).backend_roles[0]!;

  /** Calls the function once; gives the words of its error, if there is one. */
  async function invoke(event: Event): Promise<string | undefined> {
    const id = calls++;
    const answer = new Promise<DomainCallReply>((resolve) => {
      const listen = (message: DomainCallReply) => {
        if (message.id !== id) return;
        child.off("message", listen);
        resolve(message);
      };
      child.on("message", listen);
    });
    child.send({ id, event: JSON.stringify(event) });
    const { reply } = await answer;
    if ("errorMessage" in reply) return reply.errorMessage;
    assert.deepEqual(JSON.parse(reply.payload), { kind: event.kind, name: event.name });
    return undefined;
  }

  const create = async () => {
    for (const each of objects) assert.equal(await invoke({ ...each, tf: { action: "create" } }), undefined);
  };
  /** In the order of a destroy: what depends on another object goes first. */
  const remove = async () => {
    for (const each of [...objects].reverse())
      assert.equal(await invoke({ ...each, tf: { action: "delete" } }), undefined);
  };
  const read = (path: string) => node.call("GET", path);
  const statuses = () => Promise.all(objects.map(async ({ path }) => (await read(path)).status));

  const index = () => `${indexName}-2026-11-25-10`;
  /** The first document's result: its HTTP status, or that of the whole call where it was refused as a whole. */
  async function bulk(into: string, document: object, login: string): Promise<number> {
    const lines = [{ index: { _index: into, _id: "1" } }, document].map(
      (line) => `${JSON.stringify(line)}\n`,
    );
    const { status, body } = await node.call("POST", "/_bulk?refresh=true", lines.join(""), login);
    return status === 200 ? JSON.parse(body).items[0].index.status : status;
  }
  const source = async (from: string) => {
    const { body } = await read(`/${from}/_doc/1`);
    return JSON.parse(body)._source as Record<string, string>;
  };

  describe("with the program's objects", () => {
    before(create);
    after(remove);

    it("has role, role mapping and index template, with this stack's mark", async () => {
      for (const { path, owner, kind } of objects) {
        const { status, body } = await read(path);
        assert.equal(status, 200, kind);
        assert.ok(body.includes(owner), kind);
      }
    });

    it("lets nobody in without a login, or with a wrong one", async () => {
      for (const login of ["", "master:wrong", "nobody:wrong"]) {
        for (const path of ["/", "/_search", `/${index()}/_doc/1`, object("role").path]) {
          assert.equal((await node.call("GET", path, "", login)).status, 401, `${login} ${path}`);
        }
        assert.equal(await bulk(index(), { message: "hello" }, login), 401);
      }
    });

    it("lets the stream's IAM role index into the stream's indices", async () => {
      assert.equal(await bulk(index(), { message: "hello" }, firehose), 201);
      assert.equal((await source(index()))["message"], "hello");
    });

    it("answers the stream's IAM role 403 on other indices, and on the access rules", async () => {
      for (const other of ["other-2026", `x${indexName}-2026`, indexName]) {
        assert.equal(await bulk(other, { message: "hello" }, firehose), 403, other);
        assert.equal((await read(`/${other}`)).status, 404, other);
      }
      for (const { path, kind } of [object("role"), object("role-mapping")]) {
        assert.equal((await node.call("GET", path, "", firehose)).status, 403, kind);
      }
      for (const path of ["/.opendistro_security/_search", "/other/_search"]) {
        assert.equal((await node.call("GET", path, "", firehose)).status, 403, path);
      }
    });

    it("lets the stream's IAM role ask for the cluster's and its own indices' statistics", async () => {
      const own = [`/${indexName}-*/_stats`, `/${indexName}-*/_mapping`];
      for (const path of ["/_cluster/stats", "/_nodes", "/_nodes/stats", ...own]) {
        assert.equal((await node.call("GET", path, "", firehose)).status, 200, path);
      }
    });

    it("answers a user without a role 403", async () => {
      assert.equal(await bulk(index(), { message: "hello" }, stranger), 403);
      for (const path of [`/${index()}/_search`, "/_search", "/_cluster/stats", object("role").path]) {
        assert.equal((await node.call("GET", path, "", stranger)).status, 403, path);
      }
    });

    it("leaves foreign indices alone that begin alike: no right to write them, no template", async () => {
      const foreign = `${indexName}-customers`;
      assert.equal(await bulk(foreign, { message: "mine" }, firehose), 403);
      await node.call("PUT", `/${foreign}`);
      const { body } = await read(`/${foreign}`);
      assert.deepEqual(JSON.parse(body)[foreign].mappings, {});
      await node.call("DELETE", `/${foreign}`);
    });

    it("gives new indices the template's fields and settings", async () => {
      const { body } = await read(`/${index()}`);
      const { mappings, settings } = JSON.parse(body)[index()];
      const { template } = object("index-template").body as {
        template: { mappings: { properties: Record<string, { type?: string }> } };
      };
      for (const [field, { type }] of Object.entries(template.mappings.properties)) {
        assert.equal(mappings.properties[field]?.type, type, field);
      }
      assert.equal(settings.index.final_pipeline, undefined);
      assert.equal(settings.index.number_of_replicas, "0");
    });

    it("succeeds a second time and changes nothing, as new and as changed", async () => {
      const bodies = (): Promise<Answer[]> => Promise.all(objects.map(({ path }) => read(path)));
      const first = await bodies();
      await create();
      for (const each of objects)
        assert.equal(await invoke({ ...each, tf: { action: "update", prev_input: each } }), undefined);
      assert.deepEqual(await bodies(), first);
    });
  });

  describe("with readers", () => {
    const names = { baseName: "firehose-opensearch-dev", owner: "pulumi:firehose-opensearch/dev" };
    const settings = {
      indexName: "example",
      indexRotation: "OneHour",
      engineVersion: "OpenSearch_2.19",
      instanceCount: 1,
      indexRetentionDays: 1,
      processorChain: [],
    } as const;
    const roleArns = ["arn:aws:iam::111122223333:role/analysts"];
    const analyst = `analyst:${password}`;
    const mapping = readerRoleMapping(names, settings, { roleArns, backendRoles: [] });
    const asked = async (method: string, path: string, body = "") =>
      (await node.call(method, path, body, analyst)).status;

    before(async () => {
      await user("analyst", roleArns);
      await create();
      await invoke({ ...readerRole(names, settings), tf: { action: "create" } });
      await invoke({ ...mapping, tf: { action: "create" } });
      assert.ok((await bulk(index(), { message: "hello" }, firehose)) < 300);
      await node.call("PUT", "/.kibana_1", JSON.stringify({ aliases: { ".kibana": {} } }));
      await node.call("PUT", "/elses-2026", "{}");
    });
    after(async () => {
      await node.call("DELETE", "/.kibana_1,elses-2026");
      await remove();
    });

    it("lets them read the stream's indices and the dashboards that everybody sees", async () => {
      assert.equal(await asked("GET", `/${index()}/_search`), 200);
      assert.equal(await asked("GET", "/example-20*/_count?q=hello"), 200);
      assert.equal(await asked("GET", "/.kibana/_search"), 200);
    });

    it("lets them write nothing and read nothing else", async () => {
      assert.equal(await bulk(index(), { message: "forged" }, analyst), 403);
      assert.equal(await asked("DELETE", `/${index()}`), 403);
      assert.equal(await asked("PUT", "/.kibana/_doc/1", "{}"), 403);
      for (const path of ["/elses-2026/_search", object("role").path, "/_cat/indices"]) {
        assert.equal(await asked("GET", path), 403, path);
      }
    });

    it("lets them in no more when the settings no longer name them", async () => {
      assert.equal(await invoke({ ...mapping, tf: { action: "delete" } }), undefined);
      assert.equal(await asked("GET", `/${index()}/_search`), 403);
      await invoke({ ...readerRole(names, settings), tf: { action: "delete" } });
    });
  });

  describe("with the ingest pipeline of an earlier version", () => {
    const name = "firehose-opensearch-dev-time";
    const pipeline: IngestPipeline = {
      kind: "ingest-pipeline",
      name,
      owner: "pulumi:firehose-opensearch/dev",
      path: `/_ingest/pipeline/${name}`,
    };
    const late = () => `${indexName}-2026-11-24-10`;

    it("takes it from the indices before it goes, which then go on taking documents; no index goes", async () => {
      const processors = [{ set: { field: "@timestamp", value: "{{{_ingest.timestamp}}}" } }];
      const body = { description: `Managed by ${pipeline.owner}`, processors };
      await node.call("PUT", pipeline.path, JSON.stringify(body));
      const settings = { "index.final_pipeline": name };
      await node.call("PUT", `/${late()}`, JSON.stringify({ settings }));
      assert.equal(await bulk(late(), { message: "before" }, `${node.user}:${node.password}`), 201);
      assert.equal(await invoke({ ...pipeline, tf: { action: "delete" } }), undefined);
      assert.equal((await read(pipeline.path)).status, 404);
      assert.equal(await bulk(late(), { message: "after" }, `${node.user}:${node.password}`), 200);
      assert.deepEqual(await source(late()), { message: "after" });
      await node.call("DELETE", `/${late()}`);
    });
  });

  describe("with other people's objects", () => {
    afterEach(remove);

    for (const kind of kinds) {
      it(`refuses to replace a ${kind} of the same name without this stack's mark, and to delete it`, async () => {
        const ours = object(kind);
        const foreign = JSON.parse(JSON.stringify(ours.body).replaceAll(ours.owner, "pulumi:other/dev"));
        if (kind === "role-mapping") assert.equal(await invoke(object("role")), undefined);
        assert.ok((await node.call("PUT", ours.path, JSON.stringify(foreign))).status < 300);
        const before = await read(ours.path);
        const words = (await invoke({ ...ours, tf: { action: "create" } })) ?? "";
        assert.match(words, /^The domain holds .+ already, without the mark ".+" of this stack\. Delete it/);
        assert.ok(words.includes(ours.path) && words.includes(ours.owner), words);
        assert.equal(await invoke({ ...ours, tf: { action: "delete" } }), undefined);
        assert.deepEqual(await read(ours.path), before);
        assert.equal((await node.call("DELETE", ours.path)).status, 200);
      });
    }

    it("deletes this stack's objects alone, and no index", async () => {
      const others = objects.map((each) => {
        const text = JSON.stringify({ ...each, path: each.path.replace(/[^/]+$/, "somebody-else") });
        return JSON.parse(
          text
            .replaceAll(`${indexName}-20*`, "other-20*")
            .replaceAll(each.owner, "by hand")
            .replaceAll(roleArn(), "arn:other"),
        );
      }) as PlainObject[];
      for (const { path, body, kind } of others)
        assert.ok((await node.call("PUT", path, JSON.stringify(body))).status < 300, kind);
      await create();
      assert.equal(await bulk(index(), { message: "kept" }, firehose), 200);
      await remove();
      assert.deepEqual(await statuses(), [404, 404, 404]);
      for (const { path, kind } of others) assert.equal((await read(path)).status, 200, kind);
      assert.equal((await source(index()))["message"], "kept");
      assert.equal(await bulk(index(), { message: "late" }, firehose), 403);
    });

    it("takes a deletion of what is gone already as done", async () => {
      await remove();
      await remove();
      assert.deepEqual(await statuses(), [404, 404, 404]);
    });
  });
});

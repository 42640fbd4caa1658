/** Role, role mapping and index template; the ingest pipeline of earlier versions, which goes. */
import assert from "node:assert/strict";
import type { IngestPipeline, PlainObject } from "../../../infra/domain-call/objects";
import { DomainCalls } from "./call-of-test";

describe("an object behind one path", () => {
  let calls: DomainCalls;
  beforeEach(async () => {
    calls = await DomainCalls.start();
  });
  afterEach(() => calls.close());
  const input = (kind: PlainObject["kind"]) => calls.input<PlainObject>(kind);
  const foreign = { description: "Managed by pulumi:firehose-opensearch/developer" };

  for (const kind of ["role", "role-mapping", "index-template"] as const) {
    it(`${kind}: is created, changed, and taken out again; absence is done`, async () => {
      const object = input(kind);
      assert.deepEqual(await calls.call(object, "create"), { kind, name: object.name });
      assert.deepEqual(calls.stub.object(object.path), object.body);
      await calls.call(object, "update", object);
      assert.equal(calls.stub.objects.size, 1);
      await calls.call(object, "delete");
      assert.equal(calls.stub.objects.size, 0);
      await calls.call(object, "delete");
      const { path } = object;
      assert.deepEqual(calls.stub.changes, [`PUT ${path}`, `PUT ${path}`, `DELETE ${path}`]);
    });

    it(`${kind}: a foreign object of the same name is refused, and left alone on delete`, async () => {
      const object = input(kind);
      calls.stub.put(object.path, foreign);
      await assert.rejects(
        calls.call(object, "create"),
        /without the mark "pulumi:firehose-opensearch\/dev"/,
      );
      await calls.call(object, "delete");
      assert.deepEqual(calls.stub.changes, []);
    });

    it(`${kind}: one that somebody deleted is put again when its revision is raised, and that is said`, async () => {
      const object = input(kind);
      await calls.call(object, "create");
      calls.stub.objects.clear();
      const raised = { ...object, revision: 2 };
      const answer = (await calls.call(raised, "update", object)) as { notes: string[] };
      assert.deepEqual(answer.notes, [`${object.path} was gone and has been put again.`]);
      assert.deepEqual(calls.stub.object(object.path), object.body);
    });

    it(`${kind}: survives an upgrade from Elasticsearch to OpenSearch, which answers under both prefixes`, async () => {
      const object = input(kind);
      const old = { ...object, path: object.path.replace("/_plugins/", "/_opendistro/") };
      await calls.call(old, "create");
      await calls.call(object, "update", old);
      assert.deepEqual(calls.stub.object(object.path), object.body);
    });

    it(`${kind}: is new in another domain, and nothing is looked for or taken out there`, async () => {
      const object = input(kind);
      const before = { ...object, endpoint: "search-other.example", path: `${object.path}-before` };
      const answer = await calls.call(object, "update", before);
      assert.deepEqual(answer, { kind, name: object.name });
      assert.deepEqual(
        calls.stub.asked.map(({ path }) => path).filter((path) => path.endsWith("-before")),
        [],
      );
    });
  }

  it("takes the old object out where an update has another name, under the new engine's prefix", async () => {
    const object = input("role");
    const oldPath = object.path.replace("/_plugins/", "/_opendistro/").replace(object.name, "old");
    const old = { ...object, name: "old", path: oldPath };
    await calls.call(old, "create");
    await calls.call(object, "update", old);
    assert.equal(calls.stub.objects.size, 1);
    assert.deepEqual(calls.stub.object(object.path), object.body);
    assert.equal(calls.stub.changes.at(-1), `DELETE ${oldPath.replace("/_opendistro/", "/_plugins/")}`);
  });

  describe("about the stream's indices", () => {
    const patternsOf = (kind: PlainObject["kind"]): string[] => {
      const body = calls.stub.object(input(kind).path);
      return body.index_patterns ?? body.index_permissions[0].index_patterns;
    };
    const other = (object: PlainObject): PlainObject =>
      JSON.parse(JSON.stringify(object).replaceAll("example-20*-*-*", "web-20*-*-*-*"));

    for (const kind of ["role", "index-template"] as const) {
      it(`${kind}: takes the stream's indices alone`, async () => {
        await calls.call(input(kind), "create");
        assert.deepEqual(patternsOf(kind), ["example-20*-*-*"]);
      });

      it(`${kind}: keeps the former pattern when name or rotation changes, and drops it when it is put again`, async () => {
        const [before, now] = [input(kind), other(input(kind))];
        await calls.call(before, "create");
        await calls.call(now, "update", before);
        assert.deepEqual(patternsOf(kind), ["web-20*-*-*-*", "example-20*-*-*"]);
        await calls.call({ ...now, revision: 2 }, "update", now);
        assert.deepEqual(patternsOf(kind), ["web-20*-*-*-*"]);
      });

      it(`${kind}: loses the wide pattern of earlier versions at once`, async () => {
        const { indices: _, ...before } = other(input(kind));
        await calls.call(input(kind), "update", before);
        assert.deepEqual(patternsOf(kind), ["example-20*-*-*"]);
      });

      it(`${kind}: names foreign indices that its pattern takes in, before anything is put`, async () => {
        calls.stub.indices.set("example-2026-03-01", undefined);
        calls.stub.indices.set("example-customers", undefined);
        await calls.call(input(kind), "create");
        calls.stub.objects.clear();
        calls.stub.asked.length = 0;
        calls.stub.indices.set("example-2026-my-copy", undefined);
        await assert.rejects(calls.call(input(kind), "create"), /no stream made: example-2026-my-copy\./);
        assert.deepEqual(calls.stub.changes, []);
      });

      it(`${kind}: is put on though foreign indices came later, and names them`, async () => {
        await calls.call(input(kind), "create");
        calls.stub.indices.set("example-2026-my-copy", undefined);
        const answer = (await calls.call(input(kind), "update", input(kind))) as { notes: string[] };
        assert.match(answer.notes.join(), /example-2026-my-copy/);
        assert.match(calls.log.join(), /example-2026-my-copy/);
      });
    }
  });

  describe("the ingest pipeline of earlier versions", () => {
    const pipeline = (): IngestPipeline => {
      const { owner } = input("role");
      const name = "firehose-opensearch-dev-time";
      return { kind: "ingest-pipeline", name, owner, path: `/_ingest/pipeline/${name}` };
    };
    const names = (index: string, name: string) =>
      calls.stub.settings.set(index, { "index.final_pipeline": name });
    beforeEach(() => {
      const { owner, path, name } = pipeline();
      calls.stub.put(path, { description: `Managed by ${owner}` });
      for (const index of ["example-2026-03-01-00", "example-2026-03-01-01"]) {
        calls.stub.indices.set(index, undefined);
        names(index, name);
      }
    });

    it("goes after no index names it any more; no index goes", async () => {
      await calls.call(pipeline(), "delete");
      assert.deepEqual(calls.stub.changes, [
        "PUT /example-2026-03-01-00,example-2026-03-01-01/_settings",
        `DELETE ${pipeline().path}`,
      ]);
      assert.deepEqual(calls.stub.settings.get("example-2026-03-01-01"), { "index.final_pipeline": "_none" });
      assert.equal(calls.stub.indices.size, 2);
    });

    it("stays where it is another's, and other indices keep theirs", async () => {
      calls.stub.indices.set("theirs", undefined);
      names("theirs", "their-own");
      await calls.call(pipeline(), "delete");
      assert.deepEqual(calls.stub.settings.get("theirs"), { "index.final_pipeline": "their-own" });
      calls.stub.put(pipeline().path, foreign);
      calls.stub.asked.length = 0;
      await calls.call(pipeline(), "delete");
      assert.deepEqual(calls.stub.changes, []);
    });

    it("is taken out of a month of hours, in requests as short as a domain takes them", async () => {
      for (let n = 0; n < 720; n++) {
        const index = `example-2026-04-${String(1 + Math.floor(n / 24)).padStart(2, "0")}-${String(n % 24).padStart(2, "0")}`;
        calls.stub.indices.set(index, undefined);
        names(index, pipeline().name);
      }
      await calls.call(pipeline(), "delete");
      const left = [...calls.stub.settings.values()].filter((one) => one["index.final_pipeline"] !== "_none");
      assert.deepEqual(left, []);
      assert.ok(calls.stub.changes.length > 2);
    });
  });
});

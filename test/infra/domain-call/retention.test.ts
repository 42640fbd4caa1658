/** The retention policy and the indices that carry it. */
import assert from "node:assert/strict";
import type { RetentionObject } from "../../../infra/domain-call/objects";
import { DomainCalls } from "./call-of-test";

describe("the retention policy", () => {
  let calls: DomainCalls;
  let object: RetentionObject;
  beforeEach(async () => {
    calls = await DomainCalls.start();
    object = calls.input<RetentionObject>("retention");
  });
  afterEach(() => calls.close());
  const indices = () => calls.stub.indices;

  it("is created, given to the indices that are there, and its old copies are replaced on a change", async () => {
    indices().set("example-2026-03-01", undefined);
    indices().set("example-2026-03-02", "somebody-elses");
    await calls.call(object, "create");
    assert.equal(indices().get("example-2026-03-01"), object.name);
    assert.equal(indices().get("example-2026-03-02"), "somebody-elses");
    calls.stub.asked.length = 0;
    await calls.call({ ...object, revision: 2 }, "update", object);
    assert.deepEqual(calls.stub.changes, [
      `PUT ${object.path}/policies/${object.name}?if_seq_no=0&if_primary_term=1`,
      `POST ${object.path}/change_policy/example-2026-03-01`,
      `POST ${object.path}/add/example-2026-03-02`,
    ]);
  });

  for (const name of ["2026-03-01-05", "2026-03-01", "2026-03", "2026-w09"]) {
    it(`is given to example-${name}, which a stream of this name made, with whatever rotation`, async () => {
      indices().set(`example-${name}`, undefined);
      await calls.call(object, "create");
      assert.equal(indices().get(`example-${name}`), object.name);
    });
  }

  for (const name of ["example-customers", "example-2026-13", "example-2026", "example2-2026-03-01"]) {
    it(`is not given to ${name}, which no stream of this name makes [C30]`, async () => {
      indices().set(name, undefined);
      await calls.call(object, "create");
      assert.equal(indices().get(name), undefined);
    });
  }

  it("names foreign indices that it would delete, before anything is put", async () => {
    indices().set("example-2026-my-copy", undefined);
    await assert.rejects(
      calls.call(object, "create"),
      /would delete them: example-2026-my-copy\. Nothing was put/,
    );
    assert.deepEqual(calls.stub.changes, []);
  });

  const aged = (days: number, leftToDefault: string[]): RetentionObject => ({
    ...object,
    leftToDefault,
    body: JSON.parse(
      JSON.stringify(object.body).replace(/"min_index_age":"\d+d"/, `"min_index_age":"${days}d"`),
    ),
  });

  it("is not shortened by a default that nobody has chosen: the two lines that keep the old ones are told first", async () => {
    await calls.call(aged(30, []), "create");
    calls.stub.asked.length = 0;
    await assert.rejects(
      calls.call(aged(14, ["indexRotation", "indexRetentionDays"]), "update", aged(30, [])),
      /for 30 days, the default is 14 days now.*Nothing was changed.*set indexRotation to OneHour and indexRetentionDays to 30\. To take the new default, set indexRetentionDays to 14\./,
    );
    assert.deepEqual(calls.stub.asked, []);
    await assert.rejects(
      calls.call(aged(14, ["indexRetentionDays"]), "update", aged(30, [])),
      /To keep what was, set indexRetentionDays to 30\./,
    );
  });

  it("is shortened by whoever chooses it, and made longer by a default", async () => {
    await calls.call(aged(30, []), "create");
    await calls.call(aged(14, ["indexRotation"]), "update", aged(30, []));
    await calls.call(aged(20, ["indexRotation", "indexRetentionDays"]), "update", aged(14, []));
    assert.equal(calls.stub.changes.filter((line) => line.startsWith("PUT")).length, 3);
  });

  it("frees what carries it and cannot be the stream's, as earlier versions left it, and says so", async () => {
    await calls.call(object, "create");
    indices().set("example-customers", object.name);
    indices().set("example-2026-03-01", object.name);
    indices().set("example-theirs", "somebody-elses");
    const answer = (await calls.call(object, "update", object)) as { notes: string[] };
    assert.equal(indices().get("example-customers"), undefined);
    assert.equal(indices().get("example-2026-03-01"), object.name);
    assert.equal(indices().get("example-theirs"), "somebody-elses");
    assert.match(answer.notes.join(), /Freed from the retention policy .*: example-customers\./);
  });

  it("reaches 720 indices in requests as short as a domain takes them", async () => {
    for (let n = 0; n < 720; n++) {
      const day = String(1 + Math.floor(n / 24)).padStart(2, "0");
      indices().set(`example-2026-04-${day}-${String(n % 24).padStart(2, "0")}`, undefined);
    }
    await calls.call(object, "create");
    await calls.call({ ...object, revision: 2 }, "update", object);
    assert.deepEqual([...new Set(indices().values())], [object.name]);
    await calls.call(object, "delete");
    assert.deepEqual([...new Set(indices().values())], [undefined]);
  });

  it("reads again and repeats when somebody changed the policy in between", async () => {
    await calls.call(object, "create");
    let conflicts = 2;
    calls.stub.instead.push(({ method }) =>
      method === "PUT" && conflicts-- > 0 ? { status: 409 } : undefined,
    );
    await calls.call(object, "update", object);
    assert.equal(calls.stub.policies.get(object.name)!.seqNo, 1);
    calls.stub.instead.push(({ method }) =>
      method === "PUT" ? { status: 409, body: "conflict" } : undefined,
    );
    await assert.rejects(calls.call(object, "update", object), /answered 409: "conflict"/);
  });

  it("fails when an index does not take the policy for another reason", async () => {
    indices().set("example-2026-03-01", undefined);
    const body = { failed_indices: [{ index_name: "example-2026-03-01", reason: "index is closed" }] };
    calls.stub.instead.push(({ path }) => (path.includes("/add/") ? { status: 200, body } : undefined));
    await assert.rejects(calls.call(object, "create"), /index is closed/);
  });

  const absences: readonly (readonly [string, () => Promise<unknown>])[] = [
    ["is taken out", () => calls.call(object, "delete")],
    ["is to be none", () => calls.call({ ...object, body: null }, "update", object)],
  ];
  for (const [what, act] of absences) {
    it(`frees our indices, and no other, before it goes, where it ${what}`, async () => {
      indices().set("example-2026-03-01", undefined);
      await calls.call(object, "create");
      indices().set("example-2026-03-02", "somebody-elses");
      calls.stub.asked.length = 0;
      await act();
      await act();
      assert.deepEqual(calls.stub.changes, [
        `POST ${object.path}/remove/example-2026-03-01`,
        `DELETE ${object.path}/policies/${object.name}`,
      ]);
    });
  }

  it("survives an upgrade from Elasticsearch to OpenSearch, which answers under both prefixes", async () => {
    const old = { ...object, path: object.path.replace("/_plugins/", "/_opendistro/") };
    await calls.call(old, "create");
    await calls.call(object, "update", old);
    assert.ok(calls.stub.policies.has(object.name));
  });

  it("is put again where somebody deleted it, and that is said", async () => {
    await calls.call(object, "create");
    calls.stub.policies.clear();
    const answer = (await calls.call({ ...object, revision: 2 }, "update", object)) as { notes: string[] };
    assert.match(answer.notes.join(), /was gone and has been put again/);
    assert.ok(calls.stub.policies.has(object.name));
  });

  it("of somebody else is refused, and left alone on delete", async () => {
    calls.stub.policies.set(object.name, {
      policy: { description: "Managed by pulumi:firehose-opensearch/my-dev" },
      seqNo: 4,
    });
    await assert.rejects(calls.call(object, "create"), /retention policy .* without the mark/);
    await calls.call(object, "delete");
    assert.deepEqual(calls.stub.changes, []);
  });
});

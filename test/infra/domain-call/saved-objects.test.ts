import assert from "node:assert/strict";
import type { SavedObjects } from "../../../infra/domain-call/objects";
import { masterPassword } from "../evaluate";
import { DomainCalls } from "./call-of-test";

describe("saved objects", () => {
  let calls: DomainCalls;
  let set: SavedObjects;
  beforeEach(async () => {
    calls = await DomainCalls.start();
    set = calls.input<SavedObjects>("saved-objects");
  });
  afterEach(() => calls.close());
  it("are created in the global tenant in one call, and all of them go on delete", async () => {
    await calls.call(set, "create");
    assert.deepEqual(calls.stub.changes, ["POST /_dashboards/api/saved_objects/_bulk_create?overwrite=true"]);
    assert.ok(calls.stub.asked.every(({ headers }) => headers["securitytenant"] === "global"));
    assert.equal(calls.stub.objects.size, 5);
    await calls.call(set, "delete");
    assert.equal(calls.stub.objects.size, 0);
    await calls.call(set, "delete");
  });

  it("that are panels no more are taken out by an update", async () => {
    await calls.call(set, "create");
    const fewer = { ...set, objects: set.objects.filter(({ id }) => !id.endsWith("panel-3")) };
    await calls.call(fewer, "update", set);
    assert.equal(calls.stub.objects.size, 4);
  });

  it("fail when one of them is refused although the answer is 200", async () => {
    const body = { saved_objects: [{ id: "totals", error: { message: "is managed by code" } }] };
    calls.stub.instead.push(({ method }) => (method === "POST" ? { status: 200, body } : undefined));
    await assert.rejects(calls.call(set, "create"), /did not take totals: is managed by code/);
  });

  it("log in and repeat with the cookie where the password alone is not enough", async () => {
    calls.stub.instead.push(({ path, headers }) => {
      if (path.endsWith("/auth/login")) {
        return { status: 200, headers: { "set-cookie": "security_authentication=abc; Secure; HttpOnly" } };
      }
      return headers.cookie === "security_authentication=abc" ? undefined : { status: 401 };
    });
    await calls.call(set, "create");
    assert.equal(calls.stub.objects.size, 5);
    const login = calls.stub.asked.find(({ path }) => path.endsWith("/auth/login"))!;
    assert.deepEqual(login.body, { username: "master", password: masterPassword });
  });

  it("of somebody else are refused, and left alone on delete", async () => {
    const foreign = { attributes: { description: "Managed by pulumi:firehose-opensearch/my-dev" } };
    calls.stub.objects.set("dashboard/totals", foreign);
    await assert.rejects(calls.call(set, "create"), /the dashboard totals already, without the mark/);
    assert.deepEqual(calls.stub.changes, []);
    await calls.call(set, "delete");
    assert.equal(calls.stub.objects.get("dashboard/totals"), foreign);
  });

  for (const [what, body] of [
    ["an empty answer", {}],
    ["a page of something in between", "<html>"],
    ["an answer without one of them", { saved_objects: [{ id: "totals" }] }],
  ] as const) {
    it(`fail on a 200 with ${what}`, async () => {
      calls.stub.instead.push(({ method }) => (method === "POST" ? { status: 200, body } : undefined));
      await assert.rejects(calls.call(set, "create"), /The dashboards (answered without|did not answer for)/);
    });
  }

  it("stay where Kibana's path becomes that of OpenSearch Dashboards", async () => {
    const old = { ...set, path: "/_plugin/kibana" };
    await calls.call(old, "create");
    await calls.call(set, "update", old);
    assert.equal(calls.stub.objects.size, 5);
  });
});

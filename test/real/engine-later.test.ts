/** After the first day, on the real Pulumi engine: upgrades, repairs, renames. Each test goes on where the last ended. */
import { strict as assert } from "node:assert";
import { suiteStack } from "./engine/suite";

const types = {
  domain: "aws:opensearch/domain:Domain",
  function: "aws:lambda/function:Function",
  policy: "aws:iam/policy:Policy",
  role: "aws:iam/role:Role",
} as const;
const base = "firehose-opensearch-dev";

describe("the dev stack after its first day on the real Pulumi engine", () => {
  const stack = suiteStack("dev", async ({ workspace }) => {
    await workspace.set("engineVersion", "Elasticsearch_7.10");
    await workspace.up();
  });
  const domain = () => [...stack.cloud.functions.domains.values()][0]!;
  const problemOf = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => assert.fail("it went through"),
      (error: Error) => error.message,
    );
  const same = async () => assert.deepEqual((await stack.workspace.up()).changes, []);
  const rolePath = `/_security/api/roles/${base}-delivery`;
  const objects = () => [...domain().objects.keys()].sort();

  it("refuses a version that is no upgrade with the steps that work, before anything is changed", async () => {
    const calls = stack.cloud.calls.length;
    await stack.workspace.set("engineVersion", "OpenSearch_2.19");
    const message = await problemOf(stack.workspace.up());
    assert.match(message.replace(/\s+/g, " "), /engineVersion OpenSearch_1\.3 && pulumi up; then/);
    assert.equal(stack.cloud.calls.length, calls);
  });

  it("leaves the domain untouched where nobody tells which version runs", async () => {
    const { endpoint } = stack.cloud.one(types.domain).state;
    stack.cloud.tellsDomains = false;
    assert.match(await problemOf(stack.workspace.up()), /ResourceAlreadyExists/);
    assert.equal(stack.cloud.one(types.domain).state["endpoint"], endpoint);
    assert.ok(
      !stack.cloud.calls.some(({ operation, type }) => operation === "delete" && type === types.domain),
    );
    stack.cloud.tellsDomains = true;
  });

  it("goes from Elasticsearch to OpenSearch in place, with role, mapping and retention still there", async () => {
    await stack.workspace.set("engineVersion", "OpenSearch_1.3");
    const before = objects();
    await stack.workspace.up();
    assert.equal(stack.cloud.one(types.domain).state["engineVersion"], "OpenSearch_1.3");
    assert.deepEqual(objects(), before);
    assert.ok(domain().object(rolePath) && domain().policies.size === 1);
    await same();
  });

  it("puts again what somebody deleted in the domain when the revision is raised, and says so", async () => {
    domain().objects.delete(rolePath);
    await same();
    await stack.workspace.set("objectsRevision", "2");
    const { output } = await stack.workspace.up();
    assert.match(
      output.replace(/\s+/g, " "),
      /roles\/firehose-opensearch-dev-delivery was gone and has been put/,
    );
    assert.ok(domain().object(rolePath));
    await same();
  });

  it("has every object still when invocations are replaced", async () => {
    const before = objects();
    const invocations = ["role", "role-mapping", "index-template", "retention", "saved-objects"];
    await stack.workspace.up(invocations.map((role) => `${base}-domain-objects-${role}`));
    assert.deepEqual(objects(), before);
    assert.equal(domain().policies.size, 1);
    await same();
  });

  it("has every object still when the function is made anew", async () => {
    const before = objects();
    await stack.workspace.up([`${base}-domain-objects`]);
    assert.deepEqual(objects(), before);
    await same();
  });

  it("comes back from a function that somebody deleted: refresh, up", async () => {
    const before = objects();
    stack.cloud.deleteByHand(types.function, "-domain-objects");
    await stack.workspace.refresh();
    await stack.workspace.up();
    stack.cloud.one(types.function, "-domain-objects");
    assert.deepEqual(objects(), before);
    await same();
  });

  it("trusts the old stream and the new one when it is renamed, and keeps the senders' policy", async () => {
    const policy = stack.cloud.one(types.policy).id;
    const from = stack.cloud.calls.length;
    await stack.workspace.set("streamName", "clicks");
    await stack.workspace.up();
    const { assumeRolePolicy } = stack.cloud.one(types.role, "-delivery-role").state;
    assert.match(assumeRolePolicy, /deliverystream\/clicks/);
    assert.match(assumeRolePolicy, /deliverystream\/firehose-opensearch-dev/);
    assert.equal(stack.cloud.one(types.policy).id, policy);
    const done = stack.cloud.calls.slice(from).map(({ operation, name }) => `${operation} ${name}`);
    const [trust, gone] = [`update ${base}-delivery-role`, `delete ${base}-stream`].map((step) =>
      done.indexOf(step),
    );
    assert.ok(trust! >= 0 && trust! < gone!, done.join());
    await same();
  });

  it("is destroyed with its senders' policy attached as the settings say, and the function deleted by hand", async () => {
    const publisherRoles = "firehose-opensearch:publisherRoles[0]";
    await stack.workspace.stack.setConfig(publisherRoles, { value: "web-server" }, true);
    await stack.workspace.up();
    await same();
    stack.cloud.deleteByHand(types.function, "-domain-objects");
    await stack.workspace.destroy();
    const left = [...stack.cloud.things.values()].filter(({ type }) => !type.includes("invocation"));
    assert.deepEqual(left, []);
  });
});

/** A stack with a domain and a bucket that were there before, on the real Pulumi engine. */
import { strict as assert } from "node:assert";
import { suiteStack } from "./engine/suite";

const endpoint = "search-theirs-abc123.eu-west-1.es.amazonaws.com";
const dashboard = "dashboard/firehose-opensearch-dev-totals";
const password = "Their.Own~password-1";

describe("a stack with a domain of others on the real Pulumi engine", () => {
  let output = "";

  const stack = suiteStack("dev", async ({ cloud, workspace }) => {
    await cloud.addForeignDomain("theirs", endpoint, "admin", password);
    const settings = {
      existingDomainName: "theirs",
      existingDomainEndpoint: endpoint,
      existingDomainUser: "admin",
      existingBucketName: "their-bucket",
    };
    for (const [key, value] of Object.entries(settings)) await workspace.set(key, value);
    await workspace.setSecret("existingDomainPassword", password);
  });

  const objects = () => stack.cloud.functions.domains.get(endpoint)!.objects;

  it("puts its objects beside those that are there, and changes nothing the second time", async () => {
    objects().set("dashboard/theirs", { type: "dashboard", id: "theirs" });
    output += (await stack.workspace.up()).output;
    assert.ok(objects().has(dashboard) && objects().has("dashboard/theirs"));
    assert.equal(stack.cloud.functions.domains.get(endpoint)!.policies.size, 1);
    assert.deepEqual(
      [...stack.cloud.things.values()]
        .filter(({ type }) => /s3|opensearch|random/.test(type))
        .map(({ name }) => name),
      ["foreign"],
    );
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("has the given password in clear neither in the state nor in the output [B81]", () => {
    assert.ok(output.length > 1000 && !output.includes(password));
    assert.ok(
      stack.workspace.stateText().includes('"ciphertext"') && !stack.workspace.stateText().includes(password),
    );
  });

  const invocations = ["role", "role-mapping", "index-template", "retention", "saved-objects"];

  it("has every object still when invocations are replaced", async () => {
    const before = [...objects().keys()].sort();
    await stack.workspace.up(invocations.map((role) => `firehose-opensearch-dev-domain-objects-${role}`));
    assert.deepEqual([...objects().keys()].sort(), before);
    assert.equal(stack.cloud.functions.domains.get(endpoint)!.policies.size, 1);
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("comes back from a function that somebody deleted: refresh, up", async () => {
    stack.cloud.deleteByHand("aws:lambda/function:Function", "-domain-objects");
    await stack.workspace.refresh();
    await stack.workspace.up();
    stack.cloud.one("aws:lambda/function:Function", "-domain-objects");
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("puts every object into another domain that it is pointed to, and changes nothing the second time", async () => {
    const other = "search-others-def456.eu-west-1.es.amazonaws.com";
    await stack.cloud.addForeignDomain("others", other, "admin", password);
    await stack.workspace.set("existingDomainName", "others");
    await stack.workspace.set("existingDomainEndpoint", other);
    const before = [...objects().keys()].sort();
    await stack.workspace.up();
    const there = stack.cloud.functions.domains.get(other)!;
    assert.deepEqual(
      [...there.objects.keys()].sort(),
      before.filter((key) => key !== "dashboard/theirs"),
    );
    assert.equal(there.policies.size, 1);
    assert.deepEqual((await stack.workspace.up()).changes, []);
    await stack.workspace.set("existingDomainName", "theirs");
    await stack.workspace.set("existingDomainEndpoint", endpoint);
    await stack.workspace.up();
  });

  it("takes out at a destroy what it put in, while the function is still there, and nothing else [B92]", async () => {
    await stack.workspace.destroy();
    assert.deepEqual([...objects().keys()], ["dashboard/theirs"]);
    assert.equal(stack.cloud.functions.domains.get(endpoint)!.policies.size, 0);
    assert.deepEqual([...stack.cloud.things.keys()], ["foreign domain theirs", "foreign domain others"]);
  });
});

/** A stack in production's shape on the real Pulumi engine: subnets, key, alarms, log groups, guarded. */
import { strict as assert } from "node:assert";
import { suiteStack } from "./engine/suite";

const domainType = "aws:opensearch/domain:Domain";
const bucketType = "aws:s3/bucket:Bucket";
const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const linkedRoleType = "aws:iam/serviceLinkedRole:ServiceLinkedRole";
const subnetKey = "firehose-opensearch:vpcSubnetIds[1]";
const base = "firehose-opensearch-prod";

describe("the production stack on the real Pulumi engine", () => {
  const problemOf = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => assert.fail("it went through"),
      (error: Error) => error.message,
    );

  const stack = suiteStack("prod", async ({ cloud, workspace }) => {
    // Another stack, or this one before it was destroyed, made the role of the service.
    const awsServiceName = "opensearchservice.amazonaws.com";
    const linked = { awsServiceName, description: "by AWS" };
    await cloud.create({ type: linkedRoleType, name: "theirs" }, linked, false);
    cloud.calls.length = 0;
    const logGroups = "firehose-opensearch:logGroups";
    await workspace.stack.setConfig(`${logGroups}[0]`, { value: "/app/web" }, true);
    await workspace.stack.setConfig(`${logGroups}[1]`, { value: "/app/api" }, true);
    await workspace.set("createServiceLinkedRole", "true");
  });

  it("is created with network, key, alarms and subscriptions", async () => {
    const { steps } = await stack.workspace.up();
    const imported = steps.filter(({ op }) => op === "import").map(({ name }) => name);
    assert.deepEqual(imported, [`${base}-domain-linked-role`]);
    assert.deepEqual([...new Set(steps.map(({ op }) => op))].sort(), ["create", "import"]);
    const count = (type: string) =>
      [...stack.cloud.things.values()].filter((thing) => thing.type === type).length;
    assert.equal(count("aws:cloudwatch/metricAlarm:MetricAlarm"), 14);
    assert.equal(count("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"), 2);
    const domain = stack.cloud.one(domainType).state;
    assert.match(domain["endpoint"], /^vpc-/);
    assert.equal(domain["clusterConfig"].instanceCount, 2);
    assert.equal(
      domain["encryptAtRest"].kmsKeyId,
      stack.cloud.one(streamType).state["serverSideEncryption"].keyArn,
    );
    const made = stack.cloud.calls.map(({ name }) => name.replace(`${base}-`, ""));
    for (const earlier of ["domain-objects-role-policy", "domain-logs"]) {
      assert.ok(made.includes(earlier) && made.indexOf(earlier) < made.indexOf("domain"), earlier);
    }
    assert.ok(made.indexOf("log-groups-role-policy") < made.indexOf("log-groups-app-web"));
  });

  it("changes nothing at all the second time, nor when everything is read back [B87] [B100]", async () => {
    assert.deepEqual((await stack.workspace.up()).changes, []);
    assert.deepEqual(Object.keys((await stack.workspace.refresh()).counts), ["same"]);
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("shows other subnets as a replacement, and stops there while it is guarded [B93]", async () => {
    const before = stack.cloud.calls.length;
    const { value } = await stack.workspace.stack.getConfig(subnetKey, true);
    await stack.workspace.stack.setConfig(subnetKey, { value: "subnet-0other" }, true);
    assert.match(await problemOf(stack.workspace.up()), /protect/);
    assert.equal(stack.cloud.calls.length, before);
    await stack.workspace.stack.setConfig(subnetKey, { value }, true);
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("is not destroyed while it is guarded, as the preview says [B92]", async () => {
    const before = stack.cloud.calls.length;
    assert.match(
      await problemOf(stack.workspace.stack.previewDestroy()),
      /domain.* cannot be deleted\s+because it is protected/,
    );
    assert.equal(stack.cloud.calls.length, before);
  });

  it("keeps domain and bucket where the preview is skipped, and has all the rest again after the next update [B92]", async () => {
    const { endpoint } = stack.cloud.one(domainType).state;
    const all = [...stack.cloud.things.values()].map(({ name }) => name).sort();
    assert.match(await problemOf(stack.workspace.destroy()), /because it is protected/);
    assert.equal(stack.cloud.one(domainType).state["endpoint"], endpoint);
    stack.cloud.one(bucketType);
    await stack.workspace.up();
    assert.deepEqual([...stack.cloud.things.values()].map(({ name }) => name).sort(), all);
    assert.equal(stack.cloud.one(domainType).state["endpoint"], endpoint);
  });

  it("keeps its domain where other subnets ask for a new one, though it is not guarded [B93]", async () => {
    await stack.workspace.set("protect", "false");
    await stack.workspace.up();
    const { endpoint } = stack.cloud.one(domainType).state;
    const { value } = await stack.workspace.stack.getConfig(subnetKey, true);
    await stack.workspace.stack.setConfig(subnetKey, { value: "subnet-0other" }, true);
    assert.match(await problemOf(stack.workspace.up()), /ResourceAlreadyExists/);
    assert.equal(stack.cloud.one(domainType).state["endpoint"], endpoint);
    assert.ok(stack.cloud.functions.domains.get(endpoint)!.objects.has("dashboard/totals"));
    await stack.workspace.stack.setConfig(subnetKey, { value }, true);
    await stack.workspace.up();
    assert.equal(stack.cloud.one(domainType).state["endpoint"], endpoint);
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("sends a log group's lines into a renamed stream, though the group has no room for a third filter", async () => {
    const filterType = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";
    const theirs = { type: filterType, name: "theirs", id: "theirs", state: { logGroup: "/app/web" } };
    stack.cloud.things.set("their filter", theirs);
    await stack.workspace.set("streamName", "clicks");
    await stack.workspace.up();
    assert.match(stack.cloud.one(filterType, "app-web").state["destinationArn"], /deliverystream\/clicks$/);
    stack.cloud.things.delete("their filter");
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("is destroyed, with its function's network interfaces, but for the role that other domains may live on", async () => {
    await stack.workspace.destroy();
    assert.equal(stack.cloud.interfaces.size, 0);
    assert.deepEqual(
      [...stack.cloud.things.values()].map(({ type }) => type),
      ["aws:iam/serviceLinkedRole:ServiceLinkedRole"],
    );
  });
});

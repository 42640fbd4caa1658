/** A stack in production's shape on the real Pulumi engine: subnets, key, alarms, log groups, guarded. */
import { strict as assert } from "node:assert";
import { suiteStack } from "./engine/suite";

const domainType = "aws:opensearch/domain:Domain";
const bucketType = "aws:s3/bucket:Bucket";
const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const subnetKey = "firehose-opensearch:vpcSubnetIds[1]";
const base = "firehose-opensearch-prod";

describe("the production stack on the real Pulumi engine", function () {
  this.timeout(600_000);
  const problemOf = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => assert.fail("it went through"),
      (error: Error) => error.message,
    );

  const stack = suiteStack("prod", async ({ workspace }) => {
    const logGroups = "firehose-opensearch:logGroups";
    await workspace.stack.setConfig(`${logGroups}[0]`, { value: "/app/web" }, true);
    await workspace.stack.setConfig(`${logGroups}[1]`, { value: "/app/api" }, true);
    await workspace.set("createServiceLinkedRole", "true");
  });

  it("is created with network, key, alarms and subscriptions", async () => {
    const { steps } = await stack.workspace.up();
    assert.deepEqual([...new Set(steps.map(({ op }) => op))], ["create"]);
    const count = (type: string) =>
      [...stack.cloud.things.values()].filter((thing) => thing.type === type).length;
    assert.equal(count("aws:cloudwatch/metricAlarm:MetricAlarm"), 9);
    assert.equal(count("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"), 2);
    const domain = stack.cloud.one(domainType).state;
    assert.match(domain["endpoint"], /^vpc-/);
    assert.equal(domain["clusterConfig"].instanceCount, 2);
    assert.equal(
      domain["encryptAtRest"].kmsKeyId,
      stack.cloud.one(streamType).state["serverSideEncryption"].keyArn,
    );
    const made = stack.cloud.calls.map(({ name }) => name.replace(`${base}-`, ""));
    for (const earlier of ["domain-linked-role", "domain-logs"]) {
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

  it("has a new domain with all its objects after a change of subnets, and a new stream in them [B93]", async () => {
    await stack.workspace.set("protect", "false");
    await stack.workspace.up();
    const { endpoint } = stack.cloud.one(domainType).state;
    const objects = [...stack.cloud.functions.domains.get(endpoint)!.objects.keys()].sort();
    assert.ok(objects.includes("dashboard/totals") && objects.length > 5, objects.join());
    const from = stack.cloud.calls.length;
    await stack.workspace.stack.setConfig(subnetKey, { value: "subnet-0other" }, true);
    await stack.workspace.up();
    const renewed = stack.cloud.one(domainType).state["endpoint"];
    assert.notEqual(renewed, endpoint);
    assert.deepEqual([...stack.cloud.functions.domains.keys()], [renewed]);
    assert.deepEqual([...stack.cloud.functions.domains.get(renewed)!.objects.keys()].sort(), objects);
    const done = stack.cloud.calls
      .slice(from)
      .map(({ operation, name }) => `${operation} ${name.replace(`${base}-`, "")}`);
    // The old stream takes records, and backs them up, until the new domain is ready.
    const order = [
      "delete domain",
      "create domain",
      "create domain-objects-role-mapping",
      "delete stream",
      "create stream",
    ];
    assert.deepEqual(
      done.filter((step) => order.includes(step)),
      order,
    );
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("is destroyed when it is no longer guarded, but for the role that other domains may live on", async () => {
    await stack.workspace.destroy();
    assert.deepEqual(
      [...stack.cloud.things.values()].map(({ type }) => type),
      ["aws:iam/serviceLinkedRole:ServiceLinkedRole"],
    );
  });
});

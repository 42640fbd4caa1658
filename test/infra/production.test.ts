import assert from "node:assert/strict";
import { parse } from "yaml";
import { alarmRules } from "../../infra/alarm-rules";
import { dashboardName } from "../../infra/alarms";
import { settingDefaults } from "../../infra/settings";
import { type Evaluation, evaluate, type Inputs, project, readRoot } from "./evaluate";
import { isChecked, refusals } from "./provider-rules";

const valuesOf = (file: string): Inputs => {
  const { config }: { config: Inputs } = parse(readRoot(file));
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(`${project}:`))
      .map(([key, value]) => [key.slice(project.length + 1), value]),
  );
};
const full = { logGroups: ["/app/web"], createServiceLinkedRole: true };

describe("the stacks of this repository", () => {
  let production: Evaluation;
  before(async () => {
    production = await evaluate({ ...valuesOf("Pulumi.prod.yaml"), ...full }, "prod");
  });

  it("have arguments that the AWS provider takes", async () => {
    const longest = await evaluate({}, "a-stack-with-a-very-long-name-indeed");
    for (const { resources } of [await evaluate(valuesOf("Pulumi.dev.yaml")), longest, production]) {
      assert.deepEqual(resources.flatMap(refusals), []);
    }
    const checked = production.resources.filter(({ type }) => isChecked(type));
    assert.ok(checked.length > 30, `${checked.length} resources are checked`);
  });

  it("name a region each", () => {
    for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
      assert.match(parse(readRoot(file)).config["aws:region"], /^[a-z]+-[a-z]+-\d$/);
    }
  });

  it("deliver within a second in dev, and guard domain and bucket in prod", () => {
    assert.equal(valuesOf("Pulumi.dev.yaml")["bufferIntervalSeconds"], 1);
    const guarded = production.resources.filter(({ options }) => options.protect).map(({ type }) => type);
    assert.deepEqual(guarded.sort(), ["aws:opensearch/domain:Domain", "aws:s3/bucket:Bucket"]);
  });
});

describe("alarms", () => {
  const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

  it("are there when an address is, each with a meaning, and tell it both ways", async () => {
    assert.equal((await evaluate()).all(alarmType).length, 0);
    const program = await evaluate({ alarmEmail: "ops@example.com" });
    const alarms = program.all(alarmType);
    assert.deepEqual(alarms.map(({ name }) => name.replace(/.*-alarms-/, "")).sort(), [
      "backup",
      "backup-freshness",
      "cluster-red",
      "delivery",
      "free-storage",
      "freshness",
      "function-errors",
      "jvm-pressure",
      "snapshot",
      "throttling",
      "transform",
      "writes-blocked",
    ]);
    for (const { inputs } of alarms) {
      assert.ok(inputs["alarmDescription"].length > 20);
      assert.equal(inputs["treatMissingData"], "notBreaching");
      assert.deepEqual(inputs["alarmActions"], inputs["okActions"]);
    }
    const { inputs } = program.one("aws:sns/topicSubscription:TopicSubscription");
    assert.deepEqual([inputs["protocol"], inputs["endpoint"]], ["email", "ops@example.com"]);
    const graphs = JSON.parse(
      program.one("aws:cloudwatch/dashboard:Dashboard").inputs["dashboardBody"],
    ).widgets;
    assert.equal(graphs.length, alarms.length);
  });

  it("watch this stack's stream, function and domain", async () => {
    const program = await evaluate({ alarmEmail: "ops@example.com" });
    const dimensions = (end: string) => program.one(alarmType, `alarms-${end}`).inputs["dimensions"];
    assert.deepEqual(dimensions("freshness"), { DeliveryStreamName: "firehose-opensearch-dev" });
    assert.deepEqual(dimensions("cluster-red"), {
      DomainName: "firehose-opensearch-dev",
      ClientId: "111122223333",
    });
    assert.match(dimensions("function-errors").FunctionName, /^firehose-opensearch-dev-processor/);
  });

  it("count freshness from the buffer's time on, and storage as a quarter of the disk", () => {
    const thresholds = { ...settingDefaults, kmsKeyArn: undefined, failedRecordsMetric: "failed" };
    const of = (role: string, more = {}) =>
      alarmRules({ ...thresholds, ...more }).find((rule) => rule.role === role);
    assert.equal(of("freshness", { bufferIntervalSeconds: 300 })!.threshold, 1200);
    assert.equal(of("backup-freshness", { backupIntervalSeconds: 120 })!.threshold, 1020);
    assert.equal(of("free-storage", { volumeSizeGiB: 100 })!.threshold, 25_600);
    assert.equal(of("free-storage", { volumeSizeGiB: undefined })!.threshold, 20_480);
    assert.equal(of("backup", { backupMode: "FailedDocumentsOnly" }), undefined);
  });

  it("count the records that the processor fails, from its log: a call that came back says nothing of them", async () => {
    const program = await evaluate({ alarmEmail: "ops@example.com" });
    const filter = program.one("aws:cloudwatch/logMetricFilter:LogMetricFilter").inputs;
    assert.equal(filter["pattern"], "{ $.message.processingFailed.count > 0 }");
    const { namespace, name, value } = filter["metricTransformation"];
    assert.equal(value, "$.message.processingFailed.count");
    const queries: { id: string; metric?: { namespace: string; metricName: string } }[] = program.one(
      alarmType,
      "-transform",
    ).inputs["metricQueries"];
    const { metric } = queries.find(({ id }) => id === "failed")!;
    assert.deepEqual([metric!.namespace, metric!.metricName], [namespace, name]);
  });

  it("watch the keys of a stack that has its own, and the snapshots", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000";
    const own = await evaluate({ alarmEmail: "ops@example.com", kmsKeyArn });
    const roles = own.all(alarmType).map(({ name }) => name.replace(/.*-alarms-/, ""));
    for (const role of ["stream-key", "domain-key", "snapshot"]) assert.ok(roles.includes(role), role);
    assert.equal(
      own.one(alarmType, "jvm-pressure").inputs["comparisonOperator"],
      "GreaterThanOrEqualToThreshold",
    );
  });

  it("have a dashboard whose name CloudWatch takes, another one in each region", () => {
    assert.equal(dashboardName("aws-waf-logs-my.shop", "eu-west-1"), "aws-waf-logs-my_shop-eu-west-1");
    assert.notEqual(dashboardName("web", "eu-west-1"), dashboardName("web", "us-east-1"));
  });
});

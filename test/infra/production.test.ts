import assert from "node:assert/strict";
import { parse } from "yaml";
import { alarmRules } from "../../infra/alarm-rules";
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
      "cluster-red",
      "delivery",
      "free-storage",
      "freshness",
      "function-errors",
      "jvm-pressure",
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
    const dimensions = (end: string) => program.one(alarmType, end).inputs["dimensions"];
    assert.deepEqual(dimensions("freshness"), { DeliveryStreamName: "firehose-opensearch-dev" });
    assert.deepEqual(dimensions("cluster-red"), {
      DomainName: "firehose-opensearch-dev",
      ClientId: "111122223333",
    });
    assert.match(dimensions("function-errors").FunctionName, /^firehose-opensearch-dev-processor/);
  });

  it("count freshness from the buffer's time on, and storage as a quarter of the disk", () => {
    const rules = alarmRules({ volumeSizeGiB: 100, bufferIntervalSeconds: 300 });
    assert.equal(rules.find(({ role }) => role === "freshness")!.above, 1200);
    assert.equal(rules.find(({ role }) => role === "free-storage")!.below, 25_600);
  });
});

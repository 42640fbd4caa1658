import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { alarmRules } from "../../infra/alarm-rules";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline } from "../../infra/pipeline";
import { probeDeadlineSeconds } from "../../infra/probe";
import { accountId, evaluate, evaluateProgram } from "./evaluate";
import { statementsOf } from "./policies";

const kmsKeyArn = `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd`;
const withProbe = { alarmEmail: "ops@example.com", probe: true };
const everything = {
  ...withProbe,
  kmsKeyArn,
  vpcSubnetIds: ["subnet-1"],
  vpcSecurityGroupIds: ["sg-1"],
  bufferIntervalSeconds: 30,
  panels: ["total", "either = message:a OR message:b"],
};
const functionType = "aws:lambda/function:Function";

describe("infra/probe", () => {
  it("leaves a stream without it as it is", async () => {
    const { resources } = await evaluate({ alarmEmail: "ops@example.com" });

    assert.ok(!JSON.stringify(resources).includes("probe"));
  });

  it("calls its sender and its finder each minute, the finder not before the sender", async () => {
    const { one, all } = await evaluate(withProbe);
    const rule = one("aws:cloudwatch/eventRule:EventRule");

    assert.equal(rule.inputs["scheduleExpression"], "cron(* * * * ? *)");
    assert.equal(all("aws:cloudwatch/eventTarget:EventTarget").length, 2);
    const target = one("aws:cloudwatch/eventTarget:EventTarget", "-finder-target");
    assert.ok(target.after.some((name) => name.endsWith("-sender-target")));
    for (const role of ["sender", "finder"]) {
      const { inputs } = one("aws:lambda/permission:Permission", `-${role}-call`);
      assert.equal(inputs["principal"], "events.amazonaws.com");
      assert.match(inputs["sourceArn"], /-probe-minute/);
    }
  });

  it("gives the sender the right to put into its stream, and no other", async () => {
    const { one } = await evaluate(everything);
    const { inputs } = one("aws:iam/rolePolicy:RolePolicy", "-sender-role-policy");

    const statements = statementsOf(inputs["policy"]);
    assert.deepEqual(
      statements.map(({ Action }) => Action),
      [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        ["firehose:PutRecordBatch"],
        ["kms:Decrypt", "kms:GenerateDataKey"],
        ["kms:Decrypt"],
      ],
    );
    assert.match(String(statements[1]?.Resource), /^arn:aws:firehose:eu-west-1:\d+:deliverystream\/\S+$/);
  });

  it("lets the finder work with the role, the network and the log group of the domain's function", async () => {
    const { one } = await evaluate(everything);
    const finder = one(functionType, "-probe-finder").inputs;
    const domainFunction = one(functionType, "-domain-objects").inputs;

    for (const key of ["role", "vpcConfig", "kmsKeyArn", "loggingConfig"]) {
      assert.ok(finder[key]);
      assert.deepEqual(finder[key], domainFunction[key], key);
    }
    assert.equal(one(functionType, "-probe-sender").inputs["vpcConfig"], undefined);
    const { variables } = finder["environment"];
    const { variables: own } = domainFunction["environment"];
    assert.deepEqual([variables.ENDPOINT, variables.PASSWORD], [own.ENDPOINT, own.PASSWORD]);
  });

  it("has nothing but their texts in the archives, and no password there", async () => {
    const { archive } = await evaluate(withProbe);

    for (const role of ["sender", "finder"]) {
      const files = await archive(`-probe-${role}`);
      assert.deepEqual(Object.keys(files), ["__index.js"]);
    }
  });

  it("waits as long as the stream's buffers and its retries may take", async () => {
    const seconds = (bufferIntervalSeconds: number, retryDurationSeconds: number) =>
      probeDeadlineSeconds({ bufferIntervalSeconds, retryDurationSeconds });

    assert.deepEqual(
      [seconds(60, 300), seconds(0, 0), seconds(900, 7200), seconds(1, 300)],
      [540, 120, 9120, 480],
    );
    const { one } = await evaluate(everything);
    const { variables } = one(functionType, "-probe-finder").inputs["environment"];
    assert.equal(variables.DEADLINE_SECONDS, "480");
  });

  it("raises its alarm for a probe that is lost, and where nobody looks", async () => {
    const { one, all, outputs } = await evaluate(withProbe);
    const { inputs } = one("aws:cloudwatch/metricAlarm:MetricAlarm", "-probe");

    assert.equal(inputs["metricName"], `ProbeLost.${outputs["streamName"]}`);
    assert.deepEqual(
      [inputs["namespace"], inputs["statistic"], inputs["threshold"], inputs["treatMissingData"]],
      ["FirehoseOpenSearch", "Sum", 0, "breaching"],
    );
    const transformations = all("aws:cloudwatch/logMetricFilter:LogMetricFilter")
      .map(({ inputs: filter }) => filter["metricTransformation"])
      .filter(({ name }) => name.startsWith("Probe"));
    assert.deepEqual(
      transformations.map(({ name, value }) => [name.split(".")[0], value]),
      [
        ["ProbeArrived", "$.message.probe.arrived"],
        ["ProbeLost", "$.message.probe.lost"],
        ["ProbeLatencySeconds", "$.message.probe.latencySeconds"],
      ],
    );
    const others = all("aws:cloudwatch/metricAlarm:MetricAlarm").filter(
      ({ name }) => !name.endsWith("-probe"),
    );
    assert.ok(others.every((alarm) => alarm.inputs["treatMissingData"] === "notBreaching"));
    assert.ok(!JSON.stringify(alarmRules({ ...quiet })).includes("breaching"));
  });

  it("is in no panel, whatever the panel asks", async () => {
    const { one } = await evaluate(everything);
    const { objects } = JSON.parse(one("aws:lambda/invocation:Invocation", "-saved-objects").inputs["input"]);
    const queries = objects
      .filter(({ type }: { type: string }) => type === "visualization")
      .map(
        ({ attributes }: { attributes: { kibanaSavedObjectMeta: { searchSourceJSON: string } } }) =>
          JSON.parse(attributes.kibanaSavedObjectMeta.searchSourceJSON).query.query,
      );

    assert.deepEqual(queries, [
      "NOT _exists_:firehose_probe",
      "(message:a OR message:b) AND NOT _exists_:firehose_probe",
    ]);
  });

  it("has a field of its own type in new indices", async () => {
    const { one } = await evaluate(withProbe);
    const { body } = JSON.parse(one("aws:lambda/invocation:Invocation", "-index-template").inputs["input"]);

    assert.equal(body.template.mappings.properties.firehose_probe.type, "keyword");
  });

  it("is refused without an address for its alarm, and for a function that knows none", async () => {
    await assert.rejects(evaluate({ probe: true }), /probe is "true"; allowed: .* with an alarmEmail/);
    await assert.rejects(
      evaluateProgram(() => {
        const code = new pulumi.asset.AssetArchive({});
        const own = new aws.lambda.Function("own", {
          code,
          role: "r",
          runtime: "python3.13",
          handler: "x.y",
        });
        new Pipeline("web", { processor: own, ...withProbe });
      }),
      /probe is .*true.*; allowed: false, as a function of the program/,
    );
    await assert.rejects(
      evaluate({ ...withProbe, probe: "yes" }),
      /probe is "yes"; allowed: one of true, false/,
    );
  });

  it("works for pipelines that share a domain, each by its own name", async () => {
    const { all } = await evaluateProgram(() => {
      const domain = new SearchDomain("logs");
      for (const name of ["web", "shop"]) new Pipeline(name, { domain, ...withProbe });
      return {};
    });
    const finders = all(functionType).filter(({ name }) => name.endsWith("-probe-finder"));
    const streams = finders.map(({ inputs }) => inputs["environment"].variables.STREAM_NAME);

    assert.equal(new Set(streams).size, 2);
    assert.equal(new Set(finders.map(({ inputs }) => inputs["role"])).size, 1);
    const patterns = all("aws:cloudwatch/logMetricFilter:LogMetricFilter").map(
      ({ inputs }) => inputs["pattern"],
    );
    for (const stream of streams) {
      assert.equal(patterns.filter((pattern) => pattern.includes(`"${stream}"`)).length, 3);
    }
  });
});

const quiet = {
  volumeSizeGiB: 10,
  bufferIntervalSeconds: 60,
  backupIntervalSeconds: 60,
  backupMode: "AllDocuments",
  kmsKeyArn: undefined,
  failedRecordsMetric: undefined,
} as const;

import assert from "node:assert/strict";
import { type Fates, fatesOf } from "../../../local/plan/emulation";
import { evaluate, type Inputs } from "../../infra/evaluate";

const everything = {
  alarmEmail: "ops@example.com",
  probe: true,
  logGroups: ["/app/web", "/app/api"],
  instanceCount: "2",
  instanceType: "m7g.large.search",
  domainLogs: "true",
  createServiceLinkedRole: "true",
  vpcSubnetIds: ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"],
  vpcSecurityGroupIds: ["sg-0123456789abcdef0"],
};

/** Resources of the program as the stand-ins of a local run answer them. */
async function programWith(values: Inputs) {
  const { resources } = await evaluate(values);
  const byPhysicalName = (type: string, name: string, inputs: Inputs) => {
    const physical = inputs["name"] ?? inputs["bucket"] ?? `${name}-1a2b3c4`;
    const arn = `arn:aws:lambda:eu-west-1:111122223333:function:${physical}`;
    return type.startsWith("aws:lambda/function")
      ? { name: physical, arn, qualifiedArn: `${arn}:1` }
      : { ...inputs, name: physical, bucket: physical };
  };
  return resources.map(({ type, name, inputs }) => ({
    type,
    inputs,
    state: byPhysicalName(type, name, inputs),
  }));
}

const counts = (fates: Fates) =>
  Object.fromEntries(fates.notEmulated.map(({ type, count }) => [type, count]));

describe("what becomes of the program's resources on one machine", () => {
  it("names alarms, subscriptions and the domain's logs, and what is in a VPC", async () => {
    const fates = fatesOf(await programWith(everything));
    assert.deepEqual(Object.keys(counts(fates)), [
      "aws:cloudwatch/dashboard:Dashboard",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:cloudwatch/logMetricFilter:LogMetricFilter",
      "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:sns/topic:Topic",
      "aws:sns/topicPolicy:TopicPolicy",
      "aws:sns/topicSubscription:TopicSubscription",
    ]);
    assert.equal(counts(fates)["aws:cloudwatch/logGroup:LogGroup"], 3);
    // One of what the processor fails; the probe is played here, and its three are not made.
    assert.equal(counts(fates)["aws:cloudwatch/logMetricFilter:LogMetricFilter"], 4);
    assert.deepEqual(fates.notes.map((note) => /VPC|ES_APPLICATION_LOGS/.exec(note)?.[0]).sort(), [
      "ES_APPLICATION_LOGS",
      "VPC",
      "VPC",
    ]);
  });

  it("says of the rest why it changes nothing, and names nothing of the smallest stack", async () => {
    const fates = fatesOf(await programWith({}));
    assert.deepEqual(fates.notEmulated, []);
    assert.deepEqual(fates.notes, []);
    const without = fates.withoutEffect.map(({ type }) => type.split(":").at(-1));
    assert.deepEqual(without, [
      "LogGroup",
      "LogStream",
      "Policy",
      "Role",
      "RolePolicy",
      "BucketLifecycleConfiguration",
      "BucketOwnershipControls",
      "BucketPolicy",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "BucketVersioning",
    ]);
    for (const { why, count } of fates.withoutEffect) assert.ok(why.length > 10 && count > 0);
  });

  it("takes no resource for another: a second bucket, function, log group or a type nobody knows is named", async () => {
    const program = await programWith({});
    const more = (type: string, state: Inputs = { name: "other", bucket: "other" }) => ({
      type,
      inputs: {},
      state,
    });
    const fates = fatesOf([
      ...program,
      more("aws:s3/bucket:Bucket"),
      more("aws:s3/bucketNotification:BucketNotification"),
      more("aws:s3/bucketObject:BucketObject"),
      more("aws:lambda/function:Function", { name: "other", arn: "a", qualifiedArn: "a:1" }),
      more("aws:lambda/eventSourceMapping:EventSourceMapping"),
      more("aws:cloudwatch/logGroup:LogGroup"),
      more("aws:cloudwatch/logStream:LogStream"),
      more("aws:cloudwatch/logMetricFilter:LogMetricFilter"),
      more("aws:iam/accessKey:AccessKey"),
      more("tls:index/privateKey:PrivateKey"),
      more("firehose-opensearch:infra:Pipeline"),
    ]);
    assert.deepEqual(counts(fates), {
      "aws:cloudwatch/logGroup:LogGroup": 1,
      "aws:cloudwatch/logMetricFilter:LogMetricFilter": 1,
      "aws:cloudwatch/logStream:LogStream": 1,
      "aws:iam/accessKey:AccessKey": 1,
      "aws:lambda/eventSourceMapping:EventSourceMapping": 1,
      "aws:lambda/function:Function": 1,
      "aws:s3/bucket:Bucket": 1,
      "aws:s3/bucketNotification:BucketNotification": 1,
      "aws:s3/bucketObject:BucketObject": 1,
      "tls:index/privateKey:PrivateKey": 1,
    });
  });
});

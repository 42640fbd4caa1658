/** What a changed setting changes on AWS: in place, or by a new thing in the old one's place. */
import assert from "node:assert/strict";
import { awsTypes } from "../real/engine/aws-types";
import { changesOf } from "../real/engine/compare";
import { type Evaluation, evaluate, type Inputs } from "./evaluate";
import { roleStatements, statementWith } from "./policies";

const vpc = { vpcSubnetIds: ["subnet-1"], vpcSecurityGroupIds: ["sg-1"] };
const key = (id: string) => `arn:aws:kms:eu-west-1:111122223333:key/${id}`;
const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const domainType = "aws:opensearch/domain:Domain";

/** Each changed argument as `resource argument`, with `replaces` before what makes a new thing. */
async function changesBetween(before: Inputs, after: Inputs): Promise<string[]> {
  const [from, to] = [await evaluate(before), await evaluate(after)];
  const changes: string[] = [];
  for (const now of to.resources) {
    const type = awsTypes[now.type];
    if (!type) continue;
    const was = from.one(now.type, now.name);
    // The archives arrive later and are compared as text.
    const { code: _was, ...state } = was.inputs;
    const { code, ...inputs } = now.inputs;
    const name = now.name.replace("firehose-opensearch-dev-", "");
    for (const { path, replaces } of changesOf(type, { state, oldInputs: state, inputs })) {
      changes.push(`${replaces ? "replaces " : ""}${name} ${path}`);
    }
    if (code && (await textOf(from, now.name)) !== (await textOf(to, now.name))) changes.push(`${name} code`);
  }
  assert.deepEqual(
    to.resources.map(({ name }) => name).sort(),
    from.resources.map(({ name }) => name).sort(),
  );
  return changes.sort();
}

const textOf = async (evaluation: Evaluation, name: string) => (await evaluation.archive(name))["__index.js"];

const target = "stream opensearchConfiguration";
const parameters = `${target}.processingConfiguration.processors[0].parameters`;
const cases: readonly [title: string, before: Inputs, after: Inputs, changes: readonly string[]][] = [
  [
    "bufferIntervalSeconds",
    {},
    { bufferIntervalSeconds: "300" },
    [`${target}.bufferingInterval`, parameters],
  ],
  [
    "bufferIntervalSeconds, back to the default",
    { bufferIntervalSeconds: "300" },
    {},
    [`${target}.bufferingInterval`, parameters],
  ],
  [
    "buffer size, retries and prefix at once",
    {},
    { bufferSizeMiB: "5", retryDurationSeconds: "600", backupPrefix: "all/" },
    [
      `${target}.bufferingSize`,
      `${target}.s3Configuration.bufferingSize`,
      `${target}.retryDuration`,
      `${target}.s3Configuration.prefix`,
    ],
  ],
  [
    "rotation, with the pattern of what it makes",
    {},
    { indexRotation: "OneHour" },
    [
      "domain-objects-index-template input",
      "domain-objects-retention input",
      "domain-objects-role input",
      `${target}.indexRotationPeriod`,
    ],
  ],
  [
    "objectsRevision, which puts every object again",
    {},
    { objectsRevision: "2" },
    ["index-template", "retention", "role", "role-mapping", "saved-objects"].map(
      (object) => `domain-objects-${object} input`,
    ),
  ],
  ["processor", {}, { processor: "identity" }, ["processor code"]],
  [
    "panels, retention, disk and protect at once",
    {},
    {
      panels: ["all"],
      indexRetentionDays: "7",
      backupRetentionDays: "8",
      volumeSizeGiB: "20",
      protect: "true",
    },
    [
      "domain-objects-saved-objects input",
      "domain-objects-retention input",
      "backup-lifecycle rules[0].expiration.days",
      "domain ebsOptions.volumeSize",
      "backup forceDestroy",
    ],
  ],
  ["backupMode", {}, { backupMode: "FailedDocumentsOnly" }, [`replaces ${target}.s3BackupMode`]],
];

describe("a changed setting", () => {
  // Each evaluates the program anew.
  for (const [title, before, after, expected] of cases) {
    it(`changes what it names and nothing else: ${title} [B101]`, async () => {
      assert.deepEqual(await changesBetween(before, after), [...expected].sort());
    });
  }

  it("replaces stream and domain where it is the subnets, as AWS can change them in neither [B93]", async () => {
    const changes = await changesBetween(vpc, { ...vpc, vpcSubnetIds: ["subnet-2"] });
    assert.deepEqual(changes, [
      "delivery-role-policy policy",
      "domain-objects vpcConfig.subnetIds",
      "replaces domain vpcOptions.subnetIds",
      `replaces ${target}.vpcConfig.subnetIds`,
    ]);
  });

  it("replaces the domain alone where it is the key [B101]", async () => {
    const changes = await changesBetween({ kmsKeyArn: key("1") }, { kmsKeyArn: key("2") });
    const replaced = changes.filter((change) => change.startsWith("replaces "));
    assert.deepEqual(replaced, ["replaces domain encryptAtRest.kmsKeyId"]);
    assert.ok(changes.includes("stream serverSideEncryption.keyArn"));
  });
});

describe("a stack in subnets", () => {
  it("has the stream in the domain's own subnets and groups, and takes it away before domain and role [B93]", async () => {
    const program = await evaluate(vpc);
    const stream = program.one(streamType);
    const { roleArn, ...network } = stream.inputs["opensearchConfiguration"].vpcConfig;
    assert.deepEqual(network, program.one(domainType).inputs["vpcOptions"]);
    assert.equal(roleArn, stream.inputs["opensearchConfiguration"].roleArn);
    for (const later of ["domain", "delivery-role", "delivery-role-policy"]) {
      assert.ok(stream.after.includes(`firehose-opensearch-dev-${later}`), later);
    }
  });

  it("lets Firehose take its network interfaces away again [B93]", async () => {
    const statements = roleStatements(await evaluate(vpc), "delivery");
    const { Resource } = statementWith(statements, "ec2:DeleteNetworkInterface");
    assert.deepEqual(Resource, ["arn:aws:ec2:eu-west-1:111122223333:network-interface/*"]);
  });

  it("lets Firehose read the attributes of VPCs in its account and region only", async () => {
    const statements = roleStatements(await evaluate(vpc), "delivery");
    const { Resource } = statementWith(statements, "ec2:DescribeVpcAttribute");
    assert.deepEqual(Resource, ["arn:aws:ec2:eu-west-1:111122223333:vpc/*"]);
  });
});

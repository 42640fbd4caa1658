import assert from "node:assert/strict";
import { accountId, type Evaluation, evaluate, evaluateAnew, masterPassword } from "./evaluate";
import { allPolicies, roleStatements, statementsOf, statementWith } from "./policies";

const everything = {
  alarmEmail: "ops@example.com",
  logGroups: ["/app/web"],
  domainLogs: true,
  vpcSubnetIds: ["subnet-1"],
  vpcSecurityGroupIds: ["sg-1"],
  createServiceLinkedRole: true,
  kmsKeyArn: `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd`,
};
const domainArn = `arn:aws:es:eu-west-1:${accountId}:domain/firehose-opensearch-dev`;
const streamArn = `arn:aws:firehose:eu-west-1:${accountId}:deliverystream/firehose-opensearch-dev`;

describe("access", () => {
  let program: Evaluation;
  let full: Evaluation;
  before(async () => {
    program = await evaluate();
    full = await evaluate(everything);
  });

  it("has no wildcard among the actions, and among the resources only where AWS has no narrower form", () => {
    for (const { name, policy } of [...allPolicies(program), ...allPolicies(full)]) {
      for (const { Effect, Action, Resource = [] } of statementsOf(policy)) {
        if (Effect === "Deny") continue;
        for (const action of [Action].flat()) assert.doesNotMatch(action, /\*/, name);
        if (!Resource.includes("*")) continue;
        const network = [Action].flat().every((action) => /^ec2:\w+/.test(action));
        assert.ok(network, `${name} has * for ${Action}`);
      }
    }
  });

  it("has * alone for the Describe actions of the stream's network, and names subnets and groups for the rest", () => {
    const statements = roleStatements(full, "delivery");
    const ec2 = (resource: string) => `arn:aws:ec2:eu-west-1:${accountId}:${resource}`;
    for (const action of [statementWith(statements, "ec2:DescribeSubnets").Action].flat()) {
      assert.match(action, /^ec2:Describe/);
    }
    assert.deepEqual(statementWith(statements, "ec2:CreateNetworkInterface").Resource, [
      ec2("network-interface/*"),
      ec2("security-group/sg-1"),
      ec2("subnet/subnet-1"),
    ]);
  });

  it("attaches no managed policy", () => {
    for (const { type, inputs } of full.resources) {
      assert.notEqual(type, "aws:iam/rolePolicyAttachment:RolePolicyAttachment");
      assert.equal(inputs["managedPolicyArns"], undefined);
    }
  });

  it("lets only Firehose for our stream, and Lambda, take the roles", () => {
    const trust = (nameEnd: string) =>
      statementsOf(program.one("aws:iam/role:Role", `${nameEnd}-role`).inputs["assumeRolePolicy"])[0]!;
    assert.deepEqual(trust("delivery"), {
      Effect: "Allow",
      Principal: { Service: "firehose.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": accountId },
        ArnLike: { "aws:SourceArn": streamArn },
      },
    });
    assert.deepEqual(trust("processor").Principal, { Service: "lambda.amazonaws.com" });
    assert.equal(program.all("aws:iam/role:Role").length, 3);
  });

  it("gives Firehose the domain and its paths, with GET on statistics alone [B90]", () => {
    const statements = roleStatements(program, "delivery");
    const write = statementWith(statements, "es:ESHttpPost");
    assert.deepEqual(write.Resource, [domainArn, `${domainArn}/*`]);
    assert.deepEqual(write.Action, [
      "es:DescribeDomain",
      "es:DescribeDomainConfig",
      "es:DescribeDomains",
      "es:ESHttpPost",
      "es:ESHttpPut",
    ]);
    const read = statementWith(statements, "es:ESHttpGet").Resource!;
    assert.equal(read.length, 8);
    assert.ok(read.includes(`${domainArn}/example*/_mapping/*`) && !read.includes(`${domainArn}/*`));
  });

  it("gives Firehose the function and its versions, the bucket, and its own log streams", () => {
    const statements = roleStatements(program, "delivery");
    const fn = statementWith(statements, "lambda:InvokeFunction");
    assert.deepEqual(fn.Action, ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"]);
    assert.equal(fn.Resource![1], `${fn.Resource![0]}:*`);
    const bucket = program.outputs["bucketName"];
    assert.deepEqual(statementWith(statements, "s3:PutObject").Resource, [`arn:aws:s3:::${bucket}/*`]);
    assert.deepEqual(statementWith(statements, "s3:ListBucket").Resource, [`arn:aws:s3:::${bucket}`]);
    const logs = statementWith(statements, "logs:PutLogEvents").Resource!;
    assert.deepEqual(
      logs.map((arn) => arn.split(":").at(-1)),
      ["BackupDelivery", "DestinationDelivery"],
    );
  });

  it("gives the processor its own log group and nothing else, and no right to create one [B98]", () => {
    const [logs, ...rest] = roleStatements(program, "processor");
    assert.deepEqual(rest, []);
    assert.deepEqual(logs!.Action, ["logs:CreateLogStream", "logs:PutLogEvents"]);
    assert.deepEqual(logs!.Resource, [
      `arn:aws:logs:eu-west-1:${accountId}:log-group:/aws/lambda/firehose-opensearch-dev-processor:log-stream:*`,
    ]);
  });

  it("gives publishers two actions on the stream, and its key through Firehose alone where it has one [B99]", () => {
    const policy = (of: Evaluation) =>
      statementsOf(of.one("aws:iam/policy:Policy", "publisher").inputs["policy"]);
    assert.deepEqual(policy(program), [
      { Effect: "Allow", Action: ["firehose:PutRecord", "firehose:PutRecordBatch"], Resource: [streamArn] },
    ]);
    assert.deepEqual(policy(full)[1], {
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: [everything.kmsKeyArn],
      Condition: { StringEquals: { "kms:ViaService": "firehose.eu-west-1.amazonaws.com" } },
    });
  });

  it("lets Firehose use the key through S3 for this bucket, as bucket and as object [B99]", () => {
    const { Condition } = roleStatements(full, "delivery").find(({ Resource }) =>
      Resource!.includes(everything.kmsKeyArn),
    )!;
    const bucket = `arn:aws:s3:::${full.outputs["bucketName"]}`;
    assert.deepEqual(Condition, {
      StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" },
      StringLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/*`] },
    });
  });

  it("lets everybody reach the domain's login and its paths, with named methods, in one place [B89] [B100]", () => {
    const domain = program.one("aws:opensearch/domain:Domain").inputs;
    assert.deepEqual(statementsOf(domain["accessPolicies"]), [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["Delete", "Get", "Head", "Patch", "Post", "Put"].map((method) => `es:ESHttp${method}`),
        Resource: [`${domainArn}/*`],
      },
    ]);
    assert.equal(domain["advancedSecurityOptions"].enabled, true);
    assert.equal(program.all("aws:opensearch/domainPolicy:DomainPolicy").length, 0);
  });

  it("keeps the policies' text the same at each run [B100]", async () => {
    assert.deepEqual(allPolicies(await evaluateAnew()).sort(byName), [...allPolicies(program)].sort(byName));
  });

  it("has the password in the domain, in the function's environment and in the output, and nowhere else [B81]", async () => {
    const holders = program.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(masterPassword));
    assert.deepEqual(holders.map(({ type }) => type).sort(), [
      "aws:lambda/function:Function",
      "aws:opensearch/domain:Domain",
    ]);
    assert.deepEqual(program.one("aws:lambda/function:Function", "domain-objects").secretInputs, [
      "environment",
    ]);
    assert.deepEqual(program.one("aws:opensearch/domain:Domain").secretInputs, ["advancedSecurityOptions"]);
    for (const end of ["processor", "domain-objects"]) {
      const files = await program.archive(end);
      assert.ok(!Object.values(files).join().includes(masterPassword), end);
    }
    assert.equal(program.outputs["dashboardPassword"], masterPassword);
    assert.ok(program.secretOutputs.includes("dashboardPassword"));
    assert.ok(!program.secretOutputs.includes("dashboardUrl"));
  });

  it("works in other partitions", async () => {
    const china = await evaluate({}, "dev", "cn-north-1");
    for (const { name, policy } of allPolicies(china)) assert.doesNotMatch(policy, /arn:aws:/, name);
  });
});

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

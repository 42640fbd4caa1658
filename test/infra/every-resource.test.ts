/** What is asked of every bucket and every role of the program, so that a new one cannot forget it. */
import assert from "node:assert/strict";
import { accountId, type Evaluated, type Evaluation, evaluate } from "./evaluate";
import { type PolicyStatement, statementsOf } from "./policies";

const everything = {
  alarmEmail: "ops@example.com",
  probe: true,
  logGroups: ["/app/web"],
  logBuckets: ["logs-example/alb/"],
  domainLogs: true,
  vpcSubnetIds: ["subnet-1"],
  vpcSecurityGroupIds: ["sg-1"],
  createServiceLinkedRole: true,
  kmsKeyArn: `arn:aws:kms:eu-west-1:${accountId}:key/1234abcd`,
  processor: "cloudwatch-logs",
};

type Resources = readonly Pick<Evaluated, "type" | "name" | "inputs">[];

/** The older and the newer resource of each kind are the same to AWS. */
const isOf = (kind: string) => {
  const types = [`aws:s3/${kind}:`, `aws:s3/${kind}V2:`];
  return ({ type }: { readonly type: string }) => types.some((start) => type.startsWith(start));
};

const deniesPlainHttp = ({ Effect, Principal, Action, Condition }: PolicyStatement): boolean =>
  Effect === "Deny" &&
  JSON.stringify(Principal) === '"*"' &&
  [Action].flat().includes("s3:*") &&
  Condition?.["Bool"]?.["aws:SecureTransport"] === "false";

/** What each bucket lacks, as "name: what". */
function openBuckets(resources: Resources): string[] {
  return resources.filter(isOf("bucket")).flatMap(({ name, inputs }) => {
    const bucket = inputs["bucket"];
    const beside = (kind: string) =>
      resources.filter((one) => isOf(kind)(one) && one.inputs["bucket"] === (bucket ?? `${name}-1a2b3c4`));
    const blocks = beside("bucketPublicAccessBlock").map((one) => one.inputs);
    const rules = beside("bucketServerSideEncryptionConfiguration").flatMap((one) => one.inputs["rules"]);
    const statements = beside("bucketPolicy").flatMap((one) => statementsOf(one.inputs["policy"]));
    const closed = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
    const asked: readonly [boolean, string][] = [
      [blocks.some((block) => closed.every((key) => block[key] === true)), "public access is not blocked"],
      [rules.some((rule) => rule?.applyServerSideEncryptionByDefault?.sseAlgorithm), "is not encrypted"],
      [statements.some((one) => deniesPlainHttp(one) && one.Resource?.length === 2), "is open to plain HTTP"],
    ];
    return asked.filter(([holds]) => !holds).map(([, problem]) => `${name}: ${problem}`);
  });
}

/** Lambda asks for these on all resources when a function is put into a VPC, and Firehose to look at a network. */
const network = /^ec2:\w+$/;

/** What each role may do too much, as "name: what". */
function openRoles(resources: Resources): string[] {
  const problems: string[] = [];
  for (const { type, name, inputs } of resources) {
    if (/^aws:iam\/(role)?policyAttachment:/i.test(type) || inputs["managedPolicyArns"] !== undefined) {
      problems.push(`${name}: a policy that is not written here`);
    }
    const inline = type === "aws:iam/role:Role" ? (inputs["inlinePolicies"] ?? []) : [];
    const texts = [inputs["policy"], ...inline.map((one: { policy: string }) => one.policy)];
    const isRight = /^aws:iam\/(role|rolePolicy|policy):/.test(type);
    for (const statement of texts.flatMap((text) => (isRight && text ? statementsOf(text) : []))) {
      const actions = [statement.Action].flat();
      const wide = actions.filter((action) => action === undefined || action.includes("*"));
      if (wide.length > 0) problems.push(`${name}: ${wide.join(", ") || "all actions but some"}`);
      const everywhere = [statement.Resource ?? "*"].flat().includes("*");
      if (everywhere && !actions.every((action) => network.test(action ?? ""))) {
        problems.push(`${name}: * for ${actions.join(", ")}`);
      }
    }
    if (type !== "aws:iam/role:Role") continue;
    for (const { Principal } of statementsOf(inputs["assumeRolePolicy"])) {
      if (JSON.stringify(Principal ?? "*").includes("*")) problems.push(`${name}: anybody may take it`);
    }
  }
  return problems;
}

describe("every resource", () => {
  const programs: Evaluation[] = [];
  before(async () => {
    programs.push(await evaluate(), await evaluate(everything));
  });

  it("that is a bucket is closed to the public, encrypted, and for TLS only", () => {
    for (const { resources } of programs) {
      assert.ok(resources.some(isOf("bucket")));
      assert.deepEqual(openBuckets(resources), []);
    }
  });

  it("that is a role or a policy has no * and no policy of others", () => {
    for (const { resources, all } of programs) {
      assert.ok(all("aws:iam/role:Role").length >= 3);
      assert.deepEqual(openRoles(resources), []);
    }
  });

  it("that is a bucket and forgets one of these is found", () => {
    const [program] = programs;
    const forgotten = { type: "aws:s3/bucket:Bucket", name: "more", inputs: { bucket: "more" } };
    assert.deepEqual(openBuckets([...program!.resources, forgotten]), [
      "more: public access is not blocked",
      "more: is not encrypted",
      "more: is open to plain HTTP",
    ]);
    for (const kind of [
      "bucketPublicAccessBlock",
      "bucketServerSideEncryptionConfiguration",
      "bucketPolicy",
    ]) {
      const without = program!.resources.filter((one) => !isOf(kind)(one));
      assert.equal(openBuckets(without).length, 1, kind);
    }
  });

  it("that gives a role too much is found", () => {
    const role = (inputs: object) => [{ type: "aws:iam/role:Role", name: "r", inputs }];
    const trust = (Principal: unknown) =>
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }] });
    const lambda = trust({ Service: "lambda.amazonaws.com" });
    const policy = (statement: object) => JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] });
    const rolePolicy = (statement: object) => [
      { type: "aws:iam/rolePolicy:RolePolicy", name: "p", inputs: { policy: policy(statement) } },
    ];
    const wide = { Action: "s3:*", Resource: ["arn:aws:s3:::b"] };
    assert.deepEqual(openRoles(role({ assumeRolePolicy: lambda })), []);
    for (const found of [
      role({ assumeRolePolicy: trust("*") }),
      role({ assumeRolePolicy: trust({ AWS: "*" }) }),
      role({ assumeRolePolicy: lambda, managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] }),
      role({ assumeRolePolicy: lambda, inlinePolicies: [{ name: "all", policy: policy(wide) }] }),
      rolePolicy(wide),
      rolePolicy({ Action: ["s3:GetObject"], Resource: ["*"] }),
      rolePolicy({ Action: ["s3:GetObject"], Resource: "*" }),
      rolePolicy({ NotAction: ["s3:GetObject"], Resource: ["arn:aws:s3:::b"] }),
      [{ type: "aws:iam/policy:Policy", name: "p", inputs: { policy: policy(wide) } }],
      [{ type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", name: "a", inputs: {} }],
    ]) {
      assert.equal(openRoles(found).length, 1, JSON.stringify(found));
    }
  });
});

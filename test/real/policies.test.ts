/** The program's resources as AWS's published schemas and a policy linter see them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountId, type Evaluation, evaluate, type Inputs } from "../infra/evaluate";
import { allPolicies } from "../infra/policies";
import { commandsOf, missing, programs } from "./lint/programs";
import { templateOf } from "./lint/template";
import { needs } from "./needs";

const bin = commandsOf("python-lint");

/** Findings that are meant, by resource and finding; all others fail. */
const meant: readonly { readonly finding: RegExp; readonly because: string }[] = [
  {
    finding: /-domain-logs: UNKNOWN_ACTION "Unknown action logs:PutLogEventsBatch"$/,
    because: "AWS's guide asks for this action where a domain publishes logs; the list of actions has it not",
  },
  {
    finding:
      /-domain-objects-role-policy: RESOURCE_STAR \[("ec2:\w+NetworkInterface"|"ec2:\w+Addresses"|, )+\]$/,
    because: "Lambda refuses a function in a VPC whose role has these rights on less than all resources",
  },
];

/** The linter knows no trust policies, which have no resource: the role itself stands in, so that the rest is read. */
function withResource(policy: string): string {
  const { Statement, ...rest } = JSON.parse(policy) as Inputs;
  const Resource = [`arn:aws:iam::${accountId}:role/itself`];
  return JSON.stringify({ ...rest, Statement: (Statement as Inputs[]).map((s) => ({ Resource, ...s })) });
}

describe("the program's resources", () => {
  const evaluations: Record<string, Evaluation> = {};

  before(async function () {
    needs(this, missing(join(bin, "cfn-lint")));
    for (const [name, values] of Object.entries(programs)) evaluations[name] = await evaluate(values);
  });

  function run(command: string, args: readonly string[], input = ""): string {
    const { stdout, stderr, error } = spawnSync(join(bin, command), args, { input, encoding: "utf8" });
    if (error) throw error;
    assert.equal(stderr, "");
    return stdout;
  }

  /** What cfn-lint says to a template, each as one line. */
  function lint(template: unknown): string[] {
    const folder = mkdtempSync(join(tmpdir(), "template-"));
    try {
      const file = join(folder, "template.json");
      writeFileSync(file, JSON.stringify(template));
      const matches = JSON.parse(run("cfn-lint", ["--format", "json", "--regions", "eu-west-1", "--", file]));
      return (matches as Inputs[]).map(({ Rule, Location, Message }) =>
        [Rule.Id, Location.Path?.join("/"), Message].join(" "),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  for (const name of Object.keys(programs)) {
    it(`have only what AWS's schemas allow: ${name}`, () => {
      const template = templateOf(evaluations[name]!.resources);
      assert.ok(Object.keys(template.Resources).length > 10);
      assert.deepEqual(lint(template), []);
    });
  }

  it("would be found out: an unknown property, a number out of range, a type that does not exist", () => {
    const template = templateOf(evaluations["plain"]!.resources);
    const { Properties } = Object.values(template.Resources).find(({ Type }) =>
      Type.endsWith("DeliveryStream"),
    )!;
    Properties["Colour"] = "blue";
    Properties["AmazonopensearchserviceDestinationConfiguration"].BufferingHints.SizeInMBs = 101;
    template.Resources["Extra"] = { Type: "AWS::Firehose::Stream", Properties: {} };
    const ids = lint(template).map((line) => line.slice(0, 5));
    assert.deepEqual([...new Set(ids)].sort(), ["E3002", "E3006", "E3034"]);
  });

  const findings = (documents: readonly { name: string; policy: string }[]) =>
    (
      JSON.parse(
        run("python3", ["-W", "ignore", join(__dirname, "lint/policies.py")], JSON.stringify(documents)),
      ) as Inputs[]
    ).map(({ name, issue, detail }) => `${name}: ${issue} ${detail}`);

  for (const name of Object.keys(programs)) {
    it(`have policies without findings that are not meant: ${name}`, () => {
      const documents = allPolicies(evaluations[name]!).map((document) => ({
        name: document.name,
        policy: withResource(document.policy),
      }));
      assert.ok(documents.length > 5);
      const others = findings(documents).filter((line) => !meant.some(({ finding }) => finding.test(line)));
      assert.deepEqual(others, []);
    });
  }

  it("have no reason listed for a finding that is gone", () => {
    const found = findings(allPolicies(evaluations["everything"]!));
    for (const { finding, because } of meant)
      assert.ok(
        found.some((line) => finding.test(line)),
        because,
      );
  });

  it("would be found out: an unknown action, a resource of another form", () => {
    const policy = (Action: string, Resource: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: [Action], Resource: [Resource] }],
      });
    const found = findings([
      { name: "action", policy: policy("firehose:PutRecords", "*") },
      { name: "resource", policy: policy("firehose:PutRecord", "arn:aws:s3:::bucket") },
    ]);
    assert.match(found.join("\n"), /^action: UNKNOWN_ACTION .*\nresource: RESOURCE_MISMATCH /);
  });
});

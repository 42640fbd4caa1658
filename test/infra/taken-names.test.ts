/** Components whose names on AWS come out the same. */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline, type PipelineArgs } from "../../infra/pipeline";
import { accountId, evaluateInStack } from "./evaluate";
import { refusals } from "./provider-rules";

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const team = (name: string) => ({ parent: new pulumi.ComponentResource(`acme:teams:${name}`, name) });
const each = (make: (name: string) => unknown, names = ["one", "two"]): void => {
  for (const name of names) make(name);
};
const existing = (endpoint = "search-theirs.eu-west-1.es.amazonaws.com") => ({
  existingDomainName: "theirs",
  existingDomainEndpoint: endpoint,
  existingDomainUser: "admin",
  existingDomainPassword: pulumi.secret("Their-Own-1"),
});

async function refused(program: () => void): Promise<string> {
  try {
    await evaluateInStack(program);
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), `${error}`);
    return (error as Error).message;
  }
  throw new Error("The program accepted the names.");
}

describe("components of one program", () => {
  for (const [title, program, problem] of [
    [
      "two pipelines of one name, below different parents",
      () => each((name) => new Pipeline("web", {}, team(name))),
      /^The pipeline web has a problem, nothing was changed:\n +baseName is "firehose-opensearch-dev-web"; allowed: a start of names of its own in the region, .*; the pipeline web has this one\. Change the argument$/,
    ],
    [
      "two domains of one name, below different parents",
      () => each((name) => new SearchDomain("logs", {}, team(name))),
      /^The domain logs has a problem.*\n.*the domain logs has this one/,
    ],
    [
      "a pipeline with a domain of its own, and a domain of that name",
      () => [new SearchDomain("web"), new Pipeline("web")],
      /^The pipeline web has a problem.*\n.*the domain web has this one/,
    ],
    [
      "two pipelines of one name on one domain, with their index names, in one error",
      () => {
        const domain = new SearchDomain("logs");
        for (const name of ["one", "two"]) new Pipeline("web", { domain }, team(name));
      },
      /^The pipeline web has 2 problems.*\n +indexName is "web".*\n +baseName is /,
    ],
    [
      "two streams of one name",
      () => each((name) => new Pipeline(name, { streamName: "aws-waf-logs-x" })),
      /^The pipeline two has a problem.*\n +streamName is "aws-waf-logs-x"; allowed: a name of its own in the region; the pipeline one has this one/,
    ],
    [
      "a stream named as another pipeline's comes out",
      () => [new Pipeline("one"), new Pipeline("two", { streamName: "firehose-opensearch-dev-one" })],
      /^The pipeline two has a problem.*\n +streamName is /,
    ],
    [
      "two base names that are one",
      () => each((name) => new Pipeline(name, { baseName: "logs-of-all" })),
      /^The pipeline two has a problem.*\n +baseName is "logs-of-all"/,
    ],
    [
      "indices that meet in a domain that was there, named twice",
      () => {
        new Pipeline("web", existing());
        new Pipeline("old", { domain: new SearchDomain("theirs", existing()), indexName: "web-2024" });
      },
      /^The pipeline old has a problem.*\n +indexName is "web-2024"; allowed: a name of its own in the domain theirs, .*; the pipeline web has web\./,
    ],
    [
      "what two providers make in one region",
      () => {
        for (const name of ["one", "two"]) {
          const provider = new aws.Provider(name, { region: "eu-central-1" });
          new Pipeline("web", {}, { ...team(name), provider });
        }
      },
      /^The pipeline web has a problem.*\n +baseName is .*the pipeline web has this one/,
    ],
  ] as const) {
    it(`are refused with ${title}`, async () => {
      assert.match(await refused(program), problem);
    });
  }

  it("may have one name in two regions", async () => {
    const program = await evaluateInStack(() => {
      for (const [name, region] of Object.entries({ one: "eu-west-1", two: "us-east-1" })) {
        const provider = new aws.Provider(name, { region });
        new Pipeline("web", {}, { ...team(name), provider });
      }
    });
    const names = program.all(streamType).map(({ inputs }) => inputs["name"]);
    assert.deepEqual(names, ["firehose-opensearch-dev-web", "firehose-opensearch-dev-web"]);
  });

  it("have names of their own where theirs differ in case, in `_` and `-`, or behind the cut", async () => {
    const lengthy = (end: string) => `${"x".repeat(35)}${end}`;
    const named = { web: "web", Web: "web-2", [lengthy("a")]: "a", [lengthy("b")]: "b", logs: "logs" };
    const program = await evaluateInStack(() => {
      const domain = new SearchDomain("logs", { instanceType: "m7g.large.search" });
      const lambda = new aws.lambda.Function("own", {
        role: `arn:aws:iam::${accountId}:role/r`,
        packageType: "Image",
        imageUri: "i",
      });
      for (const [name, indexName] of Object.entries(named)) {
        const args: PipelineArgs = { domain, indexName, processor: lambda };
        new Pipeline(name, args);
      }
    });
    const fixed = program.resources.flatMap(({ type, inputs }) => {
      const name = inputs["name"] ?? inputs["domainName"];
      return typeof name === "string" && !type.endsWith("LogStream") ? [`${type} ${name}`] : [];
    });
    assert.ok(fixed.length > 10);
    assert.deepEqual(
      fixed.filter((one, i) => fixed.indexOf(one) !== i),
      [],
    );
    const objects = program.all("aws:lambda/invocation:Invocation").map(({ inputs }) => {
      const { kind, name, path } = JSON.parse(inputs["input"]);
      return `${kind} ${path} ${name}`;
    });
    assert.equal(new Set(objects).size, objects.length);
    assert.deepEqual(program.resources.flatMap(refusals), []);
  });

  it("know nothing of those of another stack that this process runs", async () => {
    for (let run = 1; run <= 2; run++) {
      await evaluateInStack(() => new SearchDomain("logs", existing()));
    }
  });
});

/** The program of this repository: what an existing stack has must go on being what it is. */
import assert from "node:assert/strict";
import { parse } from "yaml";
import { type Evaluated, evaluate, type Inputs, readRoot } from "./evaluate";
import urns from "./fixtures/urns.json";

const programs: Readonly<Record<keyof typeof urns, Inputs>> = {
  "as it stands": {},
  "with all that can be chosen": {
    processor: "redact,cloudwatch-logs",
    alarmEmail: "ops@example.com",
    probe: "true",
    logGroups: ["/app/web"],
    domainLogs: "true",
    instanceCount: "2",
    vpcSubnetIds: ["subnet-1", "subnet-2"],
    vpcSecurityGroupIds: ["sg-1"],
    createServiceLinkedRole: "true",
    kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
    publisherRoles: ["web"],
    readerRoleArns: ["arn:aws:iam::111122223333:role/readers"],
    streamName: "clicks",
    protect: "true",
  },
  "with names of its own": { baseName: "mine", indexName: "web" },
  "in a domain and a bucket of others": {
    existingDomainName: "theirs",
    existingDomainEndpoint: "search-theirs.eu-west-1.es.amazonaws.com",
    existingDomainUser: "admin",
    "secret:existingDomainPassword": "Their-Own-1",
    existingBucketName: "their-bucket",
  },
};

/** Where the engine keeps it, and its name on AWS where the program says it. */
function placeOf({ urn, inputs }: Evaluated): string {
  const place = urn.replace("urn:pulumi:dev::firehose-opensearch::", "");
  const name: unknown =
    inputs["name"] ??
    inputs["domainName"] ??
    inputs["bucket"] ??
    inputs["policyName"] ??
    inputs["dashboardName"];
  return typeof name === "string" ? `${place} = ${name}` : place;
}

describe("the resources of the program", () => {
  for (const [title, values] of Object.entries(programs)) {
    it(`have types, parents and names by which stacks know them: ${title} [B101]`, async () => {
      const { resources } = await evaluate(values);
      assert.deepEqual(resources.map(placeOf).sort(), urns[title as keyof typeof urns]);
    });
  }

  it("has its program named to Pulumi, which would take what package.json exports for it, and delete all there is", () => {
    const { main } = parse(readRoot("Pulumi.yaml")) as { main: string };

    assert.equal(main, "index.ts");
    assert.notEqual(JSON.parse(readRoot("package.json")).exports["."].default, `./${main}`);
  });
});

/** What a program says of a component as a whole, on the real Pulumi engine: each test goes on where the one before it ended. */
import { strict as assert } from "node:assert";
import type { ResourceTransformArgs } from "@pulumi/pulumi";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline } from "../../infra/pipeline";
import { suiteStack } from "./engine/suite";

const everything = { alarmEmail: "ops@example.com", logGroups: ["/app/web"] };
const base = (name: string) => `firehose-opensearch-dev-${name}`;

describe("a component's options, on the real Pulumi engine", () => {
  let make: () => unknown;
  const stack = suiteStack(
    "dev",
    async () => {},
    () => {
      make();
      return {};
    },
  );

  it("let transforms reach every resource that it is made of", async () => {
    const seen: string[] = [];
    const transforms = [
      ({ type, name, props, opts }: ResourceTransformArgs) => {
        seen.push(`${type} ${name}`);
        return { props, opts };
      },
    ];
    make = () => {
      const domain = new SearchDomain("logs", { domainLogs: true }, { transforms });
      new Pipeline("web", { ...everything, domain }, { transforms });
    };
    const { steps } = await stack.workspace.up();
    const made = steps
      .filter(({ type }) => !/^pulumi:(pulumi|providers):/.test(type))
      .map(({ type, name }) => `${type} ${name}`);
    assert.ok(made.length > 60, `${made.length}`);
    assert.deepEqual([...new Set(seen)].sort(), [...new Set(made)].sort());
  });

  it("let it have another name: with its alias and its names on AWS, nothing changes", async () => {
    make = () => {
      const domain = new SearchDomain(
        "search",
        { domainLogs: true, baseName: base("logs") },
        { aliases: [{ name: "logs" }] },
      );
      const names = { baseName: base("web"), indexName: "web" };
      new Pipeline("site", { ...everything, ...names, domain }, { aliases: [{ name: "web" }] });
    };
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("leave all of it on AWS where it is to be kept when it goes", async () => {
    make = () => {
      const options = { retainOnDelete: true, aliases: [{ name: "web" }] };
      const domain = new SearchDomain("search", { domainLogs: true, baseName: base("logs") });
      new Pipeline("site", { ...everything, baseName: base("web"), indexName: "web", domain }, options);
    };
    await stack.workspace.up();
    make = () => new SearchDomain("search", { domainLogs: true, baseName: base("logs") });
    const things = [...stack.cloud.things.keys()];
    await stack.workspace.up();
    assert.deepEqual([...stack.cloud.things.keys()], things);
  });
});

/** Three pipelines on one domain, on the real Pulumi engine: each test goes on where the one before it ended. */
import { strict as assert } from "node:assert";
import { SearchDomain } from "../../infra/domain/search-domain";
import { Pipeline } from "../../infra/pipeline";
import { suiteStack } from "./engine/suite";

const base = (name: string) => `firehose-opensearch-dev-${name}`;

describe("three pipelines on one domain, on the real Pulumi engine", () => {
  let names = ["web", "web-errors", "orders"];
  const stack = suiteStack(
    "dev",
    async () => {},
    () => {
      const domain = new SearchDomain("logs");
      for (const name of names)
        new Pipeline(name, {
          domain,
          processor: ["identity", (record) => ({ result: "Ok", text: record.text() })],
        });
      return {};
    },
  );
  const domain = () => [...stack.cloud.functions.domains.values()][0]!;
  const objects = () => [...domain().objects.keys()];

  it("are made, each with its own objects in the domain", async () => {
    await stack.workspace.up();
    assert.equal(stack.cloud.functions.domains.size, 1);
    for (const name of names) {
      assert.deepEqual(domain().object(`/_index_template/${base(name)}`).index_patterns, [`${name}-20*-*-*`]);
      assert.ok(domain().object(`/_security/api/roles/${base(name)}-delivery`), name);
      assert.ok(domain().policies.has(`${base(name)}-retention`), name);
    }
  });

  it("change nothing the second time", async () => {
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("take away one of them with its objects, and leave the others and what somebody else put there", async () => {
    domain().put("/_index_template/theirs", { index_patterns: ["theirs-*"] });
    const before = objects();
    names = ["web-errors", "orders"];
    const { changes } = await stack.workspace.up();
    assert.ok(changes.length > 0);
    for (const change of changes) assert.match(change, /^(delete|discard) web($|-(?!errors))/);
    const gone = before.filter((path) => !objects().includes(path));
    assert.ok(gone.includes(`/_index_template/${base("web")}`), `${gone}`);
    for (const path of gone) assert.match(path, /firehose-opensearch-dev-web(?!-errors)/);
    assert.ok(!domain().policies.has(`${base("web")}-retention`));
    assert.ok(domain().policies.has(`${base("web-errors")}-retention`));
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });

  it("go all at once, without a call into the domain that goes too", async () => {
    await stack.workspace.destroy();
    assert.deepEqual([...stack.cloud.things.keys()], []);
  });
});

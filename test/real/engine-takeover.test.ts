/** A stack of version 0.1.0 is taken over by an update, on the real Pulumi engine. */
import { strict as assert } from "node:assert";
import { restoreStack } from "./engine/stack-of-0.1.0";
import { suiteStack } from "./engine/suite";
import type { Run } from "./engine/workspace";

const base = "firehose-opensearch-dev";
const pipeline = `${base}-time`;

describe("a stack of version 0.1.0 on the real Pulumi engine", () => {
  let run: Run;
  const stack = suiteStack("dev", async ({ cloud, workspace }) => {
    await restoreStack(cloud, workspace);
    const [domain] = cloud.functions.domains.values();
    for (const index of ["example-2026-03-01-00", "example-customers"]) {
      domain!.indices.set(index, `${base}-retention`);
      domain!.settings.set(index, { "index.final_pipeline": pipeline });
    }
    run = await workspace.up();
  });
  const domain = () => [...stack.cloud.functions.domains.values()][0]!;

  it("has nothing replaced, and nothing deleted but the ingest pipeline", () => {
    const replaced = run.changes.filter((change) =>
      /^(create-replacement|replace|delete-replaced)/.test(change),
    );
    assert.deepEqual(replaced, []);
    assert.deepEqual(
      run.changes.filter((change) => change.startsWith("delete")),
      [`delete ${base}-domain-objects-ingest-pipeline`],
    );
    assert.ok(run.changes.includes(`update ${base}-domain`), "the domain says whose it is");
  });

  it("has no pipeline any more, neither in the domain nor in an index", () => {
    assert.equal(domain().object(`/_ingest/pipeline/${pipeline}`), undefined);
    assert.deepEqual(
      [...domain().settings.values()].map((settings) => settings["index.final_pipeline"]),
      ["_none", "_none"],
    );
    const { template } = domain().object(`/_index_template/${base}`);
    assert.equal(template.settings["index.final_pipeline"], undefined);
  });

  it("keeps all indices; one that no stream made loses the retention policy and is named", () => {
    assert.deepEqual(
      [...domain().indices],
      [
        ["example-2026-03-01-00", `${base}-retention`],
        ["example-customers", undefined],
      ],
    );
    assert.match(run.output, /Freed from the retention policy .*: example-customers\./);
  });

  it("has the stream's own pattern in role and template", () => {
    const role = domain().object(`/_security/api/roles/${base}-delivery`);
    assert.deepEqual(role.index_permissions[0].index_patterns, ["example-20*-*-*-*"]);
    assert.deepEqual(domain().object(`/_index_template/${base}`).index_patterns, ["example-20*-*-*-*"]);
  });

  it("changes nothing the second time", async () => {
    assert.deepEqual((await stack.workspace.up()).changes, []);
  });
});

/** AWS's table of upgrade paths. */
import assert from "node:assert/strict";
import { upgradeProblem, upgradeSteps } from "../../../infra/domain/upgrade";
import { checkedEngineVersion } from "../../../infra/earlier";

describe("an upgrade of the engine", () => {
  for (const [from, to, steps] of [
    ["OpenSearch_2.11", "OpenSearch_2.11", []],
    ["OpenSearch_2.11", "OpenSearch_2.19", ["OpenSearch_2.19"]],
    ["OpenSearch_1.3", "OpenSearch_2.5", ["OpenSearch_2.5"]],
    ["OpenSearch_2.19", "OpenSearch_3.1", ["OpenSearch_3.1"]],
    ["OpenSearch_3.1", "OpenSearch_3.3", ["OpenSearch_3.3"]],
    ["OpenSearch_2.11", "OpenSearch_3.1", ["OpenSearch_2.19", "OpenSearch_3.1"]],
    ["OpenSearch_1.3", "OpenSearch_3.1", ["OpenSearch_2.19", "OpenSearch_3.1"]],
    ["Elasticsearch_7.10", "OpenSearch_1.3", ["OpenSearch_1.3"]],
    ["Elasticsearch_7.10", "OpenSearch_2.19", ["OpenSearch_1.3", "OpenSearch_2.19"]],
    ["Elasticsearch_7.10", "OpenSearch_3.1", ["OpenSearch_1.3", "OpenSearch_2.19", "OpenSearch_3.1"]],
    ["OpenSearch_2.19", "OpenSearch_2.9", undefined],
    ["OpenSearch_3.1", "OpenSearch_2.19", undefined],
    ["OpenSearch_1.3", "Elasticsearch_7.10", undefined],
  ] as const) {
    it(`from ${from} to ${to} goes by ${steps ? steps.join(", ") || "nothing" : "no way"}`, () => {
      assert.deepEqual(upgradeSteps(from, to), steps);
      assert.equal(
        upgradeProblem(from, to, "configuration") === undefined,
        steps !== undefined && steps.length <= 1,
      );
    });
  }

  it("that needs several steps is refused with each of them as a command", () => {
    const problem = upgradeProblem("Elasticsearch_7.10", "OpenSearch_2.19", "configuration")!;
    assert.match(problem, /runs Elasticsearch_7\.10, and AWS cannot upgrade it to OpenSearch_2\.19 in place/);
    assert.match(
      problem,
      /config set engineVersion OpenSearch_1\.3 .*config set engineVersion OpenSearch_2\.19/,
    );
  });

  it("is told as arguments to who has chosen by arguments", () => {
    const problem = upgradeProblem("Elasticsearch_7.10", "OpenSearch_2.19", "arguments")!;
    assert.match(
      problem,
      /engineVersion: "OpenSearch_1\.3" and pulumi up; then engineVersion: "OpenSearch_2\.19" and pulumi up/,
    );
    assert.doesNotMatch(problem, /config/);
  });

  const wanted = {
    origin: "configuration",
    domainName: "shop-logs-dev",
    owner: "pulumi:shop/logs-dev",
    engineVersion: "OpenSearch_2.19",
  } as const;

  it("is checked against the domain that runs", () => {
    const domain = { engineVersion: "OpenSearch_3.1", owner: wanted.owner };
    assert.throws(() => checkedEngineVersion(domain, wanted), /There is no way back/);
    assert.equal(checkedEngineVersion(undefined, wanted), "OpenSearch_2.19");
    const ofEarlierVersion = { engineVersion: "OpenSearch_2.11", owner: undefined };
    assert.equal(checkedEngineVersion(ofEarlierVersion, wanted), "OpenSearch_2.19");
  });

  it("is none where the domain is of a stack whose name comes out the same", () => {
    const domain = { engineVersion: "OpenSearch_2.19", owner: "pulumi:shop-logs/dev" };
    assert.throws(
      () => checkedEngineVersion(domain, wanted),
      /shop-logs-dev is of the stack pulumi:shop-logs\/dev.*config set baseName/s,
    );
    assert.throws(
      () => checkedEngineVersion(domain, { ...wanted, origin: "arguments" }),
      /baseName gives it another one: Change the argument$/,
    );
  });
});

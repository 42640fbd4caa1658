import { strict as assert } from "node:assert";
import { parse } from "yaml";
import {
  heapGiB,
  maxShardsPerNode,
  type StreamSize,
  shardsPerNode,
  sharedWarnings,
  sizeFindings,
} from "../../../infra/domain/shards";
import { settingDefaults } from "../../../infra/settings";
import { readRoot } from "../evaluate";

const nodes = {
  engineVersion: "OpenSearch_2.19",
  instanceCount: 1,
  instanceType: "t3.small.search",
  volumeSizeGiB: 10,
} as const;
const stream = { expectedGiBPerDay: 0, indexRetentionDays: 14, indexRotation: "OneDay" } as const;
const dev = { ...nodes, ...stream };
const findings = (change: Partial<Parameters<typeof sizeFindings>[0]>) => sizeFindings({ ...dev, ...change });

describe("the shards of a stack", () => {
  it("has half of each type's memory as heap, 32 GiB at most, and none for an unknown type", () => {
    const heaps: [string, number | undefined][] = [
      ["t3.small.search", 1],
      ["t3.medium.search", 2],
      ["m7g.large.search", 4],
      ["c6g.xlarge.search", 4],
      ["r6g.2xlarge.search", 32],
      ["r7g.16xlarge.search", 32],
      ["or1.medium.search", 4],
      ["zz9.large.search", undefined],
      ["m7g.huge.search", undefined],
    ];
    for (const [type, heap] of heaps) assert.equal(heapGiB(type), heap, type);
  });

  it("counts an index an hour, a day, a week or a month, with a replica from two nodes on", () => {
    assert.equal(shardsPerNode({ ...dev, indexRotation: "OneHour", indexRetentionDays: 30 }), 720);
    assert.equal(
      shardsPerNode({ ...dev, indexRotation: "OneHour", indexRetentionDays: 30, instanceCount: 2 }),
      720,
    );
    assert.equal(shardsPerNode({ ...dev, instanceCount: 4 }), 7);
    assert.equal(shardsPerNode({ ...dev, indexRotation: "OneWeek", indexRetentionDays: 15 }), 3);
    assert.equal(shardsPerNode({ ...dev, indexRotation: "NoRotation", indexRetentionDays: 3650 }), 1);
  });

  it("knows how many the engine takes", () => {
    assert.equal(maxShardsPerNode("Elasticsearch_7.10", 1), 1000);
    assert.equal(maxShardsPerNode("OpenSearch_2.15", 32), 1000);
    assert.equal(maxShardsPerNode("OpenSearch_2.17", 1), 1000);
    assert.equal(maxShardsPerNode("OpenSearch_3.1", 32), 2000);
    assert.equal(maxShardsPerNode("OpenSearch_2.19", undefined), undefined);
  });

  it("has nothing against the defaults, and against an hour's rotation for a day", () => {
    assert.deepEqual(findings({}), { refused: [], warned: [] });
    assert.deepEqual(findings({ indexRotation: "OneHour", indexRetentionDays: 1 }), {
      refused: [],
      warned: [],
    });
  });

  it("warns of more than AWS advises, and computes changes that are enough", () => {
    const { refused, warned } = findings({ indexRotation: "OneHour", indexRetentionDays: 30 });
    assert.deepEqual(refused, []);
    assert.equal(warned.length, 1);
    assert.match(warned[0] ?? "", /makes 720 shards on each t3\.small\.search node; AWS advises at most 25/);
    assert.match(warned[0] ?? "", /indexRetentionDays 1; indexRotation OneWeek\.$/);
    for (const change of [{ indexRetentionDays: 1 }, { indexRotation: "OneWeek" as const }]) {
      assert.deepEqual(findings({ indexRotation: "OneHour", indexRetentionDays: 30, ...change }).warned, []);
    }
  });

  it("refuses more than the engine takes", () => {
    const { refused } = findings({ indexRotation: "OneHour", indexRetentionDays: 42 });
    assert.match(
      refused.join(),
      /makes 1008 shards .* OpenSearch_2\.19 takes at most 1000\. .*indexRetentionDays 41/,
    );
  });

  it("counts all pipelines of a domain, and says whose shards they are and what is enough", () => {
    const web = { ...stream, name: "web", indexRotation: "OneHour", indexRetentionDays: 30 } as const;
    const orders = { ...stream, name: "orders" };
    assert.equal(shardsPerNode(dev, [web]), 734);
    const [warning = "", ...others] = sharedWarnings(nodes, [orders, web]);
    assert.equal(others.length, 0);
    assert.match(
      warning,
      /^web: .* makes 720 shards, with those of orders \(14\) 734, on each .* at most 25.*indexRotation OneWeek\.$/,
    );
    assert.deepEqual(sharedWarnings(nodes, [orders, { ...web, indexRotation: "OneWeek" }]), []);
    const { refused } = sizeFindings({ ...dev, indexRetentionDays: 400 }, [web]);
    assert.match(
      refused.join(),
      /makes 400 shards, with those of web \(720\) 1120, .*indexRetentionDays 280/,
    );
    assert.deepEqual(sizeFindings({ ...dev, indexRetentionDays: 280 }, [web]).refused, []);
  });

  it("knows where no change of one pipeline alone helps", () => {
    const beside = ["a", "b"].map((name) => ({
      ...dev,
      name,
      indexRotation: "OneHour",
      indexRetentionDays: 900,
    }));
    const [warning = ""] = sizeFindings(dev, beside as unknown as StreamSize[]).refused;
    assert.match(warning, /43214, .* No change of this pipeline alone is enough: change the others too\.$/);
  });

  it("adds up what all pipelines of a domain expect on its disks, and looks at each one's shards", () => {
    const web = { ...stream, name: "web", expectedGiBPerDay: 1, indexRetentionDays: 5 };
    const orders = { ...stream, name: "orders", expectedGiBPerDay: 1, indexRetentionDays: 4 };
    assert.deepEqual(sharedWarnings(nodes, [web]), []);
    assert.match(
      sharedWarnings(nodes, [web, orders]).join(),
      /^web: .* needs, with what orders expect, 14 GiB of disk, the nodes have 10\. .*volumeSizeGiB 14; indexRetentionDays 2\.$/,
    );
    const large = { ...nodes, volumeSizeGiB: 2000 };
    const [shards = "", ...more] = sharedWarnings(large, [web, { ...orders, expectedGiBPerDay: 100 }]);
    assert.match(shards, /^orders: .* makes shards of 100 GiB/);
    assert.deepEqual(more, []);
  });

  it("says nothing of a type that it does not know", () => {
    const unknown = {
      instanceType: "zz9.large.search",
      indexRotation: "OneHour",
      indexRetentionDays: 60,
    } as const;
    assert.deepEqual(findings(unknown), { refused: [], warned: [] });
  });

  it("compares the expected volume with the disks and with the size of a shard", () => {
    assert.deepEqual(findings({ expectedGiBPerDay: 0 }).warned, []);
    const [disk = ""] = findings({ expectedGiBPerDay: 1 }).warned;
    assert.match(
      disk,
      /needs 21 GiB of disk, the nodes have 10\. .*volumeSizeGiB 21; indexRetentionDays 6\.$/,
    );
    assert.deepEqual(findings({ expectedGiBPerDay: 1, volumeSizeGiB: 21 }).warned, []);
    assert.deepEqual(findings({ expectedGiBPerDay: 1, indexRetentionDays: 6 }).warned, []);
    const [shard = ""] = findings({ expectedGiBPerDay: 100, volumeSizeGiB: 4000 }).warned;
    assert.match(shard, /makes shards of 100 GiB, AWS advises at most 50\. indexRotation OneHour is enough/);
  });

  for (const file of ["Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
    it(`finds nothing in ${file}`, () => {
      const { config } = parse(readRoot(file)) as { config: Record<string, unknown> };
      const set = Object.fromEntries(
        Object.entries(config).map(([key, value]) => [key.split(":")[1], value]),
      );
      assert.deepEqual(sizeFindings({ ...settingDefaults, ...set }), { refused: [], warned: [] });
    });
  }
});

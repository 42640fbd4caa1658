/** What the alarms say when something breaks between sender and domain: the emitted functions, and a real node. */
import assert from "node:assert/strict";
import tls from "node:tls";
import { type OpenSearchNode, openSearchMissing, startOpenSearch } from "../../engines/opensearch/node";
import { shardsPerNode } from "../../infra/domain/shards";
import { evaluate, readRoot } from "../infra/evaluate";
import { needs } from "./needs";
import { breakages } from "./probe/breakages";
import { minuteMs, ProbedCloud, type Rung } from "./probe/probed-cloud";

const password = "Fire-hydrant.of-tests~1";
/** Each breakage has a day of its own; on the first there is none. */
const firstDayMs = Date.parse("2026-03-01T00:00:00Z");
const dayMs = 1440 * minuteMs;
const kept = { indexRotation: "OneHour", indexRetentionDays: 1 } as const;

/** The rows of the page, `| what breaks | alarms |`. */
function tableOfPage(): Record<string, string[]> {
  const [, section = ""] =
    /^\| what breaks \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(readRoot("docs/operations.md")) ?? [];
  const rows = section.trim().split("\n");
  return Object.fromEntries(
    rows.map((row) => {
      const [what = "", alarms = ""] = row
        .split("|")
        .slice(1)
        .map((cell) => cell.trim());
      return [what, alarms.split(", ").sort()];
    }),
  );
}

describe("the probe", () => {
  const table = tableOfPage();
  let trusted: string[] = [];
  let node: OpenSearchNode | undefined;
  let cloud: ProbedCloud;

  before(async function () {
    needs(this, openSearchMissing());
    const evaluation = await evaluate({ alarmEmail: "ops@example.com", probe: true, ...kept });
    node = await startOpenSearch({ security: true });
    trusted = tls.getCACertificates();
    tls.setDefaultCACertificates([...trusted, node.ca!]);
    cloud = new ProbedCloud(evaluation, node, `delivery:${password}`);
    await cloud.putObjects();
    // The domain maps a signed call to the ARN of its IAM role; an internal user with that ARN stands for one.
    const { backend_roles } = cloud.objects[1]!.body as { backend_roles: string[] };
    const user = JSON.stringify({ password, backend_roles });
    await node.call("PUT", "/_plugins/_security/api/internalusers/delivery", user);
  });
  after(async () => {
    if (node) tls.setDefaultCACertificates(trusted);
    await node?.stop();
  });
  afterEach(() => cloud.close());

  it("raises no alarm in 24 hours without a breakage, loses no probe, and makes no shard that is not counted", async () => {
    await cloud.start(firstDayMs);

    const rung = await cloud.pass(1440);

    assert.deepEqual([...rung], []);
    const { waiting, kept: became } = cloud.stream;
    const { body } = await node!.call(
      "GET",
      "/example-2026-03-01-*/_search?q=_exists_:firehose_probe&size=0&track_total_hits=true",
    );
    const { hits, _shards } = JSON.parse(body);
    assert.deepEqual([cloud.sent, hits.total.value], [1440, 1440 - waiting]);
    assert.deepEqual([became.asTransformFailed, became.asRefused], [0, 0]);
    assert.equal(_shards.total, shardsPerNode({ ...kept, instanceCount: 1 }));
  });

  for (const [n, [what, { begin, end }]] of Object.entries(breakages).entries()) {
    it(`rings, or has another alarm ring, within three periods after the buffers: ${what}`, async () => {
      const hourMs = firstDayMs + (n + 1) * dayMs + 10 * 60 * minuteMs;
      const broken = async (run: () => Promise<Rung>) => {
        try {
          await begin(cloud, hourMs);
          return await run();
        } finally {
          await end?.(cloud);
        }
      };
      await cloud.start(hourMs - 15 * minuteMs);
      const before = await cloud.pass(15);

      const rung = await broken(() => cloud.pass(cloud.deadlineSeconds / 60 + 3 * 5));

      assert.deepEqual([...before], []);
      assert.deepEqual([...rung.keys()].sort(), table[what]);
    });
  }

  it("has a row on the page for each breakage, and no other", () => {
    assert.deepEqual(Object.keys(table).sort(), Object.keys(breakages).sort());
  });
});

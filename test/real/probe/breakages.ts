/** What can break between the sender and the domain, by the words that docs/operations.md has for it. */
import assert from "node:assert/strict";
import { indexNameAt } from "../../../firehose/index-rotation";
import { probeField } from "../../../firehose/probe";
import { minuteMs, type ProbedCloud } from "./probed-cloud";

export interface Breakage {
  /** Begins at the full hour: from then on the stream's documents go into another index than before. */
  begin(cloud: ProbedCloud, hourMs: number): void | Promise<void>;
  /** Takes away what would be in the way of the next one; the stream itself is made anew. */
  end?(cloud: ProbedCloud): void | Promise<void>;
}

export const breakages: Readonly<Record<string, Breakage>> = {
  "the role mapping is gone": {
    begin: (cloud) => call(cloud, "DELETE", cloud.objects.find(({ kind }) => kind === "role-mapping")!.path),
    end: (cloud) => cloud.putObjects(),
  },
  "writing into the index is blocked": {
    begin: (cloud, hourMs) => makeIndex(cloud, hourMs, { settings: { "index.blocks.write": true } }),
  },
  "the domain has blocked all writes": {
    begin: (cloud) => clusterSetting(cloud, "cluster.blocks.read_only", true),
    end: (cloud) => clusterSetting(cloud, "cluster.blocks.read_only", null),
  },
  "the processor's function throws": {
    begin: (cloud) => cloud.breakFunction(),
  },
  "the stream is gone": {
    begin: ({ stream }) => {
      stream.isGone = true;
    },
  },
  "the probe's field is an object in the index": {
    begin: async (cloud, hourMs) => {
      // As in an index that is older than the template.
      await call(cloud, "DELETE", cloud.objects.find(({ kind }) => kind === "index-template")!.path);
      await makeIndex(cloud, hourMs, withField(probeField, "object"));
      await cloud.putObjects();
    },
    end: (cloud) => cloud.putObjects(),
  },
  "`@timestamp` is a number in the index": {
    begin: (cloud, hourMs) => makeIndex(cloud, hourMs, withField("@timestamp", "long")),
  },
  "`@timestamp` is a keyword in the index": {
    begin: (cloud, hourMs) => makeIndex(cloud, hourMs, withField("@timestamp", "keyword")),
  },
  "the domain takes no further shard": {
    begin: async (cloud) => {
      const { body } = await cloud.node.call("GET", "/_cluster/health");
      const { active_shards, unassigned_shards } = JSON.parse(body);
      await clusterSetting(cloud, "cluster.max_shards_per_node", active_shards + unassigned_shards);
    },
    end: (cloud) => clusterSetting(cloud, "cluster.max_shards_per_node", null),
  },
  "the bucket takes no objects": {
    begin: ({ stream }) => {
      stream.isBucketDenied = true;
    },
  },
  "the schedule is off": {
    begin: (cloud) => {
      cloud.isScheduleOff = true;
    },
    end: (cloud) => {
      cloud.isScheduleOff = false;
    },
  },
  "the schedule's clock is 20 minutes slow": scheduleAhead(-20),
  "the schedule's clock is 20 minutes fast": scheduleAhead(20),
};

function scheduleAhead(minutes: number): Breakage {
  return {
    begin: (cloud) => {
      cloud.scheduleAheadMs = minutes * minuteMs;
    },
    end: (cloud) => {
      cloud.scheduleAheadMs = 0;
    },
  };
}

async function call({ node }: ProbedCloud, method: string, path: string, body?: object): Promise<void> {
  const answer = await node.call(method, path, body && JSON.stringify(body));
  assert.equal(answer.status, 200, `${method} ${path}: ${answer.body}`);
}

const clusterSetting = (cloud: ProbedCloud, name: string, value: unknown) =>
  call(cloud, "PUT", "/_cluster/settings", { persistent: { [name]: value } });

/** Somebody has made the index of this hour before the stream does. */
const makeIndex = (cloud: ProbedCloud, hourMs: number, body: object) =>
  call(cloud, "PUT", `/${indexNameAt(cloud.settings["indexName"], "OneHour", hourMs)}`, body);

const withField = (name: string, type: string) => ({ mappings: { properties: { [name]: { type } } } });

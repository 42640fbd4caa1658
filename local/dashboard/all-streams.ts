/** All streams that have an index, as one more stream to look at: no panels, no backup and no processor of its own. */

import { isSearchStream, type StreamPlan } from "../plan/plan";
import type { FieldCharts } from "../rooms";
import type { PipelineStatus } from "../status";
import type { DashboardStream } from "./shown-stream";
import { StreamsSearcher } from "./streams-searcher";

/** The name that stands for all of them: no stream is called so. */
export const allStreams = "*";

/** Undefined where there are not several. */
export function allOf(
  streams: readonly DashboardStream[],
  charts: FieldCharts | undefined,
): DashboardStream | undefined {
  const searched = streams.filter(({ plan }) => isSearchStream(plan));
  const [first] = searched;
  if (!first || searched.length < 2) return undefined;
  const parts = onceEach(searched).map(({ plan, searcher }) => ({ name: plan.deliveryStreamName, searcher }));
  const { processor: _own, ...plan }: StreamPlan = first.plan;
  return {
    plan: { ...plan, deliveryStreamName: allStreams, processor: undefined, panels: [] },
    searcher: new StreamsSearcher(parts),
    parts,
    ...(charts && { charts }),
    status: () => sumOf(searched.map(({ status }) => status())),
    recentFailures: async (limit) => {
      const lists = await Promise.all(searched.map((stream) => stream.recentFailures(limit)));
      return lists
        .flat()
        .sort((a, b) => b.atMs - a.atMs)
        .slice(0, limit);
    },
    bucketFolder: first.bucketFolder,
    ...(first.send && { send: { command: first.send.command } }),
    onChange: (listener) => {
      const ends = searched.map(({ onChange }) => onChange(listener));
      return () => {
        for (const end of ends) end();
      };
    },
  };
}

/** Streams that write into the same indices of a server are searched once. */
function onceEach(streams: readonly DashboardStream[]): DashboardStream[] {
  return streams.filter(
    ({ sharedIndex }, place) =>
      sharedIndex === undefined || streams.findIndex((one) => one.sharedIndex === sharedIndex) === place,
  );
}

function sumOf(all: readonly PipelineStatus[]): PipelineStatus {
  const sum = (pick: (one: PipelineStatus) => number) => all.reduce((total, one) => total + pick(one), 0);
  const buffer = (name: "transformBuffer" | "deliveryBuffer" | "backupBuffer") => ({
    records: sum(({ rooms }) => rooms[name].records),
    bytes: sum(({ rooms }) => rooms[name].bytes),
    ageMs: Math.max(...all.map(({ rooms }) => rooms[name].ageMs)),
  });
  const held = all.find(({ rooms }) => rooms.trouble !== undefined)?.rooms;
  return {
    accepted: sum(({ accepted }) => accepted),
    indexed: sum(({ indexed }) => indexed),
    dropped: sum(({ dropped }) => dropped),
    failed: sum(({ failed }) => failed),
    waiting: sum(({ waiting }) => waiting),
    lost: sum(({ lost }) => lost),
    backedUp: sum(({ backedUp }) => backedUp),
    rooms: {
      queueBytes: sum(({ rooms }) => rooms.queueBytes),
      transformBuffer: buffer("transformBuffer"),
      deliveryBuffer: buffer("deliveryBuffer"),
      backupBuffer: buffer("backupBuffer"),
      trouble: held?.trouble,
      troubleSinceMs: held?.troubleSinceMs,
    },
  };
}

/** Profiles of CPU that Node has written, by the part of the project that the time was spent in or for. */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { root } from "../engines/local-run";

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** In microseconds. */
  readonly timeDeltas: readonly number[];
}

const rootUrl = `${pathToFileURL(root)}/`;
const asleep = new Set(["(idle)", "(root)"]);

/** Where a frame is of nobody's file, such as Node's own, it counts for who called it. */
function partOf({ callFrame: { functionName, url } }: ProfileNode, caller: string): string {
  if (functionName === "(garbage collector)") return "garbage collector";
  if (functionName === "(program)") return "Node and the system";
  const path = url.startsWith(rootUrl)
    ? url.slice(rootUrl.length)
    : url.startsWith(root)
      ? url.slice(root.length + 1)
      : "";
  const [top, room, floor] = path.split("/");
  if (top === "node_modules") return caller;
  if (top === "local" && room === "search") return `local/search/${floor}`;
  if (top === "local") return room!.endsWith(".ts") ? "local" : `local/${room}`;
  if (path !== "") return top!;
  return url === "" || url.startsWith("node:") ? caller : "the function";
}

/** Seconds by part. */
export function secondsByPart({ nodes, samples, timeDeltas }: CpuProfile): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<number, string>();
  const walk: [ProfileNode, string][] = nodes[0] ? [[nodes[0], "Node and the system"]] : [];
  for (let next = walk.pop(); next; next = walk.pop()) {
    const [node, caller] = next;
    const part = asleep.has(node.callFrame.functionName) ? caller : partOf(node, caller);
    parts.set(node.id, part);
    for (const child of node.children ?? []) walk.push([byId.get(child)!, part]);
  }
  const seconds = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    if (asleep.has(byId.get(id)!.callFrame.functionName)) continue;
    const part = parts.get(id)!;
    seconds.set(part, (seconds.get(part) ?? 0) + (timeDeltas[at] ?? 0) / 1e6);
  }
  return seconds;
}

/** One table for each thread that has done something, the busiest first. */
export function printProfiles(files: readonly string[]): void {
  const sumOf = (parts: ReadonlyMap<string, number>): number =>
    [...parts.values()].reduce((sum, one) => sum + one, 0);
  const threads = files
    .map((file) => secondsByPart(JSON.parse(readFileSync(file, "utf8")) as CpuProfile))
    .filter((parts) => sumOf(parts) >= 0.1)
    .sort((one, other) => sumOf(other) - sumOf(one));
  for (const parts of threads) {
    process.stdout.write(`a thread of ${sumOf(parts).toFixed(1)} s, its start included\n`);
    const rows = [...parts].filter(([, seconds]) => seconds >= 0.05).sort(([, a], [, b]) => b - a);
    console.table(rows.map(([part, seconds]) => ({ part, seconds: seconds.toFixed(2) })));
  }
}

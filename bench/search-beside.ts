/** The same documents and questions for a real OpenSearch, VictoriaLogs and ripgrep: whichever of them is there. */
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openSearchMissing, startOpenSearch } from "../engines/opensearch/node";
import { callsOf } from "./opensearch-call";
import { usageOf } from "./process-usage";
import { type RequestDocuments, template } from "./search-documents";
import type { LinePattern, Question } from "./search-queries";
import { VictoriaLogs, victoriaLogsMissing } from "./victoria-logs";

const documentsPerRequest = 5000;

/** What one of them says to a question, and what that took. */
export interface PeerAnswer {
  readonly count: number;
  readonly cpuMs: number;
  readonly wallMs: number;
}

export interface Peer {
  readonly name: string;
  /** Undefined where it cannot be asked that. */
  count(question: Question): Promise<PeerAnswer | undefined>;
  stop(): Promise<void>;
}

/** CPU of a process that goes on running, to a hundredth of a second. */
async function watched(pid: number, ask: () => Promise<number>): Promise<PeerAnswer> {
  const before = usageOf(pid).cpuSeconds;
  const startMs = performance.now();
  const count = await ask();
  const wallMs = performance.now() - startMs;
  return { count, cpuMs: (usageOf(pid).cpuSeconds - before) * 1000, wallMs };
}

async function openSearch(documents: RequestDocuments, total: number): Promise<Peer | string> {
  const missing = openSearchMissing();
  if (missing !== undefined) return `no OpenSearch: ${missing}`;
  const node = await startOpenSearch({ heapMiB: 1024 });
  const call = callsOf(node);
  await call("PUT", "/bench", JSON.stringify(template));
  for (const some of documents.batches(total, documentsPerRequest)) {
    const lines = some.map(({ id, source }) => `{"index":{"_index":"bench","_id":"${id}"}}\n${source}\n`);
    await call("POST", "/_bulk", lines.join(""));
  }
  await call("POST", "/bench/_refresh");
  return {
    name: "OpenSearch",
    count: ({ query }) =>
      watched(node.pid, async () => {
        const question = { query: { query_string: { query, analyze_wildcard: true, time_zone: "UTC" } } };
        const answer = await call("POST", "/bench/_count", JSON.stringify(question));
        return (JSON.parse(answer) as { count: number }).count;
      }),
    stop: () => node.stop(),
  };
}

async function victoriaLogs(
  documents: RequestDocuments,
  total: number,
  folder: string,
): Promise<Peer | string> {
  const missing = victoriaLogsMissing();
  if (missing !== undefined) return `no VictoriaLogs: ${missing}`;
  const logs = await VictoriaLogs.start(join(folder, "victoria-logs"));
  for (const some of documents.batches(total, documentsPerRequest)) {
    await logs.insert(
      some.map(({ source }) => source),
      "host",
    );
  }
  await logs.flush();
  return {
    name: "VictoriaLogs",
    count: async ({ logsQl }) =>
      logsQl === undefined ? undefined : watched(logs.pid, () => logs.count(logsQl)),
    stop: () => logs.stop(),
  };
}

async function ripgrep(documents: RequestDocuments, total: number, folder: string): Promise<Peer | string> {
  try {
    execFileSync("rg", ["--version"], { stdio: "ignore" });
  } catch {
    return "no ripgrep: rg is not installed";
  }
  const file = join(folder, "documents.ndjson");
  const out = createWriteStream(file);
  for (const some of documents.batches(total, documentsPerRequest)) {
    const lines = some.map(({ source }) => `${source}\n`);
    if (!out.write(lines.join(""))) await new Promise<void>((resolve) => out.once("drain", () => resolve()));
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
  return {
    name: "ripgrep",
    count: async ({ lines }) => (lines === undefined ? undefined : linesWith(lines, file)),
    stop: async () => {},
  };
}

/** `times` prints in its second line what the children of the shell have used. */
async function linesWith({ pattern, inverted = false }: LinePattern, file: string): Promise<PeerAnswer> {
  const flags = ["--count", "--include-zero", ...(inverted ? ["--invert-match"] : [])];
  const startMs = performance.now();
  const script = 'rg "$@"; times';
  const child = spawn("sh", ["-c", script, "sh", ...flags, "--", pattern, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [count = "", , times = ""] = (await text(child.stdout)).split("\n");
  const wallMs = performance.now() - startMs;
  let cpuMs = 0;
  for (const [, minutes, seconds] of times.matchAll(/(\d+)m([\d.]+)s/g))
    cpuMs += Number(minutes) * 60_000 + Number(seconds) * 1000;
  return { count: Number(count), cpuMs, wallMs };
}

/** Each with the documents in it, one after the other; whoever cannot be there is named. */
export async function startPeers(
  documents: () => RequestDocuments,
  total: number,
  folder: string,
): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const start of [openSearch, victoriaLogs, ripgrep]) {
    const peer = await start(documents(), total, folder);
    if (typeof peer === "string") process.stdout.write(`${peer}\n`);
    else peers.push(peer);
  }
  return peers;
}

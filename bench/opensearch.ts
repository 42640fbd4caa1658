/** The measure for the whole line: what a real OpenSearch 2.19 that is warm spends on indexing the same documents alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSearchMissing, startOpenSearch } from "../engines/opensearch/node";
import { indexTemplate } from "../infra/domain/object-bodies";
import { processorChain } from "../processors";
import { callsOf } from "./opensearch-call";
import { usageOf } from "./process-usage";
import { batchesOf, bytesBelow, type PeerFigures, type SourceFile } from "./source-file";

type Call = ReturnType<typeof callsOf>;

/**
 * With this project's index template. The node has indexed them once before, into an index that is deleted. A text
 * tells why there can be no node here.
 */
export async function openSearchFigures(sources: SourceFile): Promise<PeerFigures | string> {
  const missing = openSearchMissing();
  if (missing !== undefined) return missing;
  const data = mkdtempSync(join(tmpdir(), "bench-opensearch-"));
  const options = { heapMiB: 1024, settings: { "path.data": data } };
  let node = await startOpenSearch(options);
  try {
    const call = callsOf(node);
    await fill(call, "warm", sources);
    await call("DELETE", "/warm");
    const before = usageOf(node.pid);
    const startMs = performance.now();
    await fill(call, "bench", sources);
    const seconds = (performance.now() - startMs) / 1000;
    const after = usageOf(node.pid);
    process.kill(node.pid, "SIGKILL");
    await node.stop();
    node = await startOpenSearch(options);
    const { count } = JSON.parse(await afterRecovery(callsOf(node))) as { count: number };
    const diskBytes = bytesBelow(join(data, "nodes/0/indices"));
    const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
    return { cpuSeconds, seconds, peakMb: after.peakMb, diskBytes, lost: sources.documents - count };
  } finally {
    await node.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function fill(call: Call, index: string, sources: SourceFile): Promise<void> {
  const chain = processorChain(sources.processor);
  if (typeof chain === "string") throw new Error(chain);
  const { template } = indexTemplate(
    { baseName: index, owner: "bench" },
    {
      indexName: index,
      indexRotation: "NoRotation",
      engineVersion: "OpenSearch_2.19",
      instanceCount: 1,
      indexRetentionDays: 1,
      processorChain: chain,
    },
  ).body as { template: { settings: object; mappings: object } };
  const settings = { ...template.settings, "index.final_pipeline": "_none" };
  await call("PUT", `/${index}`, JSON.stringify({ settings, mappings: template.mappings }));
  let at = 0;
  for await (const batch of batchesOf(sources)) {
    const lines = batch.map((source) => `{"index":{"_index":"${index}","_id":"e.${at++}"}}\n${source}\n`);
    await call("POST", "/_bulk", lines.join(""));
  }
  await call("POST", `/${index}/_refresh`);
  const { count } = JSON.parse(await call("GET", `/${index}/_count`)) as { count: number };
  if (count !== sources.documents)
    throw new Error(`OpenSearch counts ${count} of ${sources.documents} documents.`);
}

async function afterRecovery(call: Call): Promise<string> {
  await call("GET", "/_cluster/health/bench?wait_for_status=yellow&timeout=60s");
  await call("POST", "/bench/_flush");
  await call("POST", "/bench/_refresh");
  return call("GET", "/bench/_count");
}

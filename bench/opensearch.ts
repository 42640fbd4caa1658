/** The measure for the whole line: what a real OpenSearch 2.19 spends on indexing the same documents alone. */
import { randomUUID } from "node:crypto";
import { openSearchMissing, startOpenSearch } from "../engines/opensearch/node";
import { indexTemplate } from "../infra/domain/object-bodies";
import { callsOf } from "./opensearch-call";
import { usageOf } from "./process-usage";

const documentsPerRequest = 5000;

/**
 * CPU seconds per 1,000,000 documents as `map` makes them, with this project's index template but without its ingest
 * pipeline; the node's start is not counted. A text tells why there can be no node here.
 */
export async function openSearchCpuSeconds(total: number): Promise<number | string> {
  const missing = openSearchMissing();
  if (missing !== undefined) return missing;
  const node = await startOpenSearch({ heapMiB: 1024 });
  const call = callsOf(node);
  try {
    const { template } = indexTemplate(
      { baseName: "bench", owner: "bench" },
      {
        indexName: "bench",
        indexRotation: "NoRotation",
        engineVersion: "OpenSearch_2.19",
        instanceCount: 1,
        indexRetentionDays: 1,
        processorChain: [],
      },
    ).body as { template: { settings: object; mappings: object } };
    const settings = { ...template.settings, "index.final_pipeline": "_none" };
    await call("PUT", "/bench", JSON.stringify({ settings, mappings: template.mappings }));
    const before = usageOf(node.pid);
    for (let at = 0; at < total; at += documentsPerRequest) {
      const lines: string[] = [];
      for (let i = at; i < Math.min(total, at + documentsPerRequest); i++)
        lines.push(`{"index":{"_index":"bench","_id":"e.${i}"}}\n{"message":"bye world! ${randomUUID()}"}\n`);
      await call("POST", "/_bulk", lines.join(""));
    }
    await call("POST", "/bench/_refresh");
    const { count } = JSON.parse(await call("GET", "/bench/_count")) as { count: number };
    if (count !== total) throw new Error(`OpenSearch counts ${count} of ${total} documents.`);
    return ((usageOf(node.pid).cpuSeconds - before.cpuSeconds) * 1_000_000) / total;
  } finally {
    await node.stop();
  }
}

/** The same documents and questions for a real OpenSearch. */
import { openSearchMissing, startOpenSearch } from "../engines/opensearch/node";
import { callsOf } from "./opensearch-call";
import { usageOf } from "./process-usage";
import { type RequestDocuments, template } from "./search-documents";

const documentsPerRequest = 5000;

export interface AskedNode {
  /** CPU of the whole node meanwhile, to a hundredth of a second. */
  count(query: string): Promise<{ answer: number; cpuMs: number; wallMs: number }>;
  stop(): Promise<void>;
}

/** Throws where there can be no node, and says why. */
export async function startNode(documents: RequestDocuments, total: number): Promise<AskedNode> {
  const missing = openSearchMissing();
  if (missing !== undefined) throw new Error(missing);
  const node = await startOpenSearch({ heapMiB: 1024 });
  const call = callsOf(node);
  await call("PUT", "/bench", JSON.stringify(template));
  for (let left = total; left > 0; left -= documentsPerRequest) {
    const lines = documents
      .next(Math.min(left, documentsPerRequest))
      .map(({ id, source }) => `{"index":{"_index":"bench","_id":"${id}"}}\n${source}\n`);
    await call("POST", "/_bulk", lines.join(""));
  }
  await call("POST", "/bench/_refresh");
  return {
    count: async (query) => {
      const before = usageOf(node.pid).cpuSeconds;
      const start = performance.now();
      const question = { query: { query_string: { query, analyze_wildcard: true, time_zone: "UTC" } } };
      const { count } = JSON.parse(await call("POST", "/bench/_count", JSON.stringify(question))) as {
        count: number;
      };
      const wallMs = performance.now() - start;
      return { answer: count, cpuMs: (usageOf(node.pid).cpuSeconds - before) * 1000, wallMs };
    },
    stop: () => node.stop(),
  };
}

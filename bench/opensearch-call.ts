/** Requests of the benchmarks to a real OpenSearch: what it does not do whole is an error. */
import type { startOpenSearch } from "../engines/opensearch/node";

type Node = Awaited<ReturnType<typeof startOpenSearch>>;

export const callsOf =
  (node: Node) =>
  async (method: string, path: string, body?: string): Promise<string> => {
    const answer = await node.call(method, path, body);
    if (answer.status !== 200 || answer.body.includes('"errors":true'))
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 300)}`);
    return answer.body;
  };

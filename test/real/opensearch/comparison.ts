/** The same documents and queries for a real node and for the embedded index. */

import type { OpenSearchNode } from "../../../engines/opensearch/node";
import type { EmbeddedIndex } from "../../../local/rooms";
import { QueryError } from "../../../local/rooms";

export const ARRIVAL_MS = Date.UTC(2026, 10, 25, 12);
const BULK_DOCUMENTS = 500;
const MSEARCH_QUERIES = 20;

/** What one side says to a query: the ids of all matches in order, or that it is wrong. */
export type Answer = { readonly ids: readonly string[] } | { readonly error: string };

/** An index as the project's template makes it. */
export async function createIndex(node: OpenSearchNode, index: string, template: unknown): Promise<void> {
  const { settings, mappings } = template as { settings: object; mappings: object };
  const own = {
    "index.max_result_window": 20_000,
    "index.refresh_interval": "-1",
  };
  const body = JSON.stringify({ settings: { ...settings, ...own }, mappings });
  const answer = await node.call("PUT", `/${index}`, body);
  if (answer.status !== 200) throw new Error(answer.body);
}

/** Ids of refused documents. */
export async function fillNode(
  node: OpenSearchNode,
  index: string,
  documents: readonly string[],
): Promise<Set<string>> {
  const refused = new Set<string>();
  for (let at = 0; at < documents.length; at += BULK_DOCUMENTS) {
    const lines = documents
      .slice(at, at + BULK_DOCUMENTS)
      .map((source, place) => `{"index":{"_index":"${index}","_id":"${at + place + 1}"}}\n${source}\n`);
    const { status, body } = await node.call("POST", "/_bulk", lines.join(""));
    if (status !== 200) throw new Error(`_bulk answered ${status}: ${body.slice(0, 500)}`);
    const { items } = JSON.parse(body) as { items: { index: { _id: string; status: number } }[] };
    for (const { index: item } of items) if (item.status >= 300) refused.add(item._id);
  }
  await node.call("POST", `/${index}/_refresh`);
  return refused;
}

export async function fillEmbedded(
  target: EmbeddedIndex,
  index: string,
  documents: readonly string[],
): Promise<Set<string>> {
  const rows = documents.map((source, at) => ({
    seq: at + 1,
    id: String(at + 1),
    index,
    arrivalMs: ARRIVAL_MS,
    source,
  }));
  const refusals = await target.write(rows);
  const failed = refusals.length;
  await target.settle({
    throughSeq: rows.length,
    indexed: rows.length - failed,
    dropped: 0,
    failed,
    failedObjects: [],
  });
  return new Set(refusals.map(({ position }) => String(position + 1)));
}

interface SearchAnswer {
  readonly status: number;
  readonly error?: { readonly root_cause: readonly { readonly reason: string }[]; readonly reason?: string };
  readonly hits?: { readonly hits: readonly { readonly _id: string }[] };
}

/** As the Lucene bar of OpenSearch Dashboards asks. */
export async function askNode(
  node: OpenSearchNode,
  index: string,
  queries: readonly string[],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let at = 0; at < queries.length; at += MSEARCH_QUERIES) {
    const lines = queries.slice(at, at + MSEARCH_QUERIES).map((query) => {
      const query_string = { query, analyze_wildcard: true, time_zone: "UTC" };
      return `{"index":"${index}"}\n${JSON.stringify({ size: 20_000, _source: false, sort: ["_doc"], query: { query_string } })}\n`;
    });
    const { body } = await node.call("POST", "/_msearch?max_concurrent_searches=2", lines.join(""));
    for (const answer of (JSON.parse(body) as { responses: SearchAnswer[] }).responses) {
      if (answer.hits === undefined)
        answers.push({ error: answer.error?.root_cause[0]?.reason ?? answer.error?.reason ?? "?" });
      else answers.push({ ids: answer.hits.hits.map(({ _id }) => _id).sort() });
    }
  }
  return answers;
}

/** How many matches; undefined: the query is wrong. */
export async function countNode(
  node: OpenSearchNode,
  index: string,
  query: string,
): Promise<number | undefined> {
  const query_string = { query, analyze_wildcard: true, time_zone: "UTC" };
  const { status, body } = await node.call(
    "POST",
    `/${index}/_count`,
    JSON.stringify({ query: { query_string } }),
  );
  return status === 200 ? (JSON.parse(body) as { count: number }).count : undefined;
}

export async function countEmbedded(target: EmbeddedIndex, query: string): Promise<number | undefined> {
  try {
    return (await target.count({ query })).count;
  } catch (error) {
    if (error instanceof QueryError) return undefined;
    throw error;
  }
}

/** With `counted`, count and search must agree as well. */
export async function askEmbedded(target: EmbeddedIndex, query: string, counted: boolean): Promise<Answer> {
  try {
    const { total, hits } = await target.search({ query, size: 20_000 });
    const count = counted ? (await target.count({ query })).count : total;
    if (count !== total || hits.length !== total)
      throw new Error(`count ${count}, total ${total}, hits ${hits.length}: ${query}`);
    return { ids: hits.map(({ _id }) => _id).sort() };
  } catch (error) {
    if (error instanceof QueryError) return { error: error.message };
    throw error;
  }
}

/** Listed in docs/fidelity.md: an error that says so, where the real node has an answer. */
const NOT_SUPPORTED = /^Not supported: .* in a regular expression/;

/** Undefined where both sides say the same. */
export function difference(real: Answer, ours: Answer): string | undefined {
  if ("error" in real || "error" in ours) {
    if ("error" in real && "error" in ours) return undefined;
    if ("error" in ours && NOT_SUPPORTED.test(ours.error)) return undefined;
    return "error" in real
      ? `real error: ${real.error.slice(0, 200)}`
      : `our error: ${(ours as { error: string }).error}`;
  }
  const theirs = new Set(real.ids);
  const own = new Set(ours.ids);
  const missing = real.ids.filter((id) => !own.has(id));
  const extra = ours.ids.filter((id) => !theirs.has(id));
  if (missing.length === 0 && extra.length === 0) return undefined;
  return `real ${theirs.size}, ours ${own.size}, missing ${missing.slice(0, 3)}, too many ${extra.slice(0, 3)}`;
}

/** How `query_string` answers, asked of another node than the OpenSearch on which the facts were observed. */

import type { JavaNode } from "../../../engines/java-node/java-node";
import type { OpenSearchNode } from "../../../engines/opensearch/node";
import type { Fact } from "../../local/search/query/fact";
import { allFieldFacts } from "../../local/search/query/facts-fields";
import { syntaxFacts } from "../../local/search/query/facts-syntax";
import { valueFacts } from "../../local/search/query/facts-values";
import { factTemplate } from "../../local/search/small-index";
import { askNode, difference, fillNode } from "../opensearch/comparison";

export interface Difference {
  readonly query: string;
  readonly differs: string;
}

async function differencesOf(node: OpenSearchNode, index: string, fact: Fact): Promise<Difference[]> {
  const asText = (document: unknown) => (typeof document === "string" ? document : JSON.stringify(document));
  await fillNode(node, index, fact.documents.map(asText));
  const queries = Object.keys(fact.answers);
  const real = await askNode(node, index, queries);
  return queries.flatMap((query, at) => {
    const places = fact.answers[query]!;
    const stated = places === "error" ? { error: "" } : { ids: places.map((place) => `${place + 1}`) };
    const differs = difference(real[at]!, stated);
    return differs === undefined ? [] : [{ query, differs }];
  });
}

/** Each fact in an index of its own, which reads fields as it did when they were found. */
export async function factsThatDiffer(
  plain: JavaNode,
): Promise<{ asked: number; differences: Difference[] }> {
  const node = { ...plain, ca: undefined, user: undefined, password: undefined };
  const settings = {
    ...factTemplate.settings,
    "index.max_result_window": 20_000,
  };
  const body = JSON.stringify({ settings, mappings: factTemplate.mappings });
  let asked = 0;
  const differences: Difference[] = [];
  for (const [at, fact] of [...syntaxFacts, ...valueFacts, ...allFieldFacts].entries()) {
    const { status, body: words } = await node.call("PUT", `/fact-${at}`, body);
    if (status !== 200) throw new Error(words);
    differences.push(...(await differencesOf(node, `fact-${at}`, fact)));
    asked += Object.keys(fact.answers).length;
  }
  await node.call("DELETE", "/fact-*");
  return { asked, differences };
}

/**
 * Puts documents that the transform has made already straight into their index, past stream and transform, each under
 * the id that Firehose gave it: one that is there by now is left as it is, so nothing is there twice.
 */
import type { Item } from "./failed-lines";

/** A search cluster's address and user. */
export interface Domain {
  /** `https://search-….eu-west-1.es.amazonaws.com` */
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

/** What became of one document. */
export type DocumentOutcome = "indexed" | "already there" | { readonly refused: string };

const maxDocuments = 500;
const maxBytes = 1024 * 1024;

interface BulkAnswer {
  readonly items?: readonly Record<string, { status: number; error?: { type: string; reason: string } }>[];
}

/** Sends documents in their order; gives an outcome for each. Throws where the domain does not take the request. */
export async function putDocuments(domain: Domain, items: readonly Item[]): Promise<DocumentOutcome[]> {
  const outcomes: DocumentOutcome[] = [];
  for (let from = 0; from < items.length; ) {
    let to = from;
    for (
      let bytes = 0;
      to < items.length && to - from < maxDocuments && (to === from || bytes < maxBytes);
      to++
    ) {
      bytes += items[to]?.bytes.length ?? 0;
    }
    outcomes.push(...(await bulk(domain, items.slice(from, to))));
    from = to;
  }
  return outcomes;
}

async function bulk({ url, user, password }: Domain, items: readonly Item[]): Promise<DocumentOutcome[]> {
  const lines = items.flatMap(({ indexName, documentId, bytes }) => [
    // `create` with an id answers 409 where it is there already; without an id the index makes one.
    JSON.stringify(
      documentId ? { create: { _index: indexName, _id: documentId } } : { index: { _index: indexName } },
    ),
    bytes.toString("utf8").trim(),
  ]);
  const answer = await fetch(new URL("_bulk", url.endsWith("/") ? url : `${url}/`), {
    method: "POST",
    headers: {
      "content-type": "application/x-ndjson",
      ...(user && { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` }),
    },
    body: `${lines.join("\n")}\n`,
    signal: AbortSignal.timeout(60_000),
  });
  if (!answer.ok)
    throw new Error(`the domain answers ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  const results = ((await answer.json()) as BulkAnswer).items ?? [];
  return items.map((_, n) => {
    const { status = 0, error } = Object.values(results[n] ?? {})[0] ?? {};
    if (status === 409) return "already there";
    return status >= 200 && status < 300
      ? "indexed"
      : { refused: error ? `${error.type}: ${error.reason}` : `status ${status}` };
  });
}

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

/** Sends documents in their order; gives an outcome for each. Throws where a request is not taken. */
export type PutDocuments = (items: readonly Item[]) => Promise<DocumentOutcome[]>;

/** Over `_bulk` of a search server. */
export const intoDomain =
  (domain: Domain): PutDocuments =>
  (items) =>
    inChunks(items, (chunk) => bulk(domain, chunk));

/** Into the index of a local run, by its dashboard. @param url `http://127.0.0.1:5601` */
export const intoLocalRun =
  (url: string): PutDocuments =>
  (items) =>
    inChunks(items, (chunk) => post(url, chunk));

async function inChunks(
  items: readonly Item[],
  send: (chunk: readonly Item[]) => Promise<DocumentOutcome[]>,
): Promise<DocumentOutcome[]> {
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
    outcomes.push(...(await send(items.slice(from, to))));
    from = to;
  }
  return outcomes;
}

async function post(url: string, items: readonly Item[]): Promise<DocumentOutcome[]> {
  const documents = items.map(({ documentId = "", indexName = "", arrivalMs, bytes }) => ({
    id: documentId,
    index: indexName,
    arrivalMs,
    source: bytes.toString("utf8"),
  }));
  const answer = await fetch(new URL("/api/replay", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ documents }),
    signal: AbortSignal.timeout(60_000),
  });
  if (answer.status === 404 || answer.status === 405) {
    throw new Error(
      `the local run at ${url} takes no documents itself: name the OpenSearch that it delivers to with --documents-to URL`,
    );
  }
  if (!answer.ok)
    throw new Error(`the local run answers ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  const { outcomes } = (await answer.json()) as { outcomes: DocumentOutcome[] };
  if (outcomes.length !== items.length)
    throw new Error(`the local run answers for ${outcomes.length} of ${items.length} documents`);
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

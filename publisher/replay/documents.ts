/**
 * Puts documents that the transform has made already straight into their index, past stream and transform, each under
 * the id that Firehose gave it: one that is there by now is left as it is, so nothing is there twice.
 */
import { noOutcome, refusedBy, takesNoDocuments } from "../errors";
import { beginOf, jsonObject } from "../wire/bounded-json";
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

/** Sends documents in their order; gives an outcome for each. Throws where a request is not taken. */
export type PutDocuments = (items: readonly Item[]) => Promise<DocumentOutcome[]>;

/** Over `_bulk` of a search server. */
export const intoDomain =
  (domain: Domain): PutDocuments =>
  (items) =>
    inChunks(items, (chunk) => bulk(domain, chunk));

/** Into a stream's index of a local run, by its dashboard. @param url `http://127.0.0.1:5601` */
export const intoLocalRun =
  (url: string, streamName: string): PutDocuments =>
  (items) =>
    inChunks(items, (chunk) => post(url, streamName, chunk));

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

async function post(url: string, streamName: string, items: readonly Item[]): Promise<DocumentOutcome[]> {
  const documents = items.map(({ documentId = "", indexName = "", arrivalMs, bytes }) => ({
    id: documentId,
    index: indexName,
    arrivalMs,
    source: bytes.toString("utf8"),
  }));
  const answer = await fetch(new URL(`/api/replay?stream=${encodeURIComponent(streamName)}`, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ documents }),
    signal: AbortSignal.timeout(60_000),
  });
  if (answer.status === 404 || answer.status === 405) {
    throw takesNoDocuments(url);
  }
  if (!answer.ok) throw refusedBy("the local run", answer.status, await beginOf(answer));
  const { outcomes } = await jsonObject(answer);
  if (!Array.isArray(outcomes) || outcomes.length !== items.length || !outcomes.every(isOutcome))
    throw noOutcome("the local run", items.length);
  return outcomes;
}

const isOutcome = (value: unknown): value is DocumentOutcome =>
  value === "indexed" ||
  value === "already there" ||
  typeof (value as { refused?: unknown } | null)?.refused === "string";

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
  if (!answer.ok) throw refusedBy("the domain", answer.status, await beginOf(answer));
  const { items: results } = await jsonObject(answer);
  // A 200 alone says nothing: each item has its own status.
  if (!Array.isArray(results) || results.length !== items.length) throw noOutcome("the domain", items.length);
  return results.map(outcomeOfItem);
}

function outcomeOfItem(item: unknown): DocumentOutcome {
  const [result] = Object.values((item ?? {}) as object) as ({ status?: unknown; error?: unknown } | null)[];
  const { status, error } = result ?? {};
  if (typeof status !== "number") return { refused: "the domain does not say what became of it" };
  if (status === 409) return "already there";
  if (status >= 200 && status < 300 && error === undefined) return "indexed";
  const { type, reason } = (error ?? {}) as { type?: unknown; reason?: unknown };
  const why = [type, reason].filter((part) => typeof part === "string").join(": ");
  return { refused: why || `status ${status}` };
}

/**
 * What a server says of each document of a `_bulk`. Status 200 says nothing yet: a proxy's page, `{}` or an item with
 * 429 beside `"errors":false` are no success. Only an item of its own makes a document delivered.
 *
 * @see https://docs.opensearch.org/latest/api-reference/document-apis/bulk/#response
 * @example {"took":11,"errors":true,"items":[{"index":{"_index":"web-2026-03-01","_id":"e.1","status":201}},
 *   {"index":{"_index":"web-2026-03-01","_id":"e.2","status":400,"error":{"type":"mapper_parsing_exception","reason":"…"}}}]}
 */

export interface ItemError {
  /** HTTP status, such as 400. */
  readonly status: number;
  /** Such as `mapper_parsing_exception`. */
  readonly type: string;
  readonly reason: string;
}

/** A body that answers no `_bulk` of this many documents; whether anything was stored is unknown. */
export class NoBulkAnswer extends Error {
  constructor(why: string) {
    super(`the answer is none to a _bulk request: ${why}`);
    this.name = "no_bulk_answer";
  }
}

/**
 * The error of each document, in the order they were sent; undefined for one that is stored.
 * @param ids the `_id` of each document; undefined where the server makes it
 * @throws NoBulkAnswer where not every document has its item
 */
export function readBulkAnswer(
  body: unknown,
  ids: readonly (string | undefined)[],
): (ItemError | undefined)[] {
  if (typeof body !== "object" || body === null) throw new NoBulkAnswer(`it is ${describe(body)}`);
  const { items } = body as { items?: unknown };
  if (!Array.isArray(items)) throw new NoBulkAnswer(`it has no items, but ${describe(body)}`);
  if (items.length !== ids.length)
    throw new NoBulkAnswer(`it has ${items.length} items for ${ids.length} documents`);
  return ids.map((id, place) => readItem(items[place], id, place));
}

function readItem(item: unknown, id: string | undefined, place: number): ItemError | undefined {
  const { index } = (item ?? {}) as { index?: Record<string, unknown> };
  const { status, error, _id } = index ?? {};
  if (typeof status !== "number" || !(status >= 200 && status < 600) || (status >= 300 && status < 400))
    throw new NoBulkAnswer(`item ${place} has no status, but ${describe(item)}`);
  if (id !== undefined && _id !== undefined && _id !== id)
    throw new NoBulkAnswer(`item ${place} is of document ${describe(_id)}, sent was ${id}`);
  if (status < 300 && !error) return undefined;
  const { type, reason } = (typeof error === "object" && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  return {
    // An error beside a status of success: it was not stored, and may be at the next attempt.
    status: status < 300 ? 503 : status,
    type: typeof type === "string" ? type : "unknown_error",
    reason: typeof reason === "string" ? reason : describe(error),
  };
}

/** Start of a value, for a sentence. */
function describe(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text === undefined ? "nothing" : text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

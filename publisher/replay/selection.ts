/** Which of the items are meant: by time, reason and content. */
import type { Item } from "./failed-lines";
import type { RecordQuery } from "./query";

export interface Selection {
  /** Milliseconds since 1970, inclusive. */
  readonly sinceMs?: number;
  /** Milliseconds since 1970, exclusive. */
  readonly untilMs?: number;
  /** The error code, or a part of the error message. */
  readonly reason?: string;
  readonly query?: RecordQuery;
}

export function selects(selection: Selection, item: Item): boolean {
  const { sinceMs = -Infinity, untilMs = Infinity, reason, query } = selection;
  if (item.arrivalMs < sinceMs || item.arrivalMs >= untilMs) return false;
  const says = (text: string) => item.message.includes(text) || item.cause?.includes(text);
  if (reason !== undefined && item.reason !== reason && !says(reason)) return false;
  return query === undefined || query(item.bytes);
}

/** Which of the items are meant: by time, reason and content. */
import { wrongUsage } from "../errors";
import type { Item } from "./failed-lines";

export interface Selection {
  /** Milliseconds since 1970, inclusive. */
  readonly sinceMs?: number;
  /** Milliseconds since 1970, exclusive. */
  readonly untilMs?: number;
  /** The error code, or a part of the error message. */
  readonly reason?: string;
  /** Words that must all occur in the record; `field:value` looks into a field of JSON (`a.b:value`). */
  readonly query?: string;
}

export function selects(selection: Selection, item: Item): boolean {
  const { sinceMs = -Infinity, untilMs = Infinity, reason, query } = selection;
  if (item.arrivalMs < sinceMs || item.arrivalMs >= untilMs) return false;
  if (reason !== undefined && item.reason !== reason && !item.message.includes(reason)) return false;
  return query === undefined || matches(query, item.bytes.toString("utf8"));
}

function matches(query: string, text: string): boolean {
  return query.split(/\s+/).every((word) => {
    const [, field, value] = /^([\w.@-]+):(.+)$/.exec(word) ?? [];
    return field && value ? fieldIs(text, field, value) : text.includes(word);
  });
}

function fieldIs(text: string, field: string, value: string): boolean {
  try {
    let at: unknown = JSON.parse(text);
    for (const name of field.split(".")) at = (at as Record<string, unknown> | null)?.[name];
    return typeof at === "string"
      ? at === value || at.split(/\W+/).includes(value)
      : at !== undefined && String(at) === value;
  } catch {
    return false;
  }
}

/** A time of the command line: `2026-03-01`, `2026-03-01T09:00Z`; without a zone it is UTC. */
export function parseTime(option: string): (text: string) => number {
  return (text) => {
    const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text) ? text : `${text}Z`;
    const ms = Date.parse(zoned);
    if (Number.isNaN(ms)) throw wrongUsage(option, text, "a time such as 2026-03-01T09:00Z");
    return ms;
  };
}

/** Lists what can be sent again: a row for each hour, error, field and message. */
import type { Item } from "./failed-lines";
import { findItems, type ReplayOptions } from "./find-items";
import { type Problem, problemOf } from "./problem";

/** What is there, by hour and problem. */
export interface Group {
  /** The error code, or `backup`. */
  readonly reason: string;
  readonly kind: Item["kind"];
  /** `2026-03-01T09` (UTC). */
  readonly hour: string;
  /** The field that is named. */
  readonly field?: string;
  /** The messages of its records without what is only one record's. */
  readonly problem: string;
  records: number;
  bytes: number;
  /** Records that were sent again before. */
  alreadySent: number;
  /** The message of one of them. */
  readonly example: string;
}

/** Rows of different messages; what comes behind these is one row for each hour and error. */
const maxGroups = 10_000;
const furtherProblems = "further problems, see --reason, --since and --until";

/** The latest time that has a year of four digits; later ones are no times. */
const maxMs = Date.UTC(9999, 11, 31);

export async function listGroups(options: ReplayOptions): Promise<Group[]> {
  const groups = new Map<string, Group>();
  for await (const { id, items } of findItems(options)) {
    for (const item of items) {
      const group = groupOf(groups, item);
      group.records++;
      group.bytes += item.bytes.length;
      if (options.marks.has(id, item.position)) group.alreadySent++;
    }
  }
  const place = ({ hour, reason, problem }: Group) => `${hour} ${reason} ${problem}`;
  return [...groups.values()].sort((a, b) => (place(a) < place(b) ? -1 : 1));
}

function groupOf(groups: Map<string, Group>, { reason, kind, arrivalMs, message, cause }: Item): Group {
  const isTime = arrivalMs >= 0 && arrivalMs <= maxMs;
  const hour = isTime ? new Date(arrivalMs).toISOString().slice(0, 13) : "unknown";
  const said = [message, cause].filter(Boolean).join("; ");
  const own = problemOf(said);
  const keyOf = ({ field, text }: Problem) => JSON.stringify([hour, reason, kind, field, text]);
  const isFull = groups.size >= maxGroups && !groups.has(keyOf(own));
  const { field, text }: Problem = isFull ? { text: furtherProblems } : own;
  const key = keyOf({ text, ...(field !== undefined && { field }) });
  const known = groups.get(key);
  if (known) return known;
  const group: Group = {
    reason,
    kind,
    hour,
    ...(field !== undefined && { field }),
    problem: text,
    records: 0,
    bytes: 0,
    alreadySent: 0,
    example: said.slice(0, 1000),
  };
  groups.set(key, group);
  return group;
}

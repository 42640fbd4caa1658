/** The time that a condition asks of every match: the rows know it without their text. */
import type { Condition } from "../query/condition";

/** `@timestamp`, both ends included. */
export interface TimeWindow {
  readonly lowMs: number;
  readonly highMs: number;
}

/** Takes the times that every match must have out of a condition. */
export function splitTime(condition: Condition, window: TimeWindow): { rest: Condition; window: TimeWindow } {
  const narrow = (a: TimeWindow, b: TimeWindow) => ({
    lowMs: Math.max(a.lowMs, b.lowMs),
    highMs: Math.min(a.highMs, b.highMs),
  });
  if (condition.kind === "time") return { rest: { kind: "all" }, window: narrow(window, condition) };
  if (condition.kind !== "bool") return { rest: condition, window };
  let inner = window;
  const must = condition.must.map((part) => {
    const split = splitTime(part, inner);
    inner = split.window;
    return split.rest;
  });
  return { rest: { ...condition, must }, window: inner };
}

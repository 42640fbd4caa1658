/** The time range of the page: a name that moves along with the clock, two fixed times, or two as they were typed. */

import { timeOf } from "./typed-time.js";

export const presets = [
  ["5m", "Last 5 minutes", 300_000],
  ["15m", "Last 15 minutes", 900_000],
  ["1h", "Last hour", 3_600_000],
  ["6h", "Last 6 hours", 21_600_000],
  ["24h", "Last 24 hours", 86_400_000],
  ["7d", "Last 7 days", 604_800_000],
  ["30d", "Last 30 days", 2_592_000_000],
];

/** `{fromMs, toMs}` of now; both undefined for all time. A moving range has no end: documents may be ahead of us. */
export function bounds(range, nowMs) {
  if (typeof range === "object") return range.from === undefined ? range : typedBounds(range, nowMs);
  const preset = presets.find(([name]) => name === range);
  return preset ? { fromMs: nowMs - preset[2] } : {};
}

/** Whether it is another time a minute later. */
export const moves = (range) => range !== "all" && range.fromMs === undefined;

function typedBounds({ from, to }, nowMs) {
  return { fromMs: timeOf(from, nowMs), toMs: timeOf(to, nowMs, true) };
}

/** Whether its end is before its beginning, as where two ends are typed, of which one moves. */
export function isCrossed(range) {
  const { fromMs, toMs } = bounds(range, Date.now());
  return fromMs > toMs;
}

const steps = [
  1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000,
  43_200_000, 86_400_000, 604_800_000, 2_592_000_000, 31_536_000_000, 315_360_000_000,
];

/** Length of a bar, so that there are at most about 90. */
export function intervalFor(spanMs) {
  return steps.find((step) => spanMs / step <= 90) ?? steps.at(-1);
}

/** Starts of all bars from `fromMs` to `toMs`. */
export function barStarts(fromMs, toMs, intervalMs) {
  const starts = [];
  for (let at = Math.floor(fromMs / intervalMs) * intervalMs; at < toMs; at += intervalMs) starts.push(at);
  return starts;
}

/** The bar of a histogram that a time falls into, by the clock of a zone. */
import type { BucketAggregation } from "./search-body";
import { toLocal, toUtc } from "./time-zones";

type Bars = BucketAggregation & { readonly kind: "date_histogram" };
type CalendarUnit = Exclude<Bars["interval"], number>;

const unitMs: Partial<Record<CalendarUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};
const weekMs = 7 * 86_400_000;
/** 1970-01-05, a Monday. */
const firstMondayMs = 4 * 86_400_000;

/** From a time to the begin of its bar, both in milliseconds since 1970. */
export function roundingOf({ interval, offsetMs, timeZone }: Bars): (ms: number) => number {
  return (ms) => toUtc(floor(toLocal(ms - offsetMs, timeZone), interval), timeZone) + offsetMs;
}

/** The begin of the bar behind one. */
export function nextBar(startMs: number, { interval, offsetMs, timeZone }: Bars): number {
  const local = toLocal(startMs - offsetMs, timeZone);
  return toUtc(next(local, interval), timeZone) + offsetMs;
}

function floor(ms: number, interval: Bars["interval"]): number {
  const width = typeof interval === "number" ? interval : unitMs[interval];
  if (width !== undefined) return Math.floor(ms / width) * width;
  if (interval === "week") return Math.floor((ms - firstMondayMs) / weekMs) * weekMs + firstMondayMs;
  const date = new Date(ms);
  const month = date.getUTCMonth();
  const first = interval === "month" ? month : interval === "quarter" ? month - (month % 3) : 0;
  return Date.UTC(date.getUTCFullYear(), first);
}

function next(ms: number, interval: Bars["interval"]): number {
  const width = typeof interval === "number" ? interval : interval === "week" ? weekMs : unitMs[interval];
  if (width !== undefined) return ms + width;
  const date = new Date(ms);
  const months = interval === "month" ? 1 : interval === "quarter" ? 3 : 12;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
}

/** Times as people type them: `-15m`, `now-1d/d`, `2026-11-28 10:00`, `10:00`; in the reader's time zone. */

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What an input of times understands, for its message. */
export const timeForms = "-15m, now-1d, now/d, 2026-11-28, 2026-11-28 10:00 or 10:00";

/**
 * Milliseconds since 1970; undefined for what is no time.
 * @param atEnd rounds `now/d` and a bare date up to their end, as the later end of a range
 */
export function timeOf(text, nowMs, atEnd = false) {
  const typed = text.trim();
  const ms = relative(typed, nowMs, atEnd) ?? absolute(typed, nowMs, atEnd);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function relative(text, nowMs, atEnd) {
  const [whole, steps, unit] = /^(?:now)?((?:[-+]\d{1,9}[smhdwMy])*)(?:\/([smhdwMy]))?$/.exec(text) ?? [];
  if (!whole || whole.startsWith("/")) return undefined;
  let ms = nowMs;
  for (const [, by, of] of steps.matchAll(/([-+]\d+)([smhdwMy])/g)) ms = moved(ms, Number(by), of);
  if (unit === undefined) return ms;
  const start = startOf(ms, unit);
  return atEnd ? moved(start, 1, unit) : start;
}

/** Days and longer are those of the calendar: a day may have 23 hours. */
function moved(ms, by, unit) {
  if (unit === "s" || unit === "m" || unit === "h") return ms + by * unitMs[unit];
  const at = new Date(ms);
  if (unit === "d") at.setDate(at.getDate() + by);
  if (unit === "w") at.setDate(at.getDate() + 7 * by);
  if (unit === "M") at.setMonth(at.getMonth() + by);
  if (unit === "y") at.setFullYear(at.getFullYear() + by);
  return at.getTime();
}

/** Weeks begin on Monday, as OpenSearch's date math has it. */
function startOf(ms, unit) {
  const at = new Date(ms);
  if (unit === "s") at.setMilliseconds(0);
  if (unit === "m") at.setSeconds(0, 0);
  if (unit === "h") at.setMinutes(0, 0, 0);
  if ("dwMy".includes(unit)) at.setHours(0, 0, 0, 0);
  if (unit === "w") at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
  if (unit === "M") at.setDate(1);
  if (unit === "y") at.setMonth(0, 1);
  return at.getTime();
}

function absolute(text, nowMs, atEnd) {
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) {
    const [hours, minutes, seconds] = clock.slice(1).map((part) => Number(part ?? 0));
    if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
    return new Date(nowMs).setHours(hours, minutes, seconds, 0);
  }
  const date = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (date) {
    const [year, month, day] = date.slice(1).map(Number);
    const at = new Date(year, month - 1, day);
    if (at.getMonth() !== month - 1) return undefined;
    return atEnd ? moved(at.getTime(), 1, "d") : at.getTime();
  }
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(text)) return undefined;
  return Date.parse(text.replace(" ", "T"));
}

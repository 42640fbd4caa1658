/**
 * Dates as OpenSearch's `strict_date_optional_time||epoch_millis` reads them, with date math (`now-1h`, `…||/d`).
 * A text that names a unit stands for the whole of it: the caller says whether it wants the first or last millisecond.
 */

import { toLocal, toUtc } from "../../time-zones";

export interface DateSpan {
  readonly firstMs: number;
  readonly lastMs: number;
}

const isoDate =
  /^(\d{4}|-\d{4,9}|\+\d{5,9})(?:-(\d{2})(?:-(\d{2})(?:T(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
const unitMs: Readonly<Record<string, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  H: 3_600_000,
  m: 60_000,
  s: 1000,
};
const dayMs = 86_400_000;

/** Undefined: more than the 18 hours that Java allows. */
function offsetMs(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === "Z") return 0;
  const digits = zone.slice(1).replace(":", "");
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4) || "0");
  return minutes > 18 * 60 ? undefined : (zone[0] === "-" ? -1 : 1) * minutes * 60_000;
}

/** Days from 1970 to a day of the Gregorian calendar, of any year. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month < 3 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1);
  return day <= next - daysOf(year, month, 1);
}

function parseIso(text: string): DateSpan | undefined {
  const match = isoDate.exec(text);
  if (match === null) return undefined;
  const [, yearText, month = "01", day = "01", hour, minute, second, fraction, zone] = match;
  const [year, h, m, s] = [yearText, hour ?? "00", minute ?? "00", second ?? "00"].map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const offset = offsetMs(zone);
  if (!isDay(year, Number(month), Number(day)) || h > 23 || m > 59 || s > 59) return undefined;
  if (offset === undefined) return undefined;
  const ms = fraction === undefined ? 0 : Number(fraction.padEnd(3, "0").slice(0, 3));
  const midnight = daysOf(year, Number(month), Number(day)) * dayMs;
  const firstMs = midnight + h * 3_600_000 + m * 60_000 + s * 1000 + ms - offset;
  if (Math.abs(firstMs) >= 2 ** 63) return undefined;
  // A month or year alone covers its first day only: the real parser fills in hours, minutes and seconds, not days.
  const width =
    fraction !== undefined
      ? 1
      : second !== undefined
        ? 1000
        : minute !== undefined
          ? 60_000
          : hour !== undefined
            ? 3_600_000
            : dayMs;
  return { firstMs, lastMs: firstMs + width - 1 };
}

const twoDigits = (text: string, at: number): number =>
  10 * (text.charCodeAt(at) - 48) + text.charCodeAt(at + 1) - 48;

/** The form of nearly all documents, such as `2026-11-29T08:08:09.470Z`; undefined: it has another. */
const usualDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** The day that was asked for last: documents that come together mostly have the same. */
let lastDay = { text: "", startMs: 0 };

function parseUsual(text: string): number | undefined {
  if (text.length !== 24 || !usualDate.test(text)) return undefined;
  if (!text.startsWith(lastDay.text) || lastDay.text === "") {
    const day = text.slice(0, 10);
    const startMs = parseIso(day)?.firstMs;
    if (startMs === undefined) return undefined;
    lastDay = { text: day, startMs };
  }
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = 10 * twoDigits(text, 20) + text.charCodeAt(22) - 48;
  return lastDay.startMs + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
}

/** A date as a document or a query writes it, without math. Undefined: no date. */
export function parseDate(text: string): DateSpan | undefined {
  const usualMs = parseUsual(text);
  if (usualMs !== undefined) return { firstMs: usualMs, lastMs: usualMs };
  const iso = parseIso(text);
  if (iso !== undefined) return iso;
  if (!/^-?\d+(\.\d{1,6})?$/.test(text)) return undefined;
  // As a number 2^63 - 1 and 2^63 are one.
  const whole = BigInt(text.replace(/\..*/, ""));
  if (BigInt.asIntN(64, whole) !== whole) return undefined;
  const ms = Math.floor(Number(text));
  return { firstMs: ms, lastMs: ms };
}

function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

function add(ms: number, count: number, unit: string): number {
  if (unit === "y") return addMonths(ms, 12 * count);
  if (unit === "M") return addMonths(ms, count);
  return ms + count * (unitMs[unit] as number);
}

function floor(ms: number, unit: string): number {
  const date = new Date(ms);
  if (unit === "y") return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === "M") return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  if (unit === "w") {
    const day = Math.floor(ms / dayMs);
    return (day - ((((day + 3) % 7) + 7) % 7)) * dayMs;
  }
  const width = unitMs[unit] as number;
  return Math.floor(ms / width) * width;
}

function applyMath(start: number, math: string, roundUp: boolean): number | undefined {
  if (!/^(?:[+-]\d*[yMwdhHms]|\/[yMwdhHms])*$/.test(math)) return undefined;
  let ms = start;
  for (const [, sign, digits, unit, rounding] of math.matchAll(/([+-])(\d*)([yMwdhHms])|\/([yMwdhHms])/g)) {
    if (rounding !== undefined) {
      ms = floor(ms, rounding);
      if (roundUp) ms = add(ms, 1, rounding) - 1;
    } else ms = add(ms, (sign === "-" ? -1 : 1) * (digits === "" ? 1 : Number(digits)), unit as string);
  }
  return ms;
}

/** Whether a text names its zone. Milliseconds do not: with a zone they count from 1970 by its clocks, as there. */
function namesZone(text: string): boolean {
  return /(?:Z|T.*[+-]\d{2}(?::?\d{2})?)$/.test(text);
}

/** Of a date without a zone, which stands for a time of this zone. */
function inZone({ firstMs, lastMs }: DateSpan, zone: string | undefined): DateSpan {
  return { firstMs: toUtc(firstMs, zone), lastMs: toUtc(lastMs, zone) };
}

/** A date of a query, with math, by a zone's clocks; both ends of what it covers. Undefined: no date. */
export function parseDateMath(text: string, nowMs: number, zone?: string): DateSpan | undefined {
  if (text.startsWith("now")) {
    const now = toLocal(nowMs, zone);
    const firstMs = applyMath(now, text.slice(3), false);
    const lastMs = applyMath(now, text.slice(3), true);
    return firstMs === undefined || lastMs === undefined ? undefined : inZone({ firstMs, lastMs }, zone);
  }
  const bar = text.indexOf("||");
  const date = bar < 0 ? text : text.slice(0, bar);
  const anchor = parseDate(date);
  if (anchor === undefined) return undefined;
  const fixed = namesZone(date);
  if (bar < 0) return fixed ? anchor : inZone(anchor, zone);
  const start = fixed ? toLocal(anchor.firstMs, zone) : anchor.firstMs;
  const math = text.slice(bar + 2);
  const firstMs = applyMath(start, math, false);
  const lastMs = applyMath(math === "" ? start + anchor.lastMs - anchor.firstMs : start, math, true);
  return firstMs === undefined || lastMs === undefined ? undefined : inZone({ firstMs, lastMs }, zone);
}

/** Times as they are written into answers. */
import { offsetAt } from "../../time-zones";
import { notTaken } from "../errors";

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** Beyond what a Date can be, the number itself. */
const dateMs = 8.64e15;

/** `2026-11-25T10:00:00.000Z` */
export function isoTime(ms: number): string {
  return Math.abs(ms) > dateMs ? String(ms) : patternTime(ms, "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", undefined);
}

/** How times are written by a format of the body; undefined: as {@link isoTime}, by the clock of the zone. */
export function timeFormat(format: string | undefined, zone: string | undefined): (ms: number) => string {
  const first = format?.split("||")[0];
  if (first === "epoch_millis") return String;
  if (first === "epoch_second") return (ms) => String(Math.floor(ms / 1000));
  const pattern = patterns[first ?? ""] ?? first ?? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
  if (!/^(?:yyyy|uuuu|MM|dd|HH|mm|ss|SSS|XXX|'[^']*'|[^A-Za-z'])+$/.test(pattern))
    throw notTaken(`format ${format}`);
  return (ms) => (Math.abs(ms) > dateMs ? String(ms) : patternTime(ms, pattern, zone));
}

const patterns: Readonly<Record<string, string>> = {
  strict_date_optional_time: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  date_optional_time: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  strict_date_time: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  date_time: "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
  strict_date: "yyyy-MM-dd",
  date: "yyyy-MM-dd",
};

function patternTime(ms: number, pattern: string, zone: string | undefined): string {
  const offset = offsetAt(ms, zone);
  const date = new Date(ms + offset);
  const minutes = Math.abs(offset) / 60_000;
  const year = date.getUTCFullYear();
  const yearText = year < 0 ? `-${pad(-year, 4)}` : year > 9999 ? `+${year}` : pad(year, 4);
  const parts: Readonly<Record<string, string>> = {
    yyyy: yearText,
    uuuu: yearText,
    MM: pad(date.getUTCMonth() + 1, 2),
    dd: pad(date.getUTCDate(), 2),
    HH: pad(date.getUTCHours(), 2),
    mm: pad(date.getUTCMinutes(), 2),
    ss: pad(date.getUTCSeconds(), 2),
    SSS: pad(date.getUTCMilliseconds(), 3),
    XXX:
      offset === 0
        ? "Z"
        : `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60), 2)}:${pad(minutes % 60, 2)}`,
  };
  return pattern.replace(/'([^']*)'|yyyy|uuuu|MM|dd|HH|mm|ss|SSS|XXX/g, (part, quoted: string | undefined) =>
    quoted === undefined ? (parts[part] as string) : quoted,
  );
}

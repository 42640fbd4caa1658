/** The time that a line begins with. */
import { createEventTime } from "../json/event-time";

/**
 * ISO 8601 in UTC with milliseconds, or "" where the first line says no plausible time. A time without a zone is UTC;
 * one without a year, as syslog's, is of the year that brings it nearest to the arrival, but not a day behind it.
 */
export function createLineTime() {
  const eventTime = createEventTime();
  const named = createNamedMonth();
  const iso =
    /^[^\n]{0,24}?(?:^|[\s[(<>"=|])(\d{4})([-/.])(\d\d)\2(\d\d)[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)(?: ?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?![\w]))?/;
  const pair = /(?:^|[\s,{])"?(?:time|ts|timestamp|@timestamp|datetime)"?\s?[=:]\s?"?([\dT:.,+-]{10,35}Z?)/i;
  const epoch = /^\[?(\d{10}(?:\.\d{1,9})?|\d{13})[\s\]]/;
  const zoneOf = (zone: string | undefined): string => {
    if (!zone || /^[A-Z]/.test(zone)) return "Z";
    return zone.length === 3 ? `${zone}:00` : zone;
  };
  return (head: string, arrivalMs: number): string => {
    const line = head.split("\n", 1)[0]!;
    const [, year, , month, day, clock, zone] = iso.exec(line) ?? [];
    if (year)
      return eventTime(`${year}-${month}-${day}T${clock!.replace(",", ".")}${zoneOf(zone)}`, arrivalMs);
    return (
      eventTime(named(line, arrivalMs), arrivalMs) ||
      eventTime(pair.exec(line)?.[1] ?? "", arrivalMs) ||
      eventTime(epoch.exec(line)?.[1] ?? "", arrivalMs)
    );
  };
}

/** Times with the name of a month, or glog's, to ISO 8601; "" where there is none. */
function createNamedMonth() {
  const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const clock = String.raw`(\d\d?:\d\d:\d\d(?:[.,]\d{1,9})?)`;
  // `Nov 28 17:00:00 [2026]`, `28 Nov 2026 17:00:00`, `28/Nov/2026:17:00:00 +0000`, `Nov 28, 2026 5:00:00 PM`.
  const monthFirst = new RegExp(
    `^[^\\n]{0,24}?\\b([A-Z][a-z]{2}) {1,2}(\\d\\d?) ${clock}(?: [A-Z]{3,4}(?= \\d{4}))?(?: (\\d{4})(?!\\S*[\\d:.-]{2}))?`,
  );
  const dayFirst = new RegExp(
    `^[^\\n]{0,24}?\\b(\\d\\d?)[ /-]([A-Z][a-z]{2})[ /-](\\d{4})[ :]${clock}(?: (GMT|UTC|[+-]\\d{4}))?`,
  );
  const american = new RegExp(`^([A-Z][a-z]{2}) (\\d\\d?), (\\d{4}),? ${clock} ([AP]M)`);
  const glog = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9})/;
  const OfMs = Date;
  const { UTC } = Date;
  const two = (value: string | number): string => `${value}`.padStart(2, "0");
  const monthOf = (name: string): number => {
    const at = months.indexOf(name);
    return at >= 0 && at % 3 === 0 ? at / 3 + 1 : 0;
  };
  const dayMs = 86_400_000;
  const yearNear = (month: number, day: number, arrivalMs: number): number => {
    const year = new OfMs(arrivalMs).getUTCFullYear();
    for (const one of [year + 1, year]) if (UTC(one, month - 1, day) <= arrivalMs + dayMs) return one;
    return year - 1;
  };
  const text = (year: number | string, month: number, day: string, time: string, zone = "Z"): string =>
    month === 0 ? "" : `${year}-${two(month)}-${two(day)}T${time.replace(",", ".").padStart(8, "0")}${zone}`;
  const zoneOf = (zone: string | undefined): string => (!zone || /^[A-Z]/.test(zone) ? "Z" : zone);
  return (line: string, arrivalMs: number): string => {
    const us = american.exec(line);
    if (us !== null) {
      const [hour = "0", ...rest] = us[4]!.split(":");
      const hours = (+hour % 12) + (us[5] === "PM" ? 12 : 0);
      return text(us[3]!, monthOf(us[1]!), us[2]!, [two(hours), ...rest].join(":"));
    }
    const day = dayFirst.exec(line);
    if (day !== null) return text(day[3]!, monthOf(day[2]!), day[1]!, day[4]!, zoneOf(day[5]));
    const found = monthFirst.exec(line);
    if (found !== null) {
      const month = monthOf(found[1]!);
      if (month === 0) return "";
      return text(found[4] ?? yearNear(month, +found[2]!, arrivalMs), month, found[2]!, found[3]!);
    }
    const short = glog.exec(line);
    if (short === null) return "";
    const month = +short[1]!;
    return month > 12 ? "" : text(yearNear(month, +short[2]!, arrivalMs), month, short[2]!, short[3]!);
  };
}

/** The time of an event of foreign making. */

/**
 * ISO 8601 in UTC with milliseconds, or "" for what is no plausible time: from 2000 to a day after the arrival.
 * A number, also as text, is in seconds below 1e11, in milliseconds below 1e14, in microseconds below 1e17, else
 * in nanoseconds. A text is ISO 8601, `2026-03-01 00:00:00+00`, `2026/03/01 00:00:00`, `20260301T000000Z`,
 * `01/Mar/2026:00:00:00 +0000` of access logs, `Sun, 01 Mar 2026 00:00:00 GMT` of mail and HTTP, or
 * `Sun Mar  1 00:00:00 2026` of C; without a zone it is UTC.
 */
export function createEventTime() {
  const OfMs = Date;
  const { parse: ofText } = Date;
  const number = /^\d{9,19}(?:\.\d{1,9})?$/;
  const partsOf = createTimeParts();
  const firstMs = 946_684_800_000;
  const dayMs = 86_400_000;
  const ofNumber = (value: number): number => {
    if (value < 1e11) return value * 1000;
    if (value < 1e14) return value;
    return value < 1e17 ? value / 1000 : value / 1e6;
  };
  const msOf = (text: string): number => {
    const [date = "", time, zone] = partsOf(text);
    const ms = ofText(`${date}T${time}${zone}`);
    if (!(ms > 0) || date.slice(8) < "29") return ms;
    // 30 February would silently be 2 March.
    return new OfMs(ofText(`${date}T00:00:00Z`)).toISOString().startsWith(date) ? ms : 0;
  };
  return (value: unknown, arrivalMs: number): string => {
    const text = typeof value === "number" ? `${value}` : value;
    if (typeof text !== "string" || text.length > 64) return "";
    const ms = number.test(text) ? ofNumber(+text) : msOf(text);
    return ms >= firstMs && ms <= arrivalMs + dayMs ? new OfMs(ms).toISOString() : "";
  };
}

/** `[date, time, zone]` as ISO 8601 writes them, empty for a text that is no time. */
function createTimeParts() {
  const iso =
    /^(\d{4})([-/])(\d\d)\2(\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?)\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;
  const basic = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
  const dayFirst =
    /^(?:[A-Z][a-z]{2,8},? )?(\d\d?)[/ -]([A-Z][a-z]{2})[/ -](\d{4})[: ](\d\d:\d\d:\d\d(?:\.\d{1,9})?) ?(GMT|UTC|[+-]\d{4})?$/;
  const monthFirst =
    /^(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d\d?) (\d\d:\d\d:\d\d) (?:GMT |UTC )?(\d{4})$/;
  const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const monthOf = (name: string): string => {
    const at = months.indexOf(name);
    return at % 3 === 0 ? `${at / 3 + 1}`.padStart(2, "0") : "00";
  };
  const zoneOf = (zone = "Z"): string => {
    if (/[a-z]/i.test(zone)) return "Z";
    return `${zone}00`.replace(":", "").replace(/^(...)(\d\d).*$/, "$1:$2");
  };
  return (text: string): string[] => {
    let found = iso.exec(text);
    if (found) {
      const [, year, , month, day, time = "00:00", zone] = found;
      return [`${year}-${month}-${day}`, time.replace(",", "."), zoneOf(zone)];
    }
    found = basic.exec(text);
    if (found) {
      const [, year, month, day, hours, minutes, seconds] = found;
      return [`${year}-${month}-${day}`, `${hours}:${minutes}:${seconds}`, "Z"];
    }
    found = dayFirst.exec(text);
    if (found)
      return [`${found[3]}-${monthOf(found[2]!)}-${found[1]!.padStart(2, "0")}`, found[4]!, zoneOf(found[5])];
    found = monthFirst.exec(text);
    return found ? [`${found[4]}-${monthOf(found[1]!)}-${found[2]!.padStart(2, "0")}`, found[3]!, "Z"] : [];
  };
}

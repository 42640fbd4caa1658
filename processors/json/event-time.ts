/** The time of an event of foreign making. */

/**
 * ISO 8601 in UTC with milliseconds, or "" for what is no plausible time: from 2000 to a day after the arrival.
 * A number, also as text, is in seconds below 1e11, in milliseconds below 1e14, in microseconds below 1e17, else
 * in nanoseconds. A text is ISO 8601 or `2026-03-01 00:00:00`; without a zone it is UTC.
 */
export function createEventTime() {
  const OfMs = Date;
  const number = /^\d{9,19}(?:\.\d{1,9})?$/;
  const iso = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?)\s?(Z|UTC|[+-]\d\d:?\d\d)?)?$/i;
  const firstMs = 946_684_800_000;
  const dayMs = 86_400_000;
  const ofNumber = (value: number): number => {
    if (value < 1e11) return value * 1000;
    if (value < 1e14) return value;
    return value < 1e17 ? value / 1000 : value / 1e6;
  };
  const ofText = (text: string): number => {
    const [, date, time = "00:00", zone = "Z"] = iso.exec(text) ?? [];
    if (!date || !(new OfMs(`${date}T00:00:00Z`).getTime() > 0)) return 0;
    // 30 February would silently be 2 March.
    if (new OfMs(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return 0;
    const offset = /utc/i.test(zone) ? "Z" : zone.toUpperCase().replace(/^(...)(\d\d)$/, "$1:$2");
    return new OfMs(`${date}T${time.replace(",", ".")}${offset}`).getTime();
  };
  return (value: unknown, arrivalMs: number): string => {
    const text = typeof value === "number" ? `${value}` : value;
    if (typeof text !== "string") return "";
    const ms = number.test(text) ? ofNumber(+text) : ofText(text);
    return ms >= firstMs && ms <= arrivalMs + dayMs ? new OfMs(ms).toISOString() : "";
  };
}

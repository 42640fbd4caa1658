/** Time zones by name or offset: local times, as milliseconds that are read as UTC, and back. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** `+02:00` as `Intl` knows it; `Z` and `UTC` have no offset. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    const timeZone = zone === "Z" ? "UTC" : zone;
    format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    formats.set(zone, format);
  }
  return format;
}

export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function isUtc(zone: string | undefined): zone is undefined {
  return zone === undefined || zone === "Z" || zone === "UTC";
}

/** Milliseconds that clocks there are ahead of UTC. */
export function offsetAt(ms: number, zone: string | undefined): number {
  if (isUtc(zone)) return 0;
  const part = formatOf(zone)
    .formatToParts(ms)
    .find(({ type }) => type === "timeZoneName");
  const [, sign, hours, minutes, seconds] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(part?.value ?? "") ?? [];
  if (sign === undefined) return 0;
  const all = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return (sign === "-" ? -1 : 1) * all * 1000;
}

export function toLocal(ms: number, zone: string | undefined): number {
  return isUtc(zone) ? ms : ms + offsetAt(ms, zone);
}

/** Of a local time that is there twice, the first; one that a clock skips is moved on by the gap. */
export function toUtc(localMs: number, zone: string | undefined): number {
  if (isUtc(zone)) return localMs;
  const before = offsetAt(localMs - 86_400_000, zone);
  const after = offsetAt(localMs + 86_400_000, zone);
  const early = localMs - Math.max(before, after);
  if (offsetAt(early, zone) === Math.max(before, after)) return early;
  const late = localMs - Math.min(before, after);
  return offsetAt(late, zone) === Math.min(before, after) ? late : localMs - before;
}

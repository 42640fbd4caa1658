/** Numbers and times as a person reads them. */

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 4 });

/** `1.235K`, `0.01235`: a measured number, where its place is small. */
export const shortNumber = (value) => (Number.isFinite(value) ? compact.format(value) : "");

export const formatCount = (count) => whole.format(count);

/** `12.3 MiB` */
export function formatBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${short.format(value)} ${units[unit]}`;
}

/** `250/s`, `1.2k/s`; nothing while nothing moves. */
export function formatRate(perSecond) {
  if (perSecond < 0.05) return "0/s";
  if (perSecond < 1_000)
    return `${perSecond < 10 ? short.format(perSecond) : whole.format(Math.round(perSecond))}/s`;
  return `${short.format(perSecond / 1_000)}k/s`;
}

/** `450 ms`, `12 s`, `3 min`, `2 h`, `4 d` */
export function formatDuration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  for (const [unitMs, name] of [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
  ]) {
    if (ms >= unitMs) return `${short.format(ms / unitMs)} ${name}`;
  }
  return `${short.format(ms / 1_000)} s`;
}

const two = (n) => String(n).padStart(2, "0");

/** `14:03:07.123` today, with the date in front on other days; in the reader's time zone. */
export function formatTime(ms, nowMs = Date.now()) {
  const at = new Date(ms);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`;
  const sameDay = new Date(nowMs).toDateString() === at.toDateString();
  return sameDay ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** `2026-03-01T09:08:07.000Z`; nothing for what is no time. */
export function isoTime(ms) {
  const at = new Date(ms);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** `Europe/Berlin (UTC+1)`: the zone in which all times of the page are shown. */
export function timeZone(nowMs = Date.now()) {
  const { timeZone: name } = new Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat("en", { timeZone: name, timeZoneName: "shortOffset" }).formatToParts(
    nowMs,
  );
  const offset = parts.find(({ type }) => type === "timeZoneName").value.replace("GMT", "UTC");
  return name === "UTC" ? "UTC" : `${name} (${offset})`;
}

export function plural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Labels of a time axis (`splits` in seconds): times of day, and the date where a day begins. */
export function axisTimes(splits) {
  const stepSeconds = splits[1] - splits[0];
  let day = "";
  return splits.map((seconds) => {
    const at = new Date(seconds * 1_000);
    const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    if (stepSeconds >= 86_400) return date;
    const time = `${two(at.getHours())}:${two(at.getMinutes())}${stepSeconds < 60 ? `:${two(at.getSeconds())}` : ""}`;
    const label = date === day ? time : `${time}\n${date}`;
    day = date;
    return label;
  });
}

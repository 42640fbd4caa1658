/** The answers to one round of questions: matches, histogram and fields. */
import { ApiError, ask } from "./api.js";
import { barStarts, bounds, intervalFor } from "./time-range.js";

/** Fields change slowly and cost most; they are asked this seldom while documents stream in. */
const fieldsEveryMs = 5_000;

/** @param turn remembers when the fields were asked last */
export async function askAll({ q, index, range, size, sort, problem }, turn, signal) {
  if (problem) throw Object.assign(new ApiError(problem.message, 400, problem.position), { place: problem });
  const nowMs = Date.now();
  const asked = { q, index, ...bounds(range, nowMs) };
  const wantsFields = nowMs - turn.fieldsMs >= fieldsEveryMs;
  const [search, histogram, fields] = await Promise.all([
    ask("search", { ...asked, size, sort, source: "text" }, signal),
    askHistogram(asked, nowMs, signal),
    wantsFields ? ask("fields", asked, signal) : undefined,
  ]);
  if (wantsFields) turn.fieldsMs = nowMs;
  const timedOut = search.timed_out || histogram.timedOut || (fields?.timed_out ?? false);
  return {
    sorted_among: undefined,
    ...search,
    timedOut,
    histogram,
    asked,
    ...(fields ? { fields: fields.fields } : {}),
  };
}

/** All time has no ends of its own: FIRST by days, to find them, THEN in bars that fit. */
async function askHistogram(asked, nowMs, signal) {
  const { fromMs, toMs } = asked.fromMs === undefined ? await ends(asked, signal) : { toMs: nowMs, ...asked };
  if (fromMs === undefined) return { starts: [], series: [], intervalMs: 60_000, timedOut: false };
  const intervalMs = intervalFor(toMs - fromMs);
  const { series, timed_out: timedOut } = await ask(
    "histogram",
    { ...asked, intervalMs, split: "panels" },
    signal,
  );
  const last = series[0].bars.at(-1)?.startMs ?? 0;
  const starts = barStarts(fromMs, Math.max(toMs, Math.min(last + 1, toMs + 30 * intervalMs)), intervalMs);
  return { starts, series, intervalMs, timedOut };
}

/** The year 10000: an axis has no dates beyond. */
const latestMs = 253_402_300_800_000;

async function ends(asked, signal) {
  const dayMs = 86_400_000;
  const days = (await ask("histogram", { ...asked, intervalMs: dayMs }, signal)).series[0].bars;
  if (days.length === 0) return {};
  const first = Math.max(days[0].startMs, -latestMs);
  const last = Math.min(days.at(-1).startMs + dayMs, latestMs);
  if (last - first > 3 * dayMs) return { fromMs: first, toMs: last };
  const minuteMs = 60_000;
  const bars = (
    await ask(
      "histogram",
      { ...asked, intervalMs: minuteMs, fromMs: first, toMs: Math.min(last, first + 1_440 * minuteMs) },
      signal,
    )
  ).series[0].bars;
  const end = last - first > dayMs ? last : (bars.at(-1)?.startMs ?? last) + minuteMs;
  return { fromMs: bars[0]?.startMs ?? first, toMs: end };
}

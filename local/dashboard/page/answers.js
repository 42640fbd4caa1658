/** The answers to one round of questions: matches, histogram and fields. */
import { ApiError, ask } from "./api.js";
import { barStarts, bounds, intervalFor } from "./time-range.js";

/** Fields change slowly and cost most; they are asked this seldom while documents stream in. */
const fieldsEveryMs = 5_000;

/**
 * @param turn remembers when the fields were asked last, and what was `drawn`: for another order or more rows of the
 *   same documents it stays
 * @param listed is told of the matches before the rest is there
 */
export async function askAll({ q, index, range, size, sort, problem }, turn, signal, listed = () => {}) {
  if (problem) throw Object.assign(new ApiError(problem.message, 400, problem.position), { place: problem });
  const of = JSON.stringify([q, index, range]);
  const kept = turn.drawn?.of === of ? turn.drawn : undefined;
  const asked = kept?.asked ?? { q, index, ...bounds(range, Date.now()) };
  const searched = ask("search", { ...asked, size, sort, source: "text" }, signal).then((answer) => ({
    sorted_among: undefined,
    ...answer,
    timedOut: answer.timed_out,
  }));
  if (kept === undefined) searched.then(listed, () => {});
  const drawing = kept ?? askDrawn(asked, turn, signal);
  const [list, first] = await Promise.all([searched, drawing]);
  const drawn =
    first.total === undefined || first.total === list.total ? first : await askDrawn(asked, turn, signal);
  turn.drawn = { ...drawn, of, asked, total: list.total };
  const { histogram, fields } = drawn;
  return { ...list, timedOut: list.timedOut || drawn.timedOut, histogram, asked, ...(fields && { fields }) };
}

/** What stands around the list. */
async function askDrawn(asked, turn, signal) {
  const nowMs = Date.now();
  const steadyMs = performance.now();
  const wantsFields = steadyMs - turn.fieldsMs >= fieldsEveryMs;
  const [histogram, fields] = await Promise.all([
    askHistogram(asked, nowMs, signal),
    wantsFields ? ask("fields", asked, signal) : undefined,
  ]);
  if (wantsFields) turn.fieldsMs = steadyMs;
  const timedOut = histogram.timedOut || (fields?.timed_out ?? false);
  return { histogram, timedOut, fields: fields?.fields };
}

/**
 * All time has no ends of its own: FIRST by days, to find them, THEN in bars that fit. A time that is far ahead or of
 * the epoch is a wrong one as a rule, and would make a line of all others.
 */
async function askHistogram(asked, nowMs, signal) {
  const { fromMs, toMs } =
    asked.fromMs === undefined ? await ends(asked, nowMs, signal) : { toMs: nowMs, ...asked };
  if (fromMs === undefined) return { starts: [], series: [], intervalMs: 60_000, timedOut: false };
  const intervalMs = intervalFor(toMs - fromMs);
  const { series, timed_out: timedOut } = await ask(
    "histogram",
    { ...asked, intervalMs, split: "panels" },
    signal,
  );
  const { shownToMs, later } = shownEnd(series[0].bars, toMs, intervalMs);
  const starts = barStarts(fromMs, shownToMs, intervalMs);
  const earlier = sumOf(series[0].bars.filter(({ startMs }) => startMs < starts[0]));
  return { starts, series, intervalMs, timedOut, earlier, later };
}

/** Bars ahead of the clock that are shown: other machines' clocks are a little ahead. */
const maxAhead = 30;

/** Where the bars end: with the range, or with what is a little ahead of it; what is far ahead is only counted. */
export function shownEnd(bars, toMs, intervalMs) {
  const near = bars.filter(({ startMs }) => startMs < toMs + maxAhead * intervalMs);
  const later = sumOf(bars.slice(near.length));
  return { shownToMs: Math.max(toMs, (near.at(-1)?.startMs ?? 0) + 1), later };
}

const sumOf = (bars) => bars.reduce((sum, { count }) => sum + count, 0);

/** The year 1971: the epoch, and a little after it, is what a time that is none becomes. */
const earliestMs = 31_536_000_000;
/** The year 10000: an axis has no dates beyond. */
const latestMs = 253_402_300_800_000;

async function ends(asked, nowMs, signal) {
  const dayMs = 86_400_000;
  const all = (await ask("histogram", { ...asked, intervalMs: dayMs }, signal)).series[0].bars;
  if (all.length === 0) return {};
  const known = all.filter(({ startMs }) => startMs >= earliestMs && startMs <= nowMs + dayMs);
  const days = known.length > 0 ? known : all;
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

/** Answers to the current query: matches, histogram and fields, asked again as documents come. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";
import { barStarts, bounds, intervalFor } from "./time-range.js";

/** Fields change slowly and cost most; they are asked this seldom while documents stream in. */
const fieldsEveryMs = 5_000;

export function useResults({ q, index, range, size, tick, live }) {
  const [results, setResults] = useState({ loading: true, hits: [], total: 0, key: "" });
  const work = useRef({ busy: false, again: false, fieldsMs: 0, key: "" });
  const key = JSON.stringify([q, index, range]);
  const wanted = useRef(undefined);
  wanted.current = { q, index, range, size, key };
  useEffect(() => {
    if (work.current.key !== key) {
      work.current = { busy: false, again: false, fieldsMs: 0, key, abort: work.current.abort };
      work.current.abort?.abort();
      setResults((before) => ({ ...before, loading: true }));
    }
    refresh(work.current, wanted, setResults);
  }, [key, size, tick, live]);
  return results;
}

/** One round at a time; what comes meanwhile asks for one more, after a rest as long as the server had to work. */
async function refresh(work, wanted, setResults) {
  // What could not be read once cannot be read the next second either.
  if (work.refused) return;
  if (work.busy) {
    work.again = true;
    return;
  }
  work.busy = true;
  const startMs = performance.now();
  const abort = new AbortController();
  work.abort = abort;
  const request = wanted.current;
  try {
    const answer = await askAll(request, work, abort.signal);
    if (!abort.signal.aborted)
      setResults((before) => ({ ...before, ...answer, key: request.key, loading: false, error: undefined }));
  } catch (error) {
    work.refused = error.status === 400;
    if (!abort.signal.aborted)
      setResults((before) => ({ ...before, error, loading: false, key: request.key }));
  }
  await new Promise((resolve) => setTimeout(resolve, Math.max(150, 2 * (performance.now() - startMs))));
  work.busy = false;
  if (!work.again || work.key !== wanted.current.key) return;
  work.again = false;
  refresh(work, wanted, setResults);
}

async function askAll({ q, index, range, size }, work, signal) {
  const nowMs = Date.now();
  const asked = { q, index, ...bounds(range, nowMs) };
  const wantsFields = nowMs - work.fieldsMs >= fieldsEveryMs;
  const [search, histogram, fields] = await Promise.all([
    ask("search", { ...asked, size, source: "text" }, signal),
    askHistogram(asked, nowMs, signal),
    wantsFields ? ask("fields", asked, signal) : undefined,
  ]);
  if (wantsFields) work.fieldsMs = nowMs;
  const timedOut = search.timed_out || histogram.timedOut || (fields?.timed_out ?? false);
  return { ...search, timedOut, histogram, asked, ...(fields ? { fields: fields.fields } : {}) };
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

/** The counts of the last minutes: rates and sparklines are differences between them. */

const keepMs = 5 * 60_000;

/** Adds a sample, at most one a second, and forgets old ones; returns a new list. */
export function addSample(samples, sample) {
  // Ahead of it where the clock was set back: they would keep all others out until it is there again.
  const past = samples.filter(({ atMs }) => atMs <= sample.atMs);
  const last = past.at(-1);
  if (last && sample.atMs - last.atMs < 1_000) return past;
  const kept = past.filter((_one, place) => {
    const next = past[place + 1];
    return next === undefined || next.atMs >= sample.atMs - keepMs;
  });
  return [...kept, sample];
}

export function sampleOf({ atMs, panels, status }) {
  const { accepted, indexed, dropped, failed, backedUp } = status;
  return { atMs, panels, accepted, indexed, dropped, failed, backedUp };
}

/** Increase of `pick(sample)` per second over the last ten seconds. */
export function ratePerSecond(samples, latest, pick, overMs = 10_000) {
  if (samples.length === 0 || latest === undefined) return 0;
  const start = samples.findLast((sample) => sample.atMs <= latest.atMs - overMs) ?? samples[0];
  const seconds = Math.max(overMs, latest.atMs - start.atMs) / 1_000;
  // A count falls when an index is dropped by its age; that is no negative flow.
  return Math.max(0, pick(latest) - pick(start)) / seconds;
}

/** Increase of `pick(sample)` in each of `bars` equal parts of the last five minutes, oldest first. */
export function increases(samples, latest, pick, bars = 60) {
  if (samples.length === 0 || latest === undefined) return new Array(bars).fill(0);
  const all = [...samples, latest];
  const stepMs = keepMs / bars;
  const startMs = latest.atMs - keepMs;
  let place = 0;
  const countAt = (ms) => {
    while (place + 1 < all.length && all[place + 1].atMs <= ms) place += 1;
    return pick(all[place]);
  };
  const counts = Array.from({ length: bars + 1 }, (_none, bar) => countAt(startMs + bar * stepMs));
  return counts.slice(1).map((count, bar) => Math.max(0, count - counts[bar]));
}

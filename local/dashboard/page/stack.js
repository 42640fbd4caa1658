/** Layers of the stacked histogram, from the top down: each is drawn from zero, and the next one over it. */

/**
 * Every panel with a query is a layer, and what no panel counts is "other". `tops` are the heights at which a layer
 * ends, `counts` its own.
 */
export function stack(histogram, panels) {
  const starts = histogram?.starts ?? [];
  const [all, ...parts] = histogram?.series ?? [];
  const place = new Map(starts.map((ms, at) => [ms, at]));
  const spread = (bars) => {
    const counts = new Array(starts.length).fill(0);
    for (const { startMs, count } of bars) if (place.has(startMs)) counts[place.get(startMs)] += count;
    return counts;
  };
  const totals = spread(all?.bars ?? []);
  const layers = [];
  const reached = new Array(starts.length).fill(0);
  for (const { title, bars } of parts) {
    const color = `s${panels.findIndex((panel) => panel.title === title) % 6}`;
    layers.push(layer(title, color, spread(bars), reached));
  }
  const rest = totals.map((count, at) => Math.max(0, count - reached[at]));
  if (layers.length === 0 || rest.some((count) => count > 0)) {
    layers.push(
      layer(layers.length === 0 ? "documents" : "other", layers.length === 0 ? "s0" : "other", rest, reached),
    );
  }
  return { starts, totals, layers: layers.reverse() };
}

/** There are colours for so many. */
const maxStreams = 6;

/** More streams than colours cannot be told apart: the largest stay, what the others have is "other" in a stack. */
export function withLargest(histogram) {
  const [all, ...streams] = histogram?.series ?? [];
  if (streams.length <= maxStreams) return histogram;
  const sumOf = ({ bars }) => bars.reduce((sum, { count }) => sum + count, 0);
  const largest = new Set(streams.toSorted((a, b) => sumOf(b) - sumOf(a)).slice(0, maxStreams));
  return { ...histogram, series: [all, ...streams.filter((stream) => largest.has(stream))] };
}

function layer(title, color, counts, reached) {
  counts.forEach((count, at) => {
    reached[at] += count;
  });
  return { title, color, counts, tops: [...reached], sum: counts.reduce((sum, count) => sum + count, 0) };
}

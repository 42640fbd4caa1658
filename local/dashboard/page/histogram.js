/** Matches over time, stacked by panel. Dragging over the bars narrows the time to them. */
import { useMemo, useState } from "/vendor/hooks.js";
import uPlot from "/vendor/uplot.js";
import { axes } from "./axes.js";
import { formatCount, formatDuration, formatTime, plural } from "./format.js";
import { html } from "./markup.js";
import { Plot } from "./plot.js";
import { stack, withLargest } from "./stack.js";

export function Histogram({ results, panels, onRange, onFilter }) {
  const [at, setAt] = useState(undefined);
  const { drawing } = results;
  const histogram = useMemo(
    () => (panels ? results.histogram : withLargest(results.histogram)),
    [results.histogram, panels],
  );
  // Without panels: the streams, which are no queries.
  const layers = panels ?? histogram?.series.slice(1).map(({ title }) => ({ title, query: "" })) ?? [];
  const stacked = useMemo(() => stack(histogram, layers), [histogram, panels]);
  const key = JSON.stringify([
    stacked.layers.map(({ title, color }) => [title, color]),
    histogram?.intervalMs,
  ]);
  const intervalMs = histogram?.intervalMs ?? 60_000;
  const several = layers.filter((panel) => panel.query.trim() !== "").length > 1;
  const queryOf = (title) => layers.find((panel) => panel.title === title)?.query;
  const hovered = at === undefined ? undefined : stacked.starts[at];
  return html`<section class="card histogram" aria-busy=${drawing ? "true" : "false"}>
    <header>
      <h2><${Total} results=${results} /></h2>
      <p class="hint">
        ${
          hovered === undefined
            ? `${formatDuration(intervalMs)} per bar · ${several ? "each document in the first of its panels · " : ""}click or drag to narrow the time${outsideText(histogram)}`
            : `${formatTime(hovered).replace(/\.000$/, "")} · ${plural(stacked.totals[at], "document")}`
        }
      </p>
      <ul class="legend" aria-label="Legend" hidden=${!results.drawn}>
        ${[...stacked.layers].reverse().map(
          ({ title, color, counts, sum }) => html`<li>
            <${Layer} title=${title} color=${color} count=${at === undefined ? sum : (counts[at] ?? 0)} query=${queryOf(title)} onFilter=${onFilter} />
          </li>`,
        )}
      </ul>
    </header>
    <${Plot}
      options=${options(stacked.layers, intervalMs, setAt, onRange)}
      optionsKey=${key}
      data=${[stacked.starts.map((ms) => ms / 1_000), ...stacked.layers.map(({ tops }) => tops)]}
      height=${170}
      label=${summary(stacked, intervalMs)}
    />
  </section>`;
}

/** What is not among the bars is said: else they would not add up to the count. */
const outsideText = ({ earlier, later } = {}) =>
  (earlier > 0 ? ` · ${formatCount(earlier)} dated earlier` : "") +
  (later > 0 ? ` · ${formatCount(later)} dated later` : "");

/** What no panel counts has no query of its own to be filtered by. */
function Layer({ title, color, count, query, onFilter }) {
  const words = html`<i class="swatch ${color}" aria-hidden="true" />${title} <b>${formatCount(count)}</b>`;
  if (!query) return words;
  return html`<button type="button" title="Show only ${query}" onClick=${() => onFilter(query, false)}>${words}</button>`;
}

/** No number before there is one: "0 documents" would be taken for an answer. */
function Total({ results: { current, stopped, timedOut, total } }) {
  if (!current) return stopped ? "Stopped" : html`<span class="searching">Searching…</span>`;
  return html`${timedOut && "at least "}<strong data-total>${formatCount(total)}</strong> ${total === 1 ? "document" : "documents"}`;
}

const options = (layers, intervalMs, setAt, onRange) => (colors) => ({
  legend: { show: false },
  padding: [8, 36, 8, 0],
  cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false } },
  scales: {
    x: { range: (_plot, min, max) => [min, max + intervalMs / 1_000] },
    y: { range: (_plot, _min, max) => [0, Math.max(1, max) * 1.05] },
  },
  axes: axes(colors, {
    size: 56,
    valuesOf: (values) => values.map((value) => (Number.isInteger(value) ? shortCount(value) : "")),
  }),
  series: [
    {},
    ...layers.map(({ color }) => {
      const fill = color === "other" ? colors.other : colors.series[Number(color.slice(1))];
      return {
        fill,
        stroke: fill,
        width: 0,
        points: { show: false },
        paths: uPlot.paths.bars({ size: [0.86, 60], align: 1, radius: 0.15 }),
      };
    }),
  ],
  hooks: {
    ready: [
      (plot) =>
        // Not told of a drag: uPlot keeps the click that ends one to itself.
        plot.over.addEventListener("click", () => {
          const place = barUnder(plot, intervalMs);
          if (place === undefined) return;
          const fromMs = plot.data[0][place] * 1_000;
          onRange({ fromMs, toMs: fromMs + intervalMs });
        }),
    ],
    setCursor: [(plot) => setAt(plot.cursor.left < 0 ? undefined : barUnder(plot, intervalMs))],
    setSelect: [
      (plot) => {
        const msAt = (left) => plot.posToVal(left, "x") * 1_000;
        const fromMs = Math.floor(msAt(plot.select.left) / intervalMs) * intervalMs;
        const toMs = Math.ceil(msAt(plot.select.left + plot.select.width) / intervalMs) * intervalMs;
        plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        onRange({ fromMs, toMs });
      },
    ],
  },
});

function barUnder(plot, intervalMs) {
  const ms = plot.posToVal(plot.cursor.left, "x") * 1_000;
  const place = Math.floor((ms - plot.data[0][0] * 1_000) / intervalMs);
  return place >= 0 && place < plot.data[0].length ? place : undefined;
}

const compact = new Intl.NumberFormat("en", { notation: "compact" });
const shortCount = (value) => compact.format(value);

function summary({ starts, totals }, intervalMs) {
  if (starts.length === 0) return "Documents over time: none";
  const most = totals.reduce((best, count, place) => (count > totals[best] ? place : best), 0);
  return `Documents over time in ${starts.length} bars of ${formatDuration(intervalMs)}; most, ${formatCount(totals[most])}, at ${formatTime(starts[most])}`;
}

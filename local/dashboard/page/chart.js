/** A field as a chart: its most frequent values as bars, or a number over time. Both follow query, filters and time. */
import { useEffect, useMemo, useRef, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";
import { numberOptions } from "./chart-options.js";
import { clauseOf } from "./filters.js";
import { formatCount, formatDuration, formatTime, plural, shortNumber } from "./format.js";
import { html } from "./markup.js";
import { Plot } from "./plot.js";

/** Types whose values can be drawn over time; a real OpenSearch's page knows no more than "number". */
const numberTypes = ["long", "integer", "double", "float", "number"];
const shownValues = 10;

export function Chart({ name, results, known, onFilter, onClose }) {
  const field = known.find((one) => one.name === name) ?? { name, type: undefined };
  const isNumber = numberTypes.includes(field.type);
  const [kind, setKind] = useState(undefined);
  const shown = kind ?? (isNumber ? "numbers" : "values");
  const heading = useRef(null);
  useEffect(() => setKind(undefined), [name]);
  return html`<section class="card chart" aria-label="Chart">
    <header>
      <h2 ref=${heading} tabindex="-1">${name}</h2>
      <p class="acts" role="group" aria-label="Kind of chart">
        ${[
          ["values", "Top values"],
          ["numbers", "Over time"],
        ].map(
          ([one, words]) =>
            html`<button type="button" aria-pressed=${shown === one ? "true" : "false"} onClick=${() => setKind(one)}>${words}</button>`,
        )}
        <button type="button" onClick=${onClose}>Close the chart</button>
      </p>
    </header>
    ${shown === "values" ? html`<${TopValues} field=${field} results=${results} known=${known} onFilter=${onFilter} />` : html`<${Numbers} field=${field} results=${results} />`}
  </section>`;
}

/** Asked anew with each answer of the search, of the same query and time; a slower one before is given up. */
function useChart(path, params, results) {
  const [answer, setAnswer] = useState({ data: undefined, error: undefined });
  const asked = JSON.stringify([path, params, results.asked]);
  useEffect(() => {
    if (results.asked === undefined) return;
    const abort = new AbortController();
    ask(path, { ...results.asked, ...params }, abort.signal).then(
      (data) => setAnswer({ data, error: undefined }),
      (error) => error.name !== "AbortError" && setAnswer({ data: undefined, error }),
    );
    return () => abort.abort();
  }, [asked, results.histogram]);
  return answer;
}

function Part({ data }) {
  return (
    data.timed_out &&
    html`<p class="hint part">This is a part of the answer: it took longer than a query may.</p>`
  );
}

function TopValues({ field, results, known, onFilter }) {
  const { data, error } = useChart("charts/values", { field: field.name, size: shownValues }, results);
  if (error) return html`<p class="note" role="alert">${error.message}</p>`;
  if (!data) return html`<p class="note">Counting…</p>`;
  if (data.values.length === 0) return html`<p class="note">No match has a value of this field.</p>`;
  const most = data.values[0].count;
  return html`<${Part} data=${data} />
    <ul class="bars">
      ${data.values.map(
        ({ value, count }) => html`<li key=${value}>
          <button type="button" class="value" title="Show only ${field.name} = ${value}" onClick=${() => onFilter(clauseOf(field, value, known), false)}>
            <span class="word">${value === "" ? "(empty)" : value}</span><i class="bar" aria-hidden="true"><i style=${{ width: `${(100 * count) / most}%` }} /></i><span class="count">${formatCount(count)}</span>
          </button>
        </li>`,
      )}
    </ul>
    ${data.others > 0 && html`<p class="hint">${plural(data.others, "other value")}.</p>`}`;
}

const measures = [
  ["avg", "average"],
  ["max", "largest"],
  ["min", "smallest"],
];

function Numbers({ field, results }) {
  const intervalMs = results.histogram?.intervalMs ?? 60_000;
  const { data, error } = useChart("charts/numbers", { field: field.name, intervalMs }, results);
  const [at, setAt] = useState(undefined);
  const plotted = useMemo(() => pointsOf(data), [data]);
  if (error) return html`<p class="note" role="alert">${error.message}</p>`;
  if (!data) return html`<p class="note">Counting…</p>`;
  if (data.bars.length === 0) return html`<p class="note">No match has a number in this field.</p>`;
  const bar = at === undefined ? undefined : data.bars[at];
  return html`<${Part} data=${data} />
    <p class="hint key">
      ${measures.map(([name, words], place) => html`<span><i class="swatch s${place}" aria-hidden="true" />${words}${bar && html` <b>${shortNumber(bar[name])}</b>`}</span>`)}
      ${bar ? ` · ${formatTime(bar.startMs).replace(/\.000$/, "")} · ${plural(bar.count, "value")}` : ` of each ${formatDuration(data.intervalMs)}`}
    </p>
    <${Plot} options=${numberOptions(setAt)} optionsKey=${field.name} data=${plotted} height=${150} label=${labelOf(field.name, data)} />`;
}

const pointsOf = (data) => [
  (data?.bars ?? []).map(({ startMs }) => startMs / 1_000),
  ...measures.map(([name]) => (data?.bars ?? []).map((bar) => bar[name])),
];

function labelOf(name, { bars }) {
  const count = bars.reduce((sum, bar) => sum + bar.count, 0);
  const sum = bars.reduce((all, bar) => all + bar.avg * bar.count, 0);
  const [least, most] = [Math.min(...bars.map(({ min }) => min)), Math.max(...bars.map(({ max }) => max))];
  return `${name} over time: ${shortNumber(least)} to ${shortNumber(most)}, on average ${shortNumber(sum / count)}`;
}

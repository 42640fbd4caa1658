/** A small line without axes. */
import { html } from "./markup.js";
import { Plot } from "./plot.js";

const options = (series) => (colors) => ({
  class: "spark",
  legend: { show: false },
  cursor: { show: false },
  select: { show: false },
  padding: [3, 0, 1, 0],
  scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max)] } },
  axes: [{ show: false }, { show: false }],
  series: [
    {},
    {
      stroke: colors.series[series],
      width: 1.5,
      fill: faint(colors.series[series]),
      points: { show: false },
    },
  ],
});

const faint = (color) => color.replace(/^rgb\((.*)\)$/, "rgba($1, 0.12)");

export function Sparkline({ values, series }) {
  const data = [values.map((_value, place) => place), values];
  const label = `Last five minutes: ${values.reduce((sum, value) => sum + value, 0)} more`;
  return html`<${Plot} options=${options(series)} optionsKey=${series} data=${data} height=${36} label=${label} />`;
}

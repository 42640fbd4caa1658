/** How the numbers of a field are drawn over time: three lines with points, so that a lonely value is seen. */
import { axisTimes, shortNumber } from "./format.js";

export const numberOptions = (setAt) => (colors) => ({
  legend: { show: false },
  padding: [8, 36, 8, 0],
  cursor: { y: false, drag: { x: false, y: false } },
  scales: { x: { range: (_plot, min, max) => (min === max ? [min - 60, max + 60] : [min, max]) } },
  axes: [
    {
      stroke: colors.muted,
      grid: { show: false },
      ticks: { stroke: colors.line },
      font: "12px system-ui",
      space: 90,
      values: (_plot, splits) => axisTimes(splits),
    },
    {
      stroke: colors.muted,
      grid: { stroke: colors.line, width: 1 },
      ticks: { show: false },
      font: "12px system-ui",
      size: 64,
      values: (_plot, values) => values.map(shortNumber),
    },
  ],
  series: [
    {},
    ...[2, 1, 1].map((width, place) => ({
      stroke: colors.series[place],
      width,
      points: { show: true, size: 4, fill: colors.series[place] },
    })),
  ],
  hooks: { setCursor: [(plot) => setAt(plot.cursor.left < 0 ? undefined : (plot.cursor.idx ?? undefined))] },
});

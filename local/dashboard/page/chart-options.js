/** How the numbers of a field are drawn over time: three lines with points, so that a lonely value is seen. */
import { axes } from "./axes.js";
import { shortNumber } from "./format.js";

export const numberOptions = (setAt) => (colors) => ({
  legend: { show: false },
  padding: [8, 36, 8, 0],
  cursor: { y: false, drag: { x: false, y: false } },
  scales: { x: { range: (_plot, min, max) => (min === max ? [min - 60, max + 60] : [min, max]) } },
  axes: axes(colors, { size: 64, valuesOf: (values) => values.map(shortNumber) }),
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

/** The two axes of every chart over time. `colors` are those that `Plot` gives. */
import { axisTimes } from "./format.js";

const font = "12px system-ui";

/** `valuesOf(values)` labels the numbers; `size` is the room for them, in pixels. */
export const axes = (colors, { size, valuesOf }) => [
  {
    stroke: colors.muted,
    grid: { show: false },
    ticks: { stroke: colors.line },
    font,
    // A date is as wide as that, and so are seconds with their neighbours' gap.
    space: 90,
    values: (_plot, splits) => axisTimes(splits),
  },
  {
    stroke: colors.muted,
    grid: { stroke: colors.line, width: 1 },
    ticks: { show: false },
    font,
    size,
    values: (_plot, values) => valuesOf(values),
  },
];

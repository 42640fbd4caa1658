/** uPlot as a component: made once for its options, given new data as it comes, as wide as its place. */
import { useEffect, useRef } from "/vendor/hooks.js";
import uPlot from "/vendor/uplot.js";
import { html } from "./markup.js";

/** `options(colors)` is called again when the theme or `optionsKey` changes. */
export function Plot({ options, optionsKey, data, height, label }) {
  const place = useRef(null);
  const plot = useRef(undefined);
  const latest = useRef(data);
  const dragging = useRef(false);
  latest.current = data;
  useEffect(() => {
    const make = () => {
      plot.current?.destroy();
      const width = place.current.clientWidth || 300;
      plot.current = new uPlot(
        { width, height, ...options(colorsOf(place.current)) },
        latest.current,
        place.current,
      );
    };
    make();
    const resized = new ResizeObserver(([{ contentRect }]) =>
      plot.current.setSize({ width: contentRect.width, height }),
    );
    resized.observe(place.current);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const down = () => {
      dragging.current = true;
    };
    let afterDrag;
    const up = () => {
      if (!dragging.current) return;
      dragging.current = false;
      // Not before the plot has read, in the mouseup that follows, what was selected.
      afterDrag = setTimeout(() => plot.current.setData(latest.current));
    };
    place.current.addEventListener("pointerdown", down);
    addEventListener("pointerup", up);
    addEventListener("pointercancel", up);
    addEventListener("themechange", make);
    dark.addEventListener("change", make);
    return () => {
      resized.disconnect();
      clearTimeout(afterDrag);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", up);
      removeEventListener("themechange", make);
      dark.removeEventListener("change", make);
      plot.current.destroy();
    };
  }, [optionsKey]);
  useEffect(() => {
    // Bars that move under a drag would select another time than the one that was pointed at.
    if (!dragging.current) plot.current.setData(data);
  }, [data]);
  return html`<div class="plot" ref=${place} role="img" aria-label=${label} />`;
}

/** The theme's colours as a canvas wants them. */
function colorsOf(element) {
  const sample = document.createElement("i");
  element.append(sample);
  const color = (name) => {
    sample.className = `color-sample ${name}`;
    return getComputedStyle(sample).color;
  };
  const colors = {
    series: [0, 1, 2, 3, 4, 5].map((n) => color(`s${n}`)),
    muted: color("muted"),
    line: color("line-color"),
    other: color("other"),
  };
  sample.remove();
  return colors;
}

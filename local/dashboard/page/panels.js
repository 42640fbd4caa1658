/** The panels of the stack's configuration: a large number each, its rate, and its last five minutes. */

import { useState } from "/vendor/hooks.js";
import { formatCount, formatRate } from "./format.js";
import { html } from "./markup.js";
import { PanelEditor } from "./panel-editor.js";
import { increases, ratePerSecond } from "./samples.js";
import { Sparkline } from "./sparkline.js";

export function Panels({ board, live, query, asked, onChoose }) {
  const [editing, setEditing] = useState(false);
  const { panels, version, mayChange } = board;
  // Until the page knows the panels that the live counts are of, it shows the counts that came with those it has.
  const isLive = live.latest?.panelsVersion === version;
  if (panels.length === 0)
    return html`<section class="panels" aria-label="Panels" aria-busy="true"><div class="card panel skeleton" /></section>`;
  return html`<section class="panels" aria-label="Panels">
    <div class="list">${panels.map((panel, place) => {
      const count = (isLive ? live.latest.panels[place] : undefined) ?? panel.count;
      const pick = (sample) => sample.panels[place] ?? 0;
      const rate = ratePerSecond(live.samples, live.sample, pick);
      const bars = increases(live.samples, live.sample, pick);
      const more = bars.reduce((sum, bar) => sum + bar, 0);
      const chosen = query.trim() === panel.query.trim();
      return html`<button
        key=${panel.title}
        type="button"
        class="card panel"
        aria-pressed=${chosen ? "true" : "false"}
        title=${panel.query === "" ? "Show all documents" : `Show ${panel.query}`}
        onClick=${() => onChoose(panel.query)}
      >
        <span class="title"><i class="swatch s${place % 6}" aria-hidden="true" />${panel.title}</span>
        <span class="number" data-panel=${panel.title}>${formatCount(count)}</span>
        <span class="below"><code>${panel.query || "all documents"}</code><span class="rate">+${formatCount(more)} in 5 min · <b class=${rate > 0 ? "moving" : ""}>${formatRate(rate)}</b></span></span>
        <${Sparkline} values=${bars} series=${place % 6} />
      </button>`;
    })}</div>
    <p class="hint">
      These count all documents of the stream, whatever time, query and filters are asked for below.${" "}
      ${mayChange && html`<button type="button" class="edit" aria-expanded=${editing ? "true" : "false"} onClick=${() => setEditing(!editing)}>Edit the panels</button>`}
    </p>
    ${editing && html`<${PanelEditor} board=${board} asked=${asked} onDone=${() => setEditing(false)} />`}
  </section>`;
}

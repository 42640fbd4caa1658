/** Name of the stack, the views, and how often the page refreshes. */
import { useEffect, useState } from "/vendor/hooks.js";
import { linkTo, refreshes } from "./address.js";
import { allStreams, canBeOne, useStreams } from "./all-streams.js";
import { timeZone } from "./format.js";
import { html } from "./markup.js";

const viewNames = { explore: "Explore", pipeline: "Pipeline", backup: "Backup", whereabouts: "Where is it?" };
const viewsOfAll = { explore: "Explore", pipeline: "Streams", whereabouts: "Where is it?" };
const refreshNames = {
  live: "Live",
  "1s": "Every second",
  "10s": "Every 10 s",
  "1m": "Every minute",
  off: "Off",
};
const connectionNames = { connecting: "Connecting", open: "Connected", held: "Held", lost: "Disconnected" };

/** What a page is about. */
export function nameOf(plan) {
  if (plan === undefined) return "…";
  return plan.deliveryStreamName === allStreams ? "All streams" : plan.deliveryStreamName;
}

export function Header({ state, go, live, plan }) {
  const { failed = 0, rooms } = live.latest?.status ?? {};
  // A line that stands still is nothing to be shown in green.
  const connection = live.connection === "open" && rooms?.trouble ? "held" : live.connection;
  return html`<header class="top">
    <div class="brand">
      <img src="/icon.svg" alt="" width="28" height="28" />
      <div>
        <h1>${nameOf(plan)}</h1>
        <p>${plan ? `stack ${plan.stack} · ${plan.region} · on this machine` : "\u00a0"}</p>
      </div>
    </div>
    <nav aria-label="Views">
      ${Object.entries(state.stream === allStreams ? viewsOfAll : viewNames).map(
        ([view, name]) => html`<a
          ...${linkTo(state, go, { view })}
          aria-current=${state.view === view ? "page" : undefined}
          >${name}${view === "pipeline" && failed > 0 && html`<span class="badge" title="Failed records">${failed > 999 ? "999+" : failed}<span class="sr"> failed records</span></span>`}</a
        >`,
      )}
    </nav>
    <div class="controls">
      <${Streams} chosen=${plan?.deliveryStreamName} />
      <span class="connection ${connection}" role="status">
        <i aria-hidden="true"></i>${connectionNames[connection]}
      </span>
      <span class="zone">Times in ${timeZone()}</span>
      <label class="field">
        <span>Refresh</span>
        <select value=${state.refresh} onChange=${(event) => go({ refresh: event.target.value })}>
          ${refreshes.map((refresh) => html`<option value=${refresh}>${refreshNames[refresh]}</option>`)}
        </select>
      </label>
      <${Theme} />
    </div>
  </header>`;
}

/** The streams of the run, where there are several: each has a page of its own, and all have one together. */
function Streams({ chosen }) {
  const streams = useStreams();
  if (streams.length < 2) return undefined;
  const open = (name) => location.assign(`/?${new URLSearchParams({ stream: name })}`);
  return html`<label class="field">
    <span>Stream</span>
    <select value=${chosen ?? ""} onChange=${(event) => open(event.target.value)}>
      ${chosen === undefined && html`<option value="" />`}
      ${canBeOne(streams) && html`<option value=${allStreams}>All streams</option>`}
      ${streams.map(({ name }) => html`<option value=${name}>${name}</option>`)}
    </select>
  </label>`;
}

/** Light or dark: the system's choice until the reader makes one. */
function Theme() {
  const [theme, setTheme] = useState(() => stored() ?? "auto");
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    dispatchEvent(new Event("themechange"));
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // A browser that keeps nothing still shows the theme until the page is closed.
    }
  }, [theme]);
  const names = { auto: "Auto", light: "Light", dark: "Dark" };
  return html`<label class="field">
    <span>Theme</span>
    <select value=${theme} onChange=${(event) => setTheme(event.target.value)}>
      ${Object.entries(names).map(([value, name]) => html`<option value=${value}>${name}</option>`)}
    </select>
  </label>`;
}

function stored() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

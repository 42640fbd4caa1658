/** Panels made, changed, moved and removed; kept in the data folder, with the lines that put them into the program. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { post } from "./api.js";
import { html } from "./markup.js";
import { argumentOf, commandsOf } from "./panel-lines.js";

const maxPanels = 12;

/** @param asked the query with its filters, which a new panel begins with */
export function PanelEditor({ board, asked, onDone }) {
  const [panels, setPanels] = useState(() => board.panels.map(({ title, query }) => ({ title, query })));
  const [error, setError] = useState(undefined);
  const list = useRef(null);
  useEffect(() => list.current.querySelector("input").focus(), []);
  const change = (place, changes) => setPanels(panels.with(place, { ...panels[place], ...changes }));
  const keep = async (wanted) => {
    try {
      await post("panels", { panels: wanted });
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const submit = (event) => {
    event.preventDefault();
    keep(panels);
  };
  const isSame = panels.every(({ title, query }, place) => {
    const of = board.panels[place];
    return of?.title === title.trim() && of.query === query.trim();
  });
  return html`<form class="card panel-editor" aria-label="Panels" onSubmit=${submit}>
    <ol ref=${list}>
      ${panels.map((panel, place) => html`<${Row} key=${place} panel=${panel} place=${place} last=${panels.length - 1} onChange=${(changes) => change(place, changes)} onMove=${() => setPanels(swapped(panels, place))} onRemove=${() => setPanels(panels.toSpliced(place, 1))} />`)}
    </ol>
    ${error && html`<p class="problem" role="alert">${error.message}</p>`}
    <p class="acts">
      <button type="submit" class="primary">Keep</button>
      ${panels.length < maxPanels && html`<button type="button" onClick=${() => setPanels([...panels, { title: titleFor(asked), query: asked }])}>Add ${asked === "" ? "a panel" : "this query"}</button>`}
      ${board.kept && html`<button type="button" onClick=${() => keep(null)}>The program's own again</button>`}
      <button type="button" onClick=${onDone}>Cancel</button>
    </p>
    ${isSame && panels.length === board.panels.length && html`<${Lines} panels=${board.panels} kept=${board.kept} />`}
  </form>`;
}

function Row({ panel, place, last, onChange, onMove, onRemove }) {
  const words = `panel ${place + 1}`;
  return html`<li>
    <label><span class="sr">Title of ${words}</span><input required maxlength="60" placeholder="Title" value=${panel.title} onInput=${(event) => onChange({ title: event.target.value })} /></label>
    <label><span class="sr">Query of ${words}</span><input class="of" spellcheck=${false} autocomplete="off" placeholder="all documents" value=${panel.query} onInput=${(event) => onChange({ query: event.target.value })} /></label>
    <button type="button" title="Move up" aria-label="Move ${words} up" disabled=${place === 0} onClick=${onMove}>↑</button>
    <button type="button" title="Remove" aria-label="Remove ${words}" disabled=${last === 0} onClick=${onRemove}>×</button>
  </li>`;
}

/** What is kept here is not in the stack: the dashboard on AWS has the program's. */
function Lines({ panels, kept }) {
  return html`<details open=${kept}>
    <summary>${kept ? "Kept here alone" : "As they are in the program"}: lines for the stack and for a component</summary>
    <pre tabindex="0" aria-label="Commands for the stack">${commandsOf(panels)}</pre>
    <pre tabindex="0" aria-label="Argument of the component">${argumentOf(panels)}</pre>
  </details>`;
}

const swapped = (panels, place) => panels.with(place, panels[place - 1]).with(place - 1, panels[place]);

/** The first words of the query. */
const titleFor = (query) =>
  query
    .replace(/[^\p{L}\p{N} ]+/gu, " ")
    .trim()
    .slice(0, 24);

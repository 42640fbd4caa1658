/** The filters as pills: each turned on and off, inverted, edited, removed; all of it stands in the address. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { wordsOf } from "./filters.js";
import { html } from "./markup.js";

export function FilterPills({ filters, faulty, onChange }) {
  /** Place of the filter that is being edited; one past the last is a new one. */
  const [edited, setEdited] = useState(undefined);
  const apply = (clause) => {
    setEdited(undefined);
    if (clause === undefined) return;
    const before = filters[edited] ?? { not: false, off: false };
    onChange(
      clause.trim() === ""
        ? filters.toSpliced(edited, 1)
        : filters.toSpliced(edited, 1, { ...before, clause: clause.trim() }),
    );
  };
  const change = (place, changes) => onChange(filters.with(place, { ...filters[place], ...changes }));
  return html`<ul class="filters" aria-label="Filters">
    ${filters.map((filter, place) =>
      place === edited
        ? html`<li key=${place}><${Editor} clause=${filter.clause} onDone=${apply} /></li>`
        : html`<${Pill}
            key=${place}
            filter=${filter}
            faulty=${faulty === place}
            onChange=${(changes) => change(place, changes)}
            onEdit=${() => setEdited(place)}
            onRemove=${() => onChange(filters.toSpliced(place, 1))}
          />`,
    )}
    <li>
      ${
        edited === filters.length
          ? html`<${Editor} clause="" onDone=${apply} />`
          : html`<button type="button" class="add" onClick=${() => setEdited(filters.length)}>+ Filter</button>`
      }
    </li>
  </ul>`;
}

function Pill({ filter, faulty, onChange, onEdit, onRemove }) {
  const { clause, not, off } = filter;
  const words = wordsOf(filter);
  return html`<li class="filter ${off ? "off" : ""} ${not ? "not" : ""} ${faulty ? "faulty" : ""}">
    <button type="button" class="what" aria-pressed=${off ? "false" : "true"} title="${clause} · ${off ? "off, click to turn it on" : "on, click to turn it off"}" onClick=${() => onChange({ off: !off })}>${words}</button>
    <button type="button" title="Invert" aria-label="Invert ${words}" onClick=${() => onChange({ not: !not })}>${not ? "=" : "≠"}</button>
    <button type="button" title="Edit" aria-label="Edit ${words}" onClick=${onEdit}>✎</button>
    <button type="button" title="Remove" aria-label="Remove ${words}" onClick=${onRemove}>×</button>
  </li>`;
}

/** A clause of the query language; `onDone(undefined)` leaves it as it was, an empty one removes it. */
function Editor({ clause, onDone }) {
  const input = useRef(null);
  useEffect(() => input.current.focus(), []);
  const key = (event) => {
    if (event.key === "Escape") onDone(undefined);
    if (event.key !== "Enter") return;
    // The form around it would ask the query.
    event.preventDefault();
    onDone(input.current.value);
  };
  return html`<span class="filter editor">
    <input ref=${input} aria-label="Filter" placeholder="status:>=500" spellcheck=${false} autocomplete="off" defaultValue=${clause} onKeyDown=${key} />
    <button type="button" onClick=${() => onDone(input.current.value)}>Apply</button>
    <button type="button" onClick=${() => onDone(undefined)}>Cancel</button>
  </span>`;
}

/** Fields of the newest matches with their most frequent values; a click filters by one. */
import { useState } from "/vendor/hooks.js";
import { clauseOf, existsClause, isCopy } from "./filters.js";
import { formatCount } from "./format.js";
import { html } from "./markup.js";

/** It is among the fields too, but has no value that many documents share. */
const time = { name: "@timestamp", type: "date", top: [] };

export function Fields({ fields = [], columns, onColumn, onFilter, onChart }) {
  const [wanted, setWanted] = useState("");
  const listed = fields.length > 0 ? [time, ...fields.filter(({ name }) => name !== time.name)] : [];
  const names = new Set(listed.map(({ name }) => name));
  const shown = listed.filter(
    ({ name }) => !isCopy(name, names) && name.toLowerCase().includes(wanted.toLowerCase()),
  );
  return html`<section class="card fields" aria-label="Fields">
    <header><h2>Fields</h2></header>
    ${
      fields.length > 8 &&
      html`<label class="find"><span class="sr">Find a field</span><input type="search" placeholder="Find a field" value=${wanted} onInput=${(event) => setWanted(event.target.value)} /></label>`
    }
    ${
      shown.length === 0
        ? html`<p class="note">${fields.length === 0 ? "The fields of the matches appear here." : "No field of this name."}</p>`
        : shown
            .slice(0, 200)
            .map(
              (field) =>
                html`<${Field} key=${field.name} field=${field} fields=${fields} isColumn=${columns.includes(field.name)} onColumn=${onColumn} onFilter=${onFilter} onChart=${onChart} />`,
            )
    }
  </section>`;
}

function Field({ field, fields, isColumn, onColumn, onFilter, onChart }) {
  const most = Math.max(1, ...field.top.map(({ count }) => count));
  return html`<details>
    <summary><span class="name">${field.name}</span><span class="type">${field.type}</span></summary>
    <ul>
      ${field.top.map(
        ({ value, count }) => html`<li>
          <button type="button" class="value" title="Show only ${field.name} = ${value}" onClick=${() => onFilter(clauseOf(field, value, fields), false)}>
            <span class="word">${value === "" ? "(empty)" : value}</span><span class="count">${formatCount(count)}</span>
            <i class="bar" aria-hidden="true"><i style=${{ width: `${(100 * count) / most}%` }} /></i>
          </button>
          <button type="button" class="without" title="Leave out ${field.name} = ${value}" aria-label="Leave out ${field.name} = ${value}" onClick=${() => onFilter(clauseOf(field, value, fields), true)}>−</button>
        </li>`,
      )}
      <li class="presence">
        <button type="button" aria-label="${field.name} as a column" aria-pressed=${isColumn ? "true" : "false"} onClick=${() => onColumn(field.name)}>as a column</button>
        ${field.name !== time.name && html`<button type="button" aria-label="Chart of ${field.name}" onClick=${() => onChart(field.name)}>chart</button>`}
        <button type="button" aria-label="only with it: ${field.name}" onClick=${() => onFilter(existsClause(field.name), false)}>only with it</button>
        <button type="button" aria-label="only without it: ${field.name}" onClick=${() => onFilter(existsClause(field.name), true)}>only without it</button>
      </li>
    </ul>
  </details>`;
}

/** A document opened: its fields with what can be done with each, and its JSON as it is stored. */
import { useState } from "/vendor/hooks.js";
import { clauseOf, existsClause } from "./filters.js";
import { leaves, pretty } from "./json-text.js";
import { html } from "./markup.js";
import { highlight } from "./query-text.js";

/** Values of one document that are listed; the JSON below has all. */
const maxListed = 200;
/** Letters of a value that are listed. */
const maxLetters = 20_000;

export function Whole({ hit, terms, fields, columns, onColumn, onChart, onFilter, linkOf, streamLinkOf }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(hit.sourceText).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  // Colours for a book-sized document would stall the page; its text alone does not.
  const parts =
    hit.sourceText.length > 100_000 ? [{ kind: "mark", text: hit.sourceText }] : pretty(hit.sourceText);
  return html`<div class="whole">
    <p>${hit.stream && html`<b>stream</b> <a ...${streamLinkOf(hit.stream)}>${hit.stream}</a> `}<b>_index</b> ${hit._index} <b>_id</b> ${hit._id} <button type="button" onClick=${copy}>${copied ? "Copied" : "Copy JSON"}</button>${" "}
      ${linkOf && html`<a ...${linkOf(hit)}>Surrounding documents</a>`}</p>
    ${
      hit.ignored?.length > 0 &&
      html`<p class="ignored"><b>_ignored</b> ${hit.ignored.join(", ")} · ${hit.ignored.length === 1 ? "its value does" : "their values do"} not fit the type that the index has for it: kept and shown, but not searchable</p>`
    }
    ${
      !hit.hasOwnTime &&
      html`<p class="arrival"><b>@timestamp</b> ${hit.timestampMs === 0 ? "none" : "none; it is listed by when it arrived"}</p>`
    }
    <${Values} hit=${hit} terms=${terms} fields=${fields} columns=${columns} onColumn=${onColumn} onChart=${onChart} onFilter=${onFilter} />
    <pre tabindex="0" aria-label="Document as JSON">
${parts.map(({ kind, text }) =>
  kind === "mark"
    ? text
    : html`<span class=${kind}>${kind === "key" ? text : html`<${Marked} text=${text} terms=${terms} />`}</span>`,
)}</pre>
  </div>`;
}

function Values({ hit, terms, fields, columns, onColumn, onChart, onFilter }) {
  const values = [
    { name: "_index", kind: "string", text: hit._index },
    { name: "_id", kind: "string", text: hit._id },
    ...leaves(hit.sourceText, maxListed),
  ];
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Fields of the document"><table class="values">
    <thead class="sr"><tr><th scope="col">Field</th><th scope="col">Filter</th><th scope="col">Value</th></tr></thead>
    <tbody>
      ${values.map(
        (value) => html`<tr>
          <th scope="row">${value.name}</th>
          <td class="acts"><${Acts} value=${value} hit=${hit} fields=${fields} onFilter=${onFilter} />${!value.name.startsWith("_") && html`<${ColumnButton} name=${value.name} columns=${columns} onColumn=${onColumn} />`}${onChart && !value.name.startsWith("_") && value.name !== "@timestamp" && html`<${ChartButton} name=${value.name} onChart=${onChart} />`}</td>
          <td><${Marked} text=${value.text.length > maxLetters ? `${value.text.slice(0, maxLetters)}…` : value.text} terms=${terms} field=${value.name} /></td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

/** What is null, or did not fit its type, cannot be asked for by its value. */
function Acts({ value: { name, kind, text }, hit, fields, onFilter }) {
  if (hit.ignored?.includes(name)) return null;
  const field = fields.find((one) => one.name === name) ?? { name, type: undefined };
  const isNull = kind === "word" && text === "null";
  const act = (sign, words, clause, not) =>
    html`<button type="button" title=${words} aria-label=${words} onClick=${() => onFilter(clause, not)}>${sign}</button>`;
  const exists = existsClause(name);
  if (isNull) return act("∄", `Only without ${name}`, exists, true);
  const clause = clauseOf(field, text, fields);
  return html`${act("+", `Show only ${name} = ${cut(text)}`, clause, false)}
  ${act("−", `Leave out ${name} = ${cut(text)}`, clause, true)}
  ${!name.startsWith("_") && act("∃", `Show only with ${name}`, exists, false)}`;
}

function ColumnButton({ name, columns, onColumn }) {
  const isColumn = columns.includes(name);
  // The name stays, whether it is pressed or not: else the state would be told twice.
  const words = `${name} as a column`;
  return html`<button type="button" title=${words} aria-label=${words} aria-pressed=${isColumn ? "true" : "false"} onClick=${() => onColumn(name)}>▥</button>`;
}

function ChartButton({ name, onChart }) {
  const words = `Chart of ${name}`;
  return html`<button type="button" title=${words} aria-label=${words} onClick=${() => onChart(name)}>◔</button>`;
}

const cut = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

export function Marked({ text, terms, field }) {
  return highlight(text, terms, field).map((part) =>
    part.hit ? html`<mark>${part.text}</mark>` : part.text,
  );
}

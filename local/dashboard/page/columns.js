/** The documents as a table of chosen columns, which can be moved, sorted by and removed. */
import { leaves } from "./json-text.js";
import { html } from "./markup.js";
import { Marked, Whole } from "./whole.js";

/** Values of one document that are looked through for its cells. */
const maxValues = 1_000;

export function Columns({
  hits,
  columns,
  sort,
  terms,
  isOpen,
  onToggle,
  onTable,
  time: Time,
  listRef,
  onPoint,
  ...opened
}) {
  const ofSeveral = hits.some(({ stream }) => stream !== undefined);
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Documents, table"><table class="columns" ref=${listRef} onPointerMove=${onPoint}>
    <thead>
      <tr>
        <th scope="col">Time</th>
        ${ofSeveral && html`<th scope="col">Stream</th>`}
        ${columns.map((name, place) => html`<${Head} key=${name} name=${name} place=${place} columns=${columns} sort=${sort} onTable=${onTable} />`)}
      </tr>
    </thead>
    <tbody>
      ${hits.map((hit) => {
        const id = `${hit._index}/${hit._id}`;
        const open = isOpen(id);
        return html`<tr key=${id} class=${open ? "open" : ""}>
            <td><button type="button" class="row" aria-expanded=${open ? "true" : "false"} onClick=${() => onToggle(id)}><span class="sr">Document of </span><${Time} hit=${hit} /></button></td>
            ${ofSeveral && html`<td><em class="stream">${hit.stream}</em></td>`}
            <${Cells} hit=${hit} columns=${columns} terms=${terms} />
          </tr>
          ${open && html`<tr key=${`${id}/open`} class="open"><td colspan=${columns.length + (ofSeveral ? 2 : 1)}><${Whole} hit=${hit} terms=${terms} columns=${columns} ...${opened} /></td></tr>`}`;
      })}
    </tbody>
  </table></div>`;
}

function Head({ name, place, columns, sort, onTable }) {
  const order = sort === `${name}:desc` ? "desc" : sort === `${name}:asc` ? "asc" : undefined;
  const next = { undefined: `${name}:desc`, desc: `${name}:asc`, asc: "" }[order];
  const move = (by) => onTable({ columns: columns.with(place, columns[place + by]).with(place + by, name) });
  const remove = () =>
    onTable({ columns: columns.filter((one) => one !== name), ...(order && { sort: "" }) });
  return html`<th scope="col" aria-sort=${{ desc: "descending", asc: "ascending" }[order]}>
    <button type="button" class="by" title=${order === "asc" ? "Newest first again" : `Sort by ${name}`} onClick=${() => onTable({ sort: next })}>${name}${{ desc: " ↓", asc: " ↑" }[order]}</button>
    ${place > 0 && html`<button type="button" aria-label="Move ${name} to the left" title="To the left" onClick=${() => move(-1)}>‹</button>`}
    ${place < columns.length - 1 && html`<button type="button" aria-label="Move ${name} to the right" title="To the right" onClick=${() => move(1)}>›</button>`}
    <button type="button" aria-label="Remove the column ${name}" title="Remove" onClick=${remove}>×</button>
  </th>`;
}

function Cells({ hit, columns, terms }) {
  const values = leaves(hit.sourceText, maxValues);
  return columns.map((name) => {
    const text = values.flatMap((value) => (value.name === name ? [value.text] : [])).join("; ");
    return html`<td><${Marked} text=${text.length > 400 ? `${text.slice(0, 400)}…` : text} terms=${terms} field=${name} /></td>`;
  });
}

/** The index knows the order of time alone: what was put in order is said, and what was not. */
export function SortNote({ results, sort, onTable }) {
  const { sorted_among: among, total, current } = results;
  if (sort === "" || !current || among === undefined) return null;
  const [field, order] = [
    sort.slice(0, sort.lastIndexOf(":")),
    sort.endsWith(":asc") ? "smallest" : "largest",
  ];
  const whole = new Intl.NumberFormat("en");
  return html`<p class="hint sorted" role="status">
    ${order} <code>${field}</code> first${among < total ? `, among the newest ${whole.format(among)} of ${whole.format(total)}` : ""} ·${" "}
    <button type="button" onClick=${() => onTable({ sort: "" })}>newest first</button>
  </p>`;
}

/** The newest matches, a line each, expandable to the whole document. */
import { useId, useRef, useState } from "/vendor/hooks.js";
import { Columns, SortNote } from "./columns.js";
import { formatCount, formatTime, isoTime } from "./format.js";
import { leaves } from "./json-text.js";
import { html } from "./markup.js";
import { NoDocuments } from "./no-documents.js";
import { highlightTerms } from "./query-text.js";
import { summaryOf } from "./summary.js";
import { Marked, Whole } from "./whole.js";

/** A pointer that rested longer than this on the list was left there. */
const pointedMs = 3_000;
const never = Number.NEGATIVE_INFINITY;

export function Documents({
  results,
  query,
  onFilter,
  columns,
  sort,
  onColumn,
  onChart,
  onTable,
  linkOf,
  streamLinkOf,
  empty,
  showAll,
  clear,
  more,
}) {
  const [open, setOpen] = useState(new Set());
  const held = useRef(undefined);
  const touched = useRef(never);
  const list = useRef(null);
  // While someone reads a document or is about to choose one, new ones must not push it away.
  const reading =
    open.size > 0 ||
    performance.now() - touched.current < pointedMs ||
    list.current?.querySelector(":focus-visible") != null ||
    isSelectedIn(list.current);
  if (!reading || held.current === undefined || held.current.key !== results.key) held.current = results;
  const shown = held.current;
  const waiting = results.total - shown.total;
  const toggle = (id) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const point = () => {
    touched.current = performance.now();
  };
  const release = () => {
    touched.current = never;
    getSelection().removeAllRanges();
    setOpen(new Set());
  };
  const terms = highlightTerms(query);
  const forOne = {
    terms,
    fields: results.fields ?? [],
    columns,
    onColumn,
    onChart,
    onFilter,
    linkOf,
    streamLinkOf,
  };
  return html`<section class="card documents" aria-label="Newest documents" aria-busy=${results.loading ? "true" : "false"}>
    <header>
      <h2>${sort === "" ? "Newest documents" : "Documents"}</h2>
      <${SortNote} results=${results} sort=${sort} onTable=${onTable} />
      ${
        waiting > 0 &&
        html`<button type="button" class="pill" onClick=${release}>${formatCount(waiting)} new, show them</button>`
      }
    </header>
    ${
      shown.hits.length === 0 || (results.stopped && !results.current)
        ? html`<${NoDocuments} ...${empty} results=${results} query=${query} showAll=${showAll} clear=${clear} />`
        : columns.length > 0
          ? html`<${Columns} hits=${shown.hits} sort=${sort} isOpen=${(id) => open.has(id)} onToggle=${toggle} onTable=${onTable} time=${Time} listRef=${list} onPoint=${point} ...${forOne} />`
          : html`<ol ref=${list} onPointerMove=${point}>
          ${shown.hits.map((hit) => {
            const id = `${hit._index}/${hit._id}`;
            return html`<${Document} key=${id} hit=${hit} open=${open.has(id)} onToggle=${() => toggle(id)} ...${forOne} />`;
          })}
        </ol>`
    }
    ${
      shown.hits.length < shown.total &&
      html`<footer>
      ${formatCount(shown.hits.length)} of ${formatCount(shown.total)} ·${" "}
      ${
        more && !results.cut
          ? html`<button type="button" onClick=${more}>Show more</button>`
          : `${results.cut ? "no more of this size fit here; " : ""}export them to see all`
      }
    </footer>`
    }
  </section>`;
}

function isSelectedIn(element) {
  const { isCollapsed, anchorNode } = getSelection();
  return !isCollapsed && element?.contains(anchorNode);
}

export function Document({ hit, open, onToggle, ...forOne }) {
  const values = leaves(hit.sourceText);
  const { lead: message, others } = summaryOf(values);
  const { terms } = forOne;
  const id = useId();
  // Who drags over the text selects it, and does not mean to open or close the document.
  const press = ({ target }) => (target.closest("button") || getSelection().isCollapsed) && onToggle();
  return html`<li class=${open ? "open" : ""}>
    <div class="row" onClick=${press}>
      <button type="button" aria-expanded=${open ? "true" : "false"} aria-labelledby="${id}-time ${id}-message">
        <span id="${id}-time"><${Time} hit=${hit} /></span>
      </button>
      <span class="text">
        <span class="message" id="${id}-message"
          >${hit.stream && html`<em class="stream">${hit.stream}</em> `}${message && message.name !== "message" && html`<b>${message.name}</b> `}${
            message
              ? html`<${Marked} text=${cut(message.text, 400)} terms=${terms} field=${message.name} />`
              : "{}"
          }</span
        >
        ${
          (others.length > 0 || hit.ignored?.length > 0) &&
          html`<span class="others"
          >${hit.ignored?.length > 0 && html`<em class="ignored">${hit.ignored.join(", ")} not searchable</em> `}${others.map(({ name, text }) => html`<span><b>${name}</b> <${Marked} text=${cut(text, 120)} terms=${terms} field=${name} /></span> `)}</span
        >`
        }
      </span>
    </div>
    ${open && html`<${Whole} hit=${hit} ...${forOne} />`}
  </li>`;
}

/** A document without a time of its own stands at its arrival, and says so: it is not when something happened. */
function Time({ hit: { timestampMs, hasOwnTime } }) {
  const iso = isoTime(timestampMs);
  if (hasOwnTime || iso === "")
    return html`<time datetime=${iso} title=${iso}>${iso === "" ? "no time" : formatTime(timestampMs)}</time>`;
  if (timestampMs === 0) return html`<time title="The document has no @timestamp.">no time</time>`;
  return html`<time class="arrival" datetime=${iso} title="${iso}, when it arrived: the document has no @timestamp"
    >${formatTime(timestampMs)} <i>arrival</i></time
  >`;
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);

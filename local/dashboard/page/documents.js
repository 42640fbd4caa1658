/** The newest matches, a line each, expandable to the whole document. */
import { useRef, useState } from "/vendor/hooks.js";
import { formatCount, formatTime, isoTime } from "./format.js";
import { leaves, pretty } from "./json-text.js";
import { html } from "./markup.js";
import { NoDocuments } from "./no-documents.js";
import { highlight, highlightTerms } from "./query-text.js";

/** A pointer that rested longer than this on the list was left there. */
const pointedMs = 3_000;

export function Documents({ results, query, empty, showAll, clear, more }) {
  const [open, setOpen] = useState(new Set());
  const held = useRef(undefined);
  const touched = useRef(0);
  const list = useRef(null);
  // While someone reads a document or is about to choose one, new ones must not push it away.
  const reading =
    open.size > 0 ||
    performance.now() - touched.current < pointedMs ||
    list.current?.querySelector(":focus-visible") != null;
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
    touched.current = 0;
    setOpen(new Set());
  };
  const terms = highlightTerms(query);
  return html`<section class="card documents" aria-label="Newest documents" aria-busy=${results.loading ? "true" : "false"}>
    <header>
      <h2>Newest documents</h2>
      ${
        waiting > 0 &&
        html`<button type="button" class="pill" onClick=${release}>${formatCount(waiting)} new, show them</button>`
      }
    </header>
    ${
      shown.hits.length === 0 || (results.stopped && !results.current)
        ? html`<${NoDocuments} ...${empty} results=${results} query=${query} showAll=${showAll} clear=${clear} />`
        : html`<ol ref=${list} onPointerMove=${point}>
          ${shown.hits.map((hit) => {
            const id = `${hit._index}/${hit._id}`;
            return html`<${Document} key=${id} hit=${hit} terms=${terms} open=${open.has(id)} onToggle=${() => toggle(id)} />`;
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

function Document({ hit, terms, open, onToggle }) {
  const values = leaves(hit.sourceText);
  const message = values.find(({ name }) => name === "message") ?? values[0];
  // The time has its own column.
  const others = values.filter((value) => value !== message && value.name !== "@timestamp");
  return html`<li class=${open ? "open" : ""}>
    <button type="button" class="row" aria-expanded=${open ? "true" : "false"} onClick=${onToggle}>
      <${Time} hit=${hit} />
      <span class="text">
        <span class="message"
          >${message && message.name !== "message" && html`<b>${message.name}</b> `}${
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
    </button>
    ${open && html`<${Whole} hit=${hit} terms=${terms} />`}
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

function Whole({ hit, terms }) {
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
    <p><b>_index</b> ${hit._index} <b>_id</b> ${hit._id} <button type="button" onClick=${copy}>${copied ? "Copied" : "Copy JSON"}</button></p>
    ${
      hit.ignored?.length > 0 &&
      html`<p class="ignored"><b>_ignored</b> ${hit.ignored.join(", ")} · ${hit.ignored.length === 1 ? "its value does" : "their values do"} not fit the type that the index has for it: kept and shown, but not searchable</p>`
    }
    ${
      !hit.hasOwnTime &&
      html`<p class="arrival"><b>@timestamp</b> ${hit.timestampMs === 0 ? "none" : "none; it is listed by when it arrived"}</p>`
    }
    <pre tabindex="0" aria-label="Document as JSON">
${parts.map(({ kind, text }) =>
  kind === "mark"
    ? text
    : html`<span class=${kind}>${kind === "key" ? text : html`<${Marked} text=${text} terms=${terms} />`}</span>`,
)}</pre>
  </div>`;
}

function Marked({ text, terms, field }) {
  return highlight(text, terms, field).map((part) =>
    part.hit ? html`<mark>${part.text}</mark>` : part.text,
  );
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);

/** One document by its address, to be shared, and what came before and after it. */
import { useEffect, useState } from "/vendor/hooks.js";
import { linkTo, linkToStream } from "./address.js";
import { ask } from "./api.js";
import { Document } from "./documents.js";
import { withFilter } from "./filters.js";
import { formatTime } from "./format.js";
import { html } from "./markup.js";

const step = 5;
const most = 100;

/** `INDEX/ID`: an index has no slash in its name. */
const partsOf = (doc) => [doc.slice(0, doc.indexOf("/")), doc.slice(doc.indexOf("/") + 1)];

export function OneDocument({ state, go }) {
  const [size, setSize] = useState(step);
  const [open, setOpen] = useState(new Set([state.doc]));
  const { data, error } = useDocument(state.doc, size);
  const back = html`<a class="button" ...${linkTo(state, go, { doc: "" })}>Back to the search</a>`;
  if (error) return html`<section class="card empty"><p>${error.message}</p><p>${back}</p></section>`;
  if (!data) return html`<p class="note">Loading…</p>`;
  const { hit, before, after } = data;
  if (!hit) {
    return html`<section class="card empty">
      <p>There is no document <code>${state.doc}</code>: its index was deleted, or it never came.</p>
      <p>${back}</p>
    </section>`;
  }
  const toggle = (id) =>
    setOpen((was) => (was.has(id) ? new Set([...was].filter((one) => one !== id)) : new Set([...was, id])));
  const one = (shown) => {
    const id = `${shown._index}/${shown._id}`;
    return html`<${Document}
      key=${id}
      hit=${shown}
      terms=${[]}
      fields=${[]}
      columns=${state.columns}
      open=${open.has(id)}
      onToggle=${() => toggle(id)}
      streamLinkOf=${(stream) => linkToStream(state, stream, { doc: id })}
      onColumn=${(name) => go({ doc: "", columns: [...new Set([...state.columns, name])] })}
      onFilter=${(clause, not) => go({ doc: "", filters: withFilter(state.filters, clause, not) })}
      linkOf=${id === state.doc ? undefined : (other) => linkTo(state, go, { doc: `${other._index}/${other._id}` })}
    />`;
  };
  const more =
    size < most &&
    html`<button type="button" onClick=${() => setSize(Math.min(most, size * 4))}>More</button>`;
  return html`<section class="card documents around" aria-label="A document and its neighbours">
    <header>
      <h2>Around ${formatTime(hit.timestampMs)}, all documents</h2>
      ${back}
    </header>
    <h3>After it ${after.length === size && more}</h3>
    ${after.length === 0 ? html`<p class="note">Nothing came later.</p>` : html`<ol>${[...after].reverse().map(one)}</ol>`}
    <h3>The document</h3>
    <ol class="chosen">${one(hit)}</ol>
    <h3>Before it ${before.length === size && more}</h3>
    ${before.length === 0 ? html`<p class="note">Nothing came earlier.</p>` : html`<ol>${before.map(one)}</ol>`}
  </section>`;
}

/** FIRST the document, for its time, THEN its neighbours. */
function useDocument(doc, size) {
  const [answer, setAnswer] = useState({});
  useEffect(() => {
    const abort = new AbortController();
    askDocument(doc, size, abort.signal).then(
      (data) => setAnswer({ data }),
      (error) => error.name !== "AbortError" && setAnswer({ error }),
    );
    return () => abort.abort();
  }, [doc, size]);
  return answer;
}

async function askDocument(doc, size, signal) {
  const [index, id] = partsOf(doc);
  const q = `_id:"${id.replace(/["\\]/g, "\\$&")}"`;
  const { hits } = await ask("search", { q, index, size: 1, source: "text" }, signal);
  const [hit] = hits;
  if (!hit) return {};
  // One more: the document itself is among those of its time.
  const { before, after } = await ask("around", { atMs: hit.timestampMs, size: size + 1 }, signal);
  const others = (list) => list.filter((other) => other._index !== hit._index || other._id !== hit._id);
  return { hit, before: others(before).slice(0, size), after: others(after).slice(0, size) };
}

/** What became of each record that was found, and how far was looked. */
import { commands } from "/commands.js";
import { linkTo, linkToStream } from "./address.js";
import { Reason } from "./failing.js";
import { formatBytes, formatCount, formatTime, plural } from "./format.js";
import { html } from "./markup.js";

const outcomes = {
  indexed: ["good", "Indexed"],
  delivered: ["good", "Delivered"],
  failed: ["bad", "Failed"],
  dropped: ["", "Dropped by the processor"],
  rotated: ["", "Its index was deleted"],
  waiting: ["warn", "On its way"],
  unknown: ["warn", "Not known"],
};

/** A link within the page, or to the page of the stream that it is about. */
const placeOf = (state, go, own, stream, changes) =>
  stream === own ? linkTo(state, go, changes) : linkToStream(state, stream, changes);

const objectView = ({ key }) => ({ view: "backup", key, prefix: key.slice(0, key.lastIndexOf("/") + 1) });

export function Trace({ record, several, state, go, own, processor }) {
  const { outcome, why, source, document, failure, object, delivered, arrived, stream, recordId } = record;
  const [kind, words] = outcomes[outcome];
  const link = (changes, name) =>
    html`<a class="key" ...${placeOf(state, go, own, stream, changes)}>${name}</a>`;
  return html`<li class="card trace">
    <header>
      <h2 class="verdict ${kind}">${words}</h2>
      <p class="hint">${several && html`<b>${stream}</b> · `}${recordId && html`<code>${recordId}</code>`}${arrived && ` · ${timeText(arrived)}`}</p>
    </header>
    ${why && html`<p class="why">${why}</p>`}
    ${failure && html`<p class="why"><${Reason} failure=${{ ...failure, errorMessage: failure.reason ?? failure.errorMessage }} processor=${stream === own ? processor : undefined} /></p>`}
    <dl>
      ${source !== undefined && html`<dt>Record</dt><dd><pre tabindex="0" aria-label="Record">${source}</pre></dd>`}
      ${document && html`<dt>Document</dt><dd>${link({ view: "explore", doc: `${document.index}/${document.id}` }, `${document.index}/${document.id}`)}<pre tabindex="0" aria-label="Document">${document.text}</pre></dd>`}
      ${failure && html`<dt>Failed record</dt><dd>${link(objectView(failure), failure.key)}${source === undefined && html`<pre tabindex="0" aria-label="Failed record">${failure.data}</pre>`}</dd>`}
      ${delivered && html`<dt>Delivered in</dt><dd>${link(objectView(delivered), delivered.key)}</dd>`}
      ${object && html`<dt>Backed up in</dt><dd>${link(objectView(object), object.key)}</dd>`}
    </dl>
    ${outcome === "failed" && html`<p class="hint">Send it again with <code>${commands.replay}</code>.</p>`}
  </li>`;
}

/** An object tells only between which times its records came. */
function timeText([firstMs, lastMs]) {
  if (firstMs === null) return `came before ${formatTime(lastMs)}`;
  return firstMs === lastMs
    ? `came ${formatTime(firstMs)}`
    : `came ${formatTime(firstMs)} to ${formatTime(lastMs)}`;
}

/** Objects of a time, where no text was asked for. */
export function Objects({ streams, state, go, own }) {
  const objects = streams.flatMap(({ stream, looked }) =>
    looked.backup.ofTime.map((object) => ({ stream, ...object })),
  );
  if (objects.length === 0) return null;
  return html`<section class="card objects" aria-label="Objects of this time">
    <header><h2>${plural(objects.length, "object")} of this time</h2></header>
    <ul>
      ${objects.map(
        ({ stream, ...object }) => html`<li key=${object.key}>
          <a ...${placeOf(state, go, own, stream, objectView(object))}><span class="name">${object.key}</span><span class="size">${formatBytes(object.bytes)} · ${formatTime(object.modifiedMs)}</span></a>
        </li>`,
      )}
    </ul>
  </section>`;
}

/** Not how many documents it has: how many of them are like what is looked for. */
const matchText = (total) =>
  total === 0 ? "no document matches" : `${plural(total, "document")} ${total === 1 ? "matches" : "match"}`;

/** A part must not be taken for the whole: what was not looked at is said, stream by stream. */
export function Looked({ streams, several, further }) {
  return html`<ul class="looked" aria-label="How far was looked">
    ${streams.map(({ stream, looked: { index, queue, failed, backup } }) => {
      const all = index.all && queue.all && failed.all && backup.all;
      return html`<li key=${stream} class=${all ? "" : "part"}>
        ${several && html`<b>${stream}</b>: `}Looked through the index (${matchText(index.total)}), ${plural(queue.records, "record")} of
        the queue, ${plural(backup.objects, "object")} of the bucket (${formatBytes(backup.bytes)}) and ${plural(failed.objects, "object")} of
        failed records${all ? "." : ": not all of it."}
        ${backup.unread + failed.unread > 0 && ` ${formatCount(backup.unread + failed.unread)} could not be read whole: ZIP, Snappy, larger than 64 MiB, or damaged.`}
        ${!failed.all && failed.unread === 0 && " Not all failed records were reached in time: narrow the text or the time."}
        ${backup.next && further && html` <button type="button" onClick=${() => further(stream, backup.next)}>Look further back</button>`}
      </li>`;
    })}
  </ul>`;
}

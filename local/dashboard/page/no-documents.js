/** Why the list of documents is empty: not asked yet, stopped, nothing like it, or nothing was indexed at all. */
import { linkTo } from "./address.js";
import { Reason } from "./failing.js";
import { heldAtMost } from "./first-steps.js";
import { formatCount, plural } from "./format.js";
import { html } from "./markup.js";
import { useAnswer } from "./use-answer.js";

export function NoDocuments({ results, query, status, plan, state, go, showAll, clear }) {
  if (results.stopped) {
    return html`<div class="empty">
      <p>Stopped before there was an answer.</p>
      <p><button type="button" onClick=${results.again}>Search again</button></p>
    </div>`;
  }
  if (!results.current) return html`<p class="note">Searching…</p>`;
  if (status?.indexed === 0)
    return html`<${NoneIndexed} status=${status} plan=${plan} state=${state} go=${go} />`;
  return html`<div class="empty">
    <p>No document matches${query ? html` <code>${query}</code>` : ""}${showAll ? " in this time" : ""}.</p>
    <p>
      ${showAll && html`<button type="button" onClick=${showAll}>Look in all time</button> `}
      ${clear && html`<button type="button" onClick=${clear}>Clear the query</button>`}
    </p>
    ${query && html`<p><a ...${linkTo(state, go, { view: "whereabouts", what: state.q })}>Where is it?</a> Look for this text in backup, queue and failed records too.</p>`}
  </div>`;
}

/** Another query would find nothing either. */
function NoneIndexed({ status, plan, state, go }) {
  const { failed, dropped, waiting, lost } = status;
  const became = [
    failed > 0 && `${formatCount(failed)} failed`,
    dropped > 0 && `${formatCount(dropped)} dropped by the processor`,
    waiting > 0 && `${formatCount(waiting)} on the way`,
    lost > 0 && `${formatCount(lost)} lost`,
  ].filter(Boolean);
  return html`<div class="empty none-indexed">
    <h2>${became.join(", ") || plural(status.accepted, "record")}, none indexed</h2>
    ${failed > 0 && html`<${LastReason} failed=${failed} processor=${plan?.processor} />`}
    ${waiting > 0 && heldAtMost(plan) && html`<p>Each is handed on by the buffers ${heldAtMost(plan)}.</p>`}
    <p><a ...${linkTo(state, go, { view: "pipeline" })}>See what became of them</a></p>
  </div>`;
}

function LastReason({ failed, processor }) {
  const { data } = useAnswer("failures", { limit: 1 }, failed);
  const [last] = data?.failures ?? [];
  return last && html`<p>The last reason: <${Reason} failure=${last} processor=${processor} /></p>`;
}

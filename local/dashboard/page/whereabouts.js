/** "Where is my document?": a text, an id or a time, looked for in index, queue, backup and failed records at once. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { ask } from "./api.js";
import { plural } from "./format.js";
import { html } from "./markup.js";
import { Range } from "./range.js";
import { bounds } from "./time-range.js";
import { useTyped } from "./typed.js";
import { Looked, Objects, Trace } from "./whereabouts-answer.js";

export function WhereaboutsView({ state, go, plan }) {
  const range = state.range === "auto" ? "all" : state.range;
  const [text, setText] = useTyped(state.what);
  const { answer, error, looking, again, stop, further } = useWhereabouts(state.what, range);
  const submit = (event) => {
    event.preventDefault();
    if (text.trim() === state.what) again();
    else go({ what: text.trim() });
  };
  return html`
    <form class="card query" aria-label="Where is it?" onSubmit=${submit}>
      <div class="ask">
        <label class="sr" for="what">Text or id</label>
        <input id="what" type="search" maxlength="1000" spellcheck=${false} autocomplete="off" aria-describedby="what-help" placeholder="order-77" value=${text} onInput=${(event) => setText(event.target.value)} />
        ${looking ? html`<button key="stop" type="button" class="primary" onClick=${stop}>Stop</button>` : html`<button key="look" type="submit" class="primary">Look</button>`}
      </div>
      <p id="what-help" class="hint">
        A text of the record as it was sent, or of its document; the <code>RecordId</code> that the sender was answered; or a
        time alone. Looked for in the index, the queue, the backup and the failed records, of all streams.
      </p>
      <div class="narrow"><${Range} range=${range} go=${go} resetTime=${() => go({ range: "all" })} /></div>
      <p class="running" role="status">${statusText(looking, answer, state.what, range)}</p>
    </form>
    ${error && html`<section class="card empty" role="alert"><p>${error.message}</p></section>`}
    ${answer && html`<${Answer} answer=${answer} state=${state} go=${go} own=${plan?.deliveryStreamName} processor=${plan?.processor} further=${looking ? undefined : further} />`}
  `;
}

/** Said aloud, too. */
function statusText(looking, answer, what, range) {
  if (looking) return "Looking…";
  if (!answer) return what === "" && range === "all" ? "" : "Stopped.";
  const found = answer.streams.reduce((sum, { records }) => sum + records.length, 0);
  return found === 0 ? "No record found." : `${plural(found, "record")} found.`;
}

function Answer({ answer, state, go, own, processor, further }) {
  const { streams } = answer;
  const several = streams.length > 1;
  const records = streams.flatMap((one) => one.records);
  return html`<section class="whereabouts" aria-label="Records">
    <ol>
      ${records.map((record, place) => html`<${Trace} key=${record.recordId ?? place} record=${record} several=${several} state=${state} go=${go} own=${own} processor=${processor} />`)}
    </ol>
    <${Objects} streams=${streams} state=${state} go=${go} own=${own} />
    <${Looked} streams=${streams} several=${several} further=${further} />
  </section>`;
}

/** Asked again for another text or time, and further back when told; stopped at the server too. */
function useWhereabouts(what, range) {
  const [shown, setShown] = useState({ looking: false });
  const abort = useRef(undefined);
  const look = async (params, join) => {
    abort.current?.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    setShown((before) => ({ answer: join && before.answer, looking: true }));
    try {
      const answer = await ask(
        "whereabouts",
        { text: what, ...bounds(range, Date.now()), ...params },
        signal,
      );
      if (!signal.aborted)
        setShown((before) => ({ answer: join ? join(before.answer, answer) : answer, looking: false }));
    } catch (error) {
      if (!signal.aborted) setShown((before) => ({ ...before, error, looking: false }));
    }
  };
  const again = () => {
    if (what !== "" || range !== "all") look({ stream: "*" });
    else setShown({ looking: false });
  };
  useEffect(() => {
    again();
    return () => abort.current?.abort();
  }, [what, JSON.stringify(range)]);
  const stop = () => {
    abort.current?.abort();
    setShown((before) => ({ ...before, looking: false }));
  };
  const further = (stream, before) => look({ stream, before }, joined);
  return { ...shown, again, stop, further };
}

/** What was found further back comes behind what is there; the rest is told of the last look. */
function joined({ streams }, { streams: [more] }) {
  return {
    streams: streams.map((one) =>
      one.stream === more.stream
        ? {
            ...more,
            records: [...one.records, ...more.records.filter((record) => !isAmong(record, one.records))],
          }
        : one,
    ),
  };
}

const isAmong = ({ recordId }, records) =>
  recordId !== undefined && records.some((one) => one.recordId === recordId);

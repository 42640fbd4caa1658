/** The query with its error, the time range, the index and the export. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { apiAddress, ask } from "./api.js";
import { FilterPills } from "./filter-pills.js";
import { placeIn } from "./filters.js";
import { html } from "./markup.js";
import { bounds, presets } from "./time-range.js";

export function QueryBar({ state, go, results, asked, parts, resetTime }) {
  const { error } = results;
  const at = error?.position === undefined ? undefined : (error.place ?? placeIn(parts, error.position));
  const faulty = error?.status === 400 && at !== undefined && at.from >= 0 ? at.from : undefined;
  const [text, setText] = useState(state.q);
  const input = useRef(null);
  useEffect(() => setText(state.q), [state.q]);
  useEffect(() => {
    const focus = (event) => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName ?? "");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const submit = (event) => {
    event.preventDefault();
    if (text === state.q) results.again();
    else go({ q: text });
  };
  const invalid = error?.status === 400 && faulty === undefined && text === state.q;
  return html`<form class="card query" role="search" onSubmit=${submit}>
    <div class="ask">
      <label class="sr" for="q">Query</label>
      <input
        id="q"
        ref=${input}
        type="search"
        autocomplete="off"
        autocapitalize="off"
        spellcheck=${false}
        placeholder='Search, such as message:hello AND status:>=500'
        value=${text}
        aria-invalid=${invalid ? "true" : "false"}
        aria-describedby=${invalid ? "query-error" : "query-help"}
        onInput=${(event) => setText(event.target.value)}
        onSearch=${(event) => event.target.value === "" && go({ q: "" })}
      />
      ${
        // Two elements: one that became a submit button under the click that stops would submit.
        results.slow
          ? html`<button key="stop" type="button" class="primary" onClick=${results.stop}>Stop</button>`
          : html`<button key="search" type="submit" class="primary">Search</button>`
      }
    </div>
    <p class="running" role="status">${runningText(results)}</p>
    ${
      error &&
      html`<${QueryProblem}
      message=${error.message}
      position=${at?.position}
      query=${faulty === undefined ? state.q : state.filters[faulty]?.clause}
      at=${(position) => faulty === undefined && select(input.current, position)}
    />`
    }
    <${FilterPills} filters=${state.filters} faulty=${faulty} onChange=${(filters) => go({ filters })} />
    <div class="narrow">
      <${Range} range=${state.range} go=${go} resetTime=${resetTime} />
      <${IndexChoice} index=${state.index} go=${go} />
      <${Export} state=${{ ...state, q: asked }} />
      <p id="query-help" class="help">
        <code>field:word</code> <code>"a phrase"</code> <code>AND OR NOT</code> <code>wor*</code>
        <code>status:[400 TO 499]</code> <code>_exists_:field</code>
      </p>
    </div>
  </form>`;
}

/** Said aloud too: who does not see the button change hears it. */
function runningText({ slow, stopped, current, again }) {
  if (slow) return "The query runs…";
  if (!stopped) return "";
  return html`The query was stopped${current && ": what is below stands still"}.${" "}
    <button type="button" onClick=${again}>Search again</button>`;
}

function select(input, position) {
  input.focus();
  input.setSelectionRange(position, Math.min(position + 1, input.value.length));
}

/** The message, and the query with the place marked where it went wrong. */
function QueryProblem({ message, position, query = "", at }) {
  const located = position !== undefined && position <= query.length;
  return html`<div id="query-error" class="problem" role="alert">
    <p>${message}</p>
    ${
      located &&
      html`<button type="button" class="locate" title="Go to this place" onClick=${() => at(position)}>
      <span class="sr">Character ${position + 1}: </span
      >${query.slice(0, position)}<mark>${query[position] ?? "\u00a0"}</mark>${query.slice(position + 1)}
    </button>`
    }
  </div>`;
}

function Range({ range, go, resetTime }) {
  const custom = typeof range === "object";
  const choose = (event) => {
    const { value } = event.target;
    if (value !== "custom") return go({ range: value });
    const nowMs = Math.ceil(Date.now() / 60_000) * 60_000;
    go({ range: { fromMs: bounds(range, nowMs).fromMs ?? nowMs - 3_600_000, toMs: nowMs } });
  };
  const change = (name) => (event) => {
    const ms = Date.parse(event.target.value);
    const changed = { ...range, [name]: ms };
    if (changed.toMs > changed.fromMs) go({ range: changed });
  };
  return html`
    <label class="field">
      <span>Time</span>
      <select value=${custom ? "custom" : range} onChange=${choose}>
        ${presets.map(([name, label]) => html`<option value=${name}>${label}</option>`)}
        <option value="all">All time</option>
        <option value="custom">From … to …</option>
      </select>
    </label>
    ${
      custom &&
      html`
      <label class="field"><span>From</span><input type="datetime-local" step="1" value=${localText(range.fromMs)} onChange=${change("fromMs")} /></label>
      <label class="field"><span>To</span><input type="datetime-local" step="1" value=${localText(range.toMs)} onChange=${change("toMs")} /></label>
      <button type="button" onClick=${resetTime}>Reset the time</button>
    `
    }
  `;
}

function localText(ms) {
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function IndexChoice({ index, go }) {
  const [indices, setIndices] = useState([]);
  const load = () =>
    ask("indices").then(
      ({ indices }) => setIndices(indices),
      () => {},
    );
  useEffect(() => void load(), []);
  const names = indices.map((one) => one.index);
  if (index !== "" && !names.includes(index)) names.push(index);
  return html`<label class="field">
    <span>Index</span>
    <select value=${index} onFocus=${load} onChange=${(event) => go({ index: event.target.value })}>
      <option value="">All indices</option>
      ${names
        .sort()
        .reverse()
        .map((name) => html`<option value=${name}>${name}</option>`)}
    </select>
  </label>`;
}

function Export({ state }) {
  const address = (format) =>
    apiAddress("export", {
      q: state.q,
      index: state.index,
      ...bounds(state.range, Date.now()),
      format,
      ...(format === "csv" && { column: state.columns }),
    });
  // The range moves with the clock: the address is made at the click.
  const renew = (format) => (event) => {
    event.currentTarget.href = address(format);
  };
  return html`<span class="field export">
    <span>Export</span>
    <a href=${address("ndjson")} download onClick=${renew("ndjson")}>NDJSON</a>
    <a href=${address("csv")} download onClick=${renew("csv")}>CSV</a>
  </span>`;
}

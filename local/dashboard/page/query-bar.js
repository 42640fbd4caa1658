/** The query with its error, the time range, the index and the export. */
import { useEffect, useRef, useState } from "/vendor/hooks.js";
import { apiAddress, ask } from "./api.js";
import { completionsOf, recentQueries, rememberQuery } from "./completion.js";
import { FilterPills } from "./filter-pills.js";
import { placeIn } from "./filters.js";
import { hintFor } from "./hints.js";
import { html } from "./markup.js";
import { Range } from "./range.js";
import { bounds, isCrossed } from "./time-range.js";
import { useTyped } from "./typed.js";

export function QueryBar({ state, go, results, known, example, asked, parts, resetTime }) {
  // Of crossed ends their own inputs tell: the query is none the worse.
  const error = isCrossed(state.range) ? undefined : results.error;
  const at = error?.position === undefined ? undefined : (error.place ?? placeIn(parts, error.position));
  const faulty = error?.status === 400 && at !== undefined && at.from >= 0 ? at.from : undefined;
  const [text, setText] = useTyped(state.q);
  const input = useRef(null);
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
    rememberQuery(text);
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
        list="completions"
        autocomplete="off"
        autocapitalize="off"
        spellcheck=${false}
        placeholder="Search, such as ${example ?? "message:hello"}"
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
    <datalist id="completions">
      ${completionsOf(text, known, recentQueries()).map((whole) => html`<option value=${whole} />`)}
    </datalist>
    ${
      results.current &&
      !error &&
      html`<${Hint} hint=${hintFor(
        state.q,
        known.map(({ name }) => name),
      )} go=${go} />`
    }
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

/** The answer is shown all the same: the query means something as it is. */
function Hint({ hint, go }) {
  if (hint === undefined) return null;
  return html`<p class="hint meant" role="status">
    ${hint.words}${" "}
    ${hint.query !== undefined && html`Meant: <button type="button" onClick=${() => go({ q: hint.query })}><code>${hint.query}</code></button>`}
  </p>`;
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
      ...(format === "csv" && { column: state.columns, for: "spreadsheet" }),
    });
  // The range moves with the clock: the address is made at the click.
  const renew = (format) => (event) => {
    event.currentTarget.href = address(format);
  };
  return html`<span class="field export">
    <span>Export</span>
    <a href=${address("ndjson")} aria-label="Export as NDJSON" download onClick=${renew("ndjson")}>NDJSON</a>
    <a href=${address("csv")} aria-label="Export as CSV" download onClick=${renew("csv")}>CSV</a>
  </span>`;
}

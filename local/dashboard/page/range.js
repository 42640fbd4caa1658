/** The time of the question: a preset, or two ends that are typed. */
import { html } from "./markup.js";
import { bounds, presets } from "./time-range.js";
import { useTyped } from "./typed.js";
import { timeForms, timeOf } from "./typed-time.js";

export function Range({ range, go, resetTime }) {
  const custom = typeof range === "object";
  const choose = (event) => {
    const { value } = event.target;
    if (value !== "custom") return go({ range: value });
    const { fromMs } = bounds(range, Date.now());
    const preset = presets.some(([name]) => name === range) ? `-${range}` : "-1h";
    go({ range: { from: fromMs === undefined ? "-1h" : preset, to: "now" } });
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
      html`<${Ends} range=${range} go=${go} />
      <button type="button" onClick=${resetTime}>Reset the time</button>`
    }
  `;
}

/** Both texts stay as they were typed; what cannot be asked is said, and the last time stays. */
function Ends({ range, go }) {
  const shown = textsOf(range);
  const [texts, setTexts] = useTyped(shown, `${shown.from} ${shown.to}`);
  const problem = problemOf(texts);
  const apply = (changed) => {
    setTexts(changed);
    if (problemOf(changed) === undefined) go({ range: changed });
  };
  const input = (name, label) => html`<label class="field"
    ><span>${label}</span
    ><input
      class="time"
      aria-invalid=${problem?.end === name || problem?.end === "both" ? "true" : "false"}
      aria-describedby=${problem ? "time-problem" : undefined}
      title="Such as ${timeForms}"
      spellcheck=${false}
      autocomplete="off"
      value=${texts[name]}
      onInput=${(event) => setTexts({ ...texts, [name]: event.target.value })}
      onKeyDown=${(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        apply({ ...texts, [name]: event.target.value });
      }}
      onBlur=${(event) => (texts.from !== shown.from || texts.to !== shown.to) && apply({ ...texts, [name]: event.target.value })}
  /></label>`;
  return html`${input("from", "From")} ${input("to", "To")}
    ${
      problem &&
      html`<p id="time-problem" class="problem" role="alert">
        ${problem.message}${" "}
        ${problem.end === "both" && html`<button type="button" onClick=${() => apply({ from: texts.to, to: texts.from })}>Swap them</button>`}
      </p>`
    }`;
}

function problemOf({ from, to }) {
  const nowMs = Date.now();
  const [fromMs, toMs] = [timeOf(from, nowMs), timeOf(to, nowMs, true)];
  const noTime = (end, text) => ({ end, message: `“${text}” is no time. Type one such as ${timeForms}.` });
  if (fromMs === undefined) return noTime("from", from);
  if (toMs === undefined) return noTime("to", to);
  if (fromMs < toMs) return undefined;
  return { end: "both", message: `The ends are crossed: ${from} is not before ${to}.` };
}

const two = (n) => String(n).padStart(2, "0");

/** Fixed ends as they would be typed. */
function textsOf(range) {
  if (range.from !== undefined) return range;
  const text = (ms) => {
    const at = new Date(ms);
    const part = at.getMilliseconds() === 0 ? "" : `.${String(at.getMilliseconds()).padStart(3, "0")}`;
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}${part}`;
  };
  return { from: text(range.fromMs), to: text(range.toMs) };
}

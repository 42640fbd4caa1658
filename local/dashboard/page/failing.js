/** Says while records fail that they do, and why: a number in a corner is overlooked. */
import { linkTo } from "./address.js";
import { plural } from "./format.js";
import { html } from "./markup.js";
import { useAnswer } from "./use-answer.js";

/** Firehose's codes of a function all begin so. */
const isOfProcessor = (errorCode) => errorCode.startsWith("Lambda.");

/** Shown for the five minutes that the samples span. */
export function Failing({ live, plan, state, go }) {
  const failed = live.latest?.status.failed ?? 0;
  const before = live.samples[0]?.failed ?? failed;
  if (failed <= before) return null;
  return html`<${Banner} more=${failed - before} failed=${failed} plan=${plan} state=${state} go=${go} />`;
}

function Banner({ more, failed, plan, state, go }) {
  const { data } = useAnswer("failures", { limit: 1 }, failed);
  const [last] = data?.failures ?? [];
  return html`<div class="banner bad failing" role="status">
    <strong>${plural(more, "record")} failed in the last five minutes.</strong>${" "}
    ${last && html`The last: <${Reason} failure=${last} processor=${plan?.processor} />. `}
    They are kept: <a ...${linkTo(state, go, { view: "pipeline" })}>see them</a>.
  </div>`;
}

/** Why the first record of an object failed, and which processor failed it. */
export function Reason({ failure: { errorCode, errorMessage }, processor }) {
  return html`<span class="reason"
    ><code class="code">${errorCode}</code> ${errorMessage.replace(/\.$/, "")}${
      isOfProcessor(errorCode) &&
      processor &&
      html` <small>(processor <code>${processor.name}</code>)</small>`
    }</span
  >`;
}

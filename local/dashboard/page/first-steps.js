/** What to do while there is nothing to look at: the command that sends records into this very run. */
import { commands } from "/commands.js";
import { allStreams } from "./all-streams.js";
import { html } from "./markup.js";

/** Where the server does not say how it was started, the command that finds the usual run. */
const usual = { command: `${commands.publish} 1000` };

/** How long records are held; undefined where nobody knows, or each stream has its own. */
export function heldAtMost(plan) {
  if (!plan || plan.deliveryStreamName === allStreams) return undefined;
  // The function has a buffer of its own in front of it.
  const seconds = (plan.processor?.bufferIntervalSeconds ?? 0) + plan.destination.bufferIntervalSeconds;
  return `at the latest ${seconds} s after it came`;
}

export function SendCommand({ plan }) {
  const { command, endpoint } = plan?.send ?? usual;
  return html`<pre tabindex="0" aria-label="Command that sends records"><code>${command}</code></pre>
    ${
      endpoint &&
      html`<p>
        Or from a program of yours, with the AWS SDK: <code>AWS_ENDPOINT_URL_FIREHOSE=${endpoint}</code>, stream${" "}
        <code>${plan.deliveryStreamName}</code>.
      </p>`
    }`;
}

export function FirstSteps({ plan }) {
  return html`<section class="card empty">
    <h2>No records yet</h2>
    <p>The pipeline is up and waits for records. In a second terminal:</p>
    <${SendCommand} plan=${plan} />
    <p>
      The numbers above move as soon as the first batch is delivered${heldAtMost(plan) && `, ${heldAtMost(plan)}`}.
    </p>
  </section>`;
}

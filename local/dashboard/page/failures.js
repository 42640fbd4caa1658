/** The last objects of failed records, each with its reason. */
import { commands } from "/commands.js";
import { linkTo } from "./address.js";
import { Reason } from "./failing.js";
import { formatCount, formatTime } from "./format.js";
import { html } from "./markup.js";
import { useAnswer } from "./use-answer.js";

export function Failures({ failed, processor, go, state }) {
  const { data, error } = useAnswer("failures", { limit: 20 }, failed);
  const failures = data?.failures ?? [];
  const target = (key) => ({ view: "backup", key, prefix: key.slice(0, key.lastIndexOf("/") + 1) });
  return html`<section class="card failures" aria-label="Last failures">
    <header>
      <h2>Last failures</h2>
      ${failed > 0 && html`<p class="hint">Send them again with <code>${commands.replay}</code></p>`}
    </header>
    ${error && html`<p class="note">${error.message}</p>`}
    ${
      failures.length === 0
        ? html`<p class="note">${failed > 0 ? "Loading…" : "No record has failed. Each that does is kept here with its reason."}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="Failures, table"><table>
          <thead>
            <tr><th scope="col">Time</th><th scope="col" class="n">Records</th><th scope="col">Reason of the first</th><th scope="col">Object</th></tr>
          </thead>
          <tbody>
            ${failures.map(
              ({ key, records, atMs, ...failure }) => html`<tr key=${key}>
                <td><time datetime=${new Date(atMs).toISOString()}>${formatTime(atMs)}</time></td>
                <td class="n">${formatCount(records)}</td>
                <td><${Reason} failure=${failure} processor=${processor} /></td>
                <td>
                  <a class="key" ...${linkTo(state, go, target(key))}>${key}</a>
                </td>
              </tr>`,
            )}
          </tbody>
        </table></div>`
    }
  </section>`;
}

/** The indices with their counts and sizes, newest first. */
import { linkTo } from "./address.js";
import { formatBytes, formatCount } from "./format.js";
import { html } from "./markup.js";
import { useAnswer } from "./use-answer.js";

export function Indices({ indexed, go, state }) {
  const { data, error } = useAnswer("indices", {}, indexed);
  const indices = [...(data?.indices ?? [])].reverse();
  const most = Math.max(1, ...indices.map(({ count }) => count));
  const target = (index) => ({ view: "explore", index, range: "all" });
  return html`<section class="card" aria-label="Indices">
    <header><h2>Indices</h2></header>
    ${error && html`<p class="note">${error.message}</p>`}
    ${
      indices.length === 0
        ? html`<p class="note">No index yet. The first document makes one.</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label="Indices, table"><table>
          <thead><tr><th scope="col">Index</th><th scope="col" class="n">Documents</th><th scope="col" class="n">Size</th><th scope="col"><span class="sr">Share</span></th></tr></thead>
          <tbody>
            ${indices.map(
              ({ index, count, bytes }) => html`<tr key=${index}>
                <td>
                  <a
                    ...${linkTo(state, go, target(index))}
                    >${index}</a
                  >
                </td>
                <td class="n">${formatCount(count)}</td>
                <td class="n">${formatBytes(bytes)}</td>
                <td><progress max=${most} value=${count} aria-label="Share of ${index}" /></td>
              </tr>`,
            )}
          </tbody>
        </table></div>`
    }
  </section>`;
}

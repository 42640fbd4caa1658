/** All streams of the run at once: what each has, and where its own page is. */
import { useEffect, useState } from "/vendor/hooks.js";
import { linkToStream } from "./address.js";
import { ask } from "./api.js";
import { formatCount } from "./format.js";
import { html } from "./markup.js";
import { useAnswer } from "./use-answer.js";

/** Stands for all of them in the address. */
export const allStreams = "*";

/** The streams of the run; empty until they are known. */
export function useStreams() {
  const [streams, setStreams] = useState([]);
  useEffect(() => {
    ask("streams").then(
      (answer) => setStreams(answer.streams),
      // The rest of the page says that the server does not answer.
      () => {},
    );
  }, []);
  return streams;
}

/** Whether there are several whose documents can be searched together. */
export const canBeOne = (streams) => streams.filter(({ destination }) => destination === "search").length > 1;

const counted = ["accepted", "indexed", "dropped", "failed", "waiting"];

/** The counts of each, and the views that are a stream's own. */
export function StreamTable({ state, live }) {
  const sum = live.latest?.status;
  const { data } = useAnswer("streams", {}, sum && counted.map((name) => sum[name]).join("/"));
  const streams = (data?.streams ?? []).filter(({ destination }) => destination === "search");
  const link = (name, changes, words) => html`<a ...${linkToStream(state, name, changes)}>${words}</a>`;
  return html`<section class="card" aria-label="Streams">
    <header><h2>Streams</h2></header>
    <div class="scroll" tabindex="0" role="group" aria-label="Streams, table"><table class="streams">
      <thead><tr><th scope="col">Stream</th>${counted.map((name) => html`<th scope="col" class="n">${name}</th>`)}<th scope="col">Views</th></tr></thead>
      <tbody>
        ${streams.map(
          ({ name, counts }) => html`<tr key=${name}>
            <th scope="row">${link(name, { view: "explore" }, name)}</th>
            ${counted.map((one) => html`<td class="n">${formatCount(counts[one])}</td>`)}
            <td>${link(name, { view: "pipeline" }, html`Pipeline<span class="sr"> of ${name}</span>`)} ${link(name, { view: "backup" }, html`Backup<span class="sr"> of ${name}</span>`)}</td>
          </tr>`,
        )}
      </tbody>
    </table></div>
  </section>`;
}

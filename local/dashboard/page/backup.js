/** The bucket's objects: walk the prefixes, look into an object, download it. */

import { useEffect, useState } from "/vendor/hooks.js";
import { linkTo } from "./address.js";
import { apiAddress, ask } from "./api.js";
import { SendCommand } from "./first-steps.js";
import { formatBytes, formatCount, formatTime } from "./format.js";
import { html } from "./markup.js";
import { withRawData } from "./raw-data.js";
import { useAnswer } from "./use-answer.js";

export function Backup({ state, go, live, plan }) {
  const { prefix, key } = state;
  const change = `${live.latest?.status.backedUp}/${live.latest?.status.failed}/${live.connection}`;
  const { data, error } = useAnswer("backup", { prefix }, change);
  const listing = useOlder(data?.prefix === prefix ? data : undefined, prefix);
  const link = (changes, name, current) => html`<a
    ...${linkTo(state, go, changes)}
    aria-current=${current ? "true" : undefined}
    >${name}</a
  >`;
  const parts = prefix.split("/").slice(0, -1);
  return html`<div class="split backup">
    <section class="card objects" aria-label="Objects">
      <header>
        <nav aria-label="Prefix" class="crumbs">
          ${link({ prefix: "", key: "" }, bucketOf(plan) ?? "bucket", prefix === "")}
          ${parts.map((part, at) => html`<i aria-hidden="true">/</i>${link({ prefix: `${parts.slice(0, at + 1).join("/")}/`, key: "" }, part, at === parts.length - 1)}`)}
        </nav>
      </header>
      ${error && html`<p class="note">${error.message} ${prefix && link({ prefix: "", key: "" }, "Back to the top of the bucket")}</p>`}
      ${listing && listing.folders.length + listing.objects.length === 0 && html`<${EmptyBucket} plan=${plan} />`}
      <ul>
        ${listing?.folders.map((folder) => html`<li key=${folder}>${link({ prefix: folder, key: "" }, html`<span class="folder">${folder.slice(prefix.length)}</span>`)}</li>`)}
        ${listing?.objects.map(
          (object) => html`<li key=${object.key}>
            ${link({ key: object.key }, html`<span class="name">${object.key.slice(prefix.length)}</span><span class="size">${formatBytes(object.bytes)} · ${formatTime(object.modifiedMs)}</span>`, object.key === key)}
          </li>`,
        )}
      </ul>
      ${listing?.more > 0 && html`<p class="note"><button type="button" onClick=${listing.older}>Show older ones</button> ${formatCount(listing.more)} are not shown. ${listing.problem}</p>`}
    </section>
    ${key === "" ? html`<section class="card preview"><p class="note">Choose an object to look into it.</p></section>` : html`<${Preview} key=${key} objectKey=${key} />`}
  </div>`;
}

/** What the stream delivers, where that is into a bucket; else its backup. Failed records are in the same one. */
const bucketOf = (plan) => (plan?.destination.kind === "s3" ? plan.destination : plan?.backup)?.bucketName;

/** The newest page of a folder, which may change, and the older ones that were asked for, which do not. */
function useOlder(newest, prefix) {
  const [pages, setPages] = useState([]);
  const [problem, setProblem] = useState("");
  useEffect(() => setPages([]), [prefix]);
  if (newest === undefined) return undefined;
  const last = pages.at(-1) ?? newest;
  const older = () =>
    ask("backup", { prefix, before: last.next }).then(
      (page) => setPages([...pages, page]),
      (error) => setProblem(error.message),
    );
  const all = (name, keyOf) => {
    const seen = new Map([newest, ...pages].flatMap((page) => page[name]).map((one) => [keyOf(one), one]));
    return [...seen.values()];
  };
  const folders = all("folders", (folder) => folder);
  return { folders, objects: all("objects", ({ key }) => key), more: last.more, older, problem };
}

function EmptyBucket({ plan }) {
  const isDestination = plan?.destination.kind === "s3";
  const seconds = (isDestination ? plan.destination : plan?.backup)?.bufferIntervalSeconds;
  return html`<div class="empty">
    <p>The bucket is empty. Send records, and ${isDestination ? "they are" : "their backup is"} here${seconds === undefined ? "" : ` after at most ${seconds} s`}:</p>
    <${SendCommand} plan=${plan} />
  </div>`;
}

function Preview({ objectKey }) {
  const { data, error } = useAnswer("backup/preview", { key: objectKey }, "");
  const download = html`<a class="button" href=${apiAddress("backup/download", { key: objectKey })} download>Download</a>`;
  return html`<section class="card preview" aria-label="Object">
    <header>
      <h2 class="key">${objectKey.slice(objectKey.lastIndexOf("/") + 1)}</h2>
      ${download}
    </header>
    ${error && html`<p class="note">${error.message}</p>`}
    ${data === undefined && !error && html`<p class="note">Loading…</p>`}
    ${
      data &&
      html`
      <p class="hint">
        ${formatBytes(data.bytes)}${data.compressed ? " compressed" : ""} · ${formatTime(data.modifiedMs)}${data.truncated ? " · the first 64 KiB are shown" : ""}
      </p>
      <${Lines} text=${data.text} truncated=${data.truncated} />
    `
    }
  </section>`;
}

function Lines({ text, truncated }) {
  const records = withRawData(text, truncated);
  if (records === undefined) return html`<pre tabindex="0" aria-label="Start of the object">${text}</pre>`;
  return html`<ol class="records">
    ${records.map(
      ({ errorCode, errorMessage, reason, processor, data, line }) => html`<li>
        <p><code class="code">${errorCode}</code> ${errorMessage}${processor && html` <small>function <code>${processor}</code></small>`}</p>
        ${reason !== undefined && html`<p class="reason"><b>Reason</b> ${String(reason)}</p>`}
        <pre tabindex="0" aria-label="Record's data">${data}</pre>
        <details><summary>As it is in the object</summary><pre>${line}</pre></details>
      </li>`,
    )}
  </ol>`;
}

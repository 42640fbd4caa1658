/** The walk of a record, room by room, with counts that add up. */
import { Failures } from "./failures.js";
import { formatBytes, formatCount, formatDuration, formatRate, plural } from "./format.js";
import { heldRoom } from "./held.js";
import { Indices } from "./indices.js";
import { html } from "./markup.js";
import { ratePerSecond } from "./samples.js";

export function Pipeline({ go, state, live, plan }) {
  const status = live.latest?.status;
  if (status === undefined || plan === undefined) {
    return html`<p class="note">${live.connection === "lost" ? "No numbers yet: the server does not answer." : "Loading…"}</p>`;
  }
  return html`
    <${Sum} status=${status} goal=${plan.destination.kind === "s3" ? "delivered" : "indexed"} />
    <${Rooms} status=${status} plan=${plan} live=${live} />
    ${status.probe && html`<${Probe} probe=${status.probe} />`}
    <${Failures} failed=${status.failed} processor=${plan.processor} go=${go} state=${state} />
    <div class="halves">
      ${plan.destination.kind !== "s3" && html`<${Indices} indexed=${status.indexed} go=${go} state=${state} />`}
      <${Stack} plan=${plan} />
    </div>
  `;
}

/** accepted = indexed + dropped + failed + waiting + lost: nothing is lost silently, and here it shows. */
function Sum({ status, goal }) {
  const { accepted, indexed, dropped, failed, waiting, lost } = status;
  const { trouble } = status.rooms;
  const adds = accepted === indexed + dropped + failed + waiting + lost;
  const number = (name, value, kind = "", words = name) =>
    html`<span class="term ${kind}"><b data-count=${name}>${formatCount(value)}</b><small>${words}</small></span>`;
  return html`<section class="card sum" aria-label="Counts">
    ${number("accepted", accepted)} <i>=</i> ${number("indexed", indexed, "good", goal)} <i>+</i> ${number("dropped", dropped)} <i>+</i>
    ${number("failed", failed, failed > 0 ? "bad" : "")} <i>+</i> ${number("waiting", waiting)}
    ${lost > 0 && html`<i>+</i> ${number("lost", lost, "bad")}`}
    ${trouble && html`<span class="verdict warn">held</span>`}
    <span class="verdict ${adds ? "good" : "bad"}" role="status">${adds ? "adds up" : "does not add up"}</span>
  </section>`;
}

function Rooms({ status, plan, live }) {
  const rate = (pick) => formatRate(ratePerSecond(live.samples, live.sample, pick));
  const { rooms } = status;
  const { processor, destination, backup } = plan;
  const isBucket = destination.kind === "s3";
  const held = heldRoom(rooms.trouble);
  const kind = (room, otherwise = "") => (held === room ? "held" : otherwise);
  return html`<section class="rooms" aria-label="The walk of a record">
    <ol class="line">
      <${Room} title="Firehose" what="accepts records" count=${status.accepted} rate=${rate((s) => s.accepted)}>
        <p class="fact">${formatBytes(rooms.queueBytes)} in the durable queue</p>
      <//>
      ${
        processor &&
        html`<${Room} title="Processor" what=${processor.name} count=${status.dropped} unit="dropped" rate=${rate((s) => s.dropped)} kind=${kind("transform")}>
        <${Buffer} name="Processor buffer" fill=${rooms.transformBuffer} sizeMiB=${processor.bufferSizeMiB} seconds=${processor.bufferIntervalSeconds} />
      <//>`
      }
      <${Room} title="Delivery" what=${isBucket ? "to the bucket" : "to the index"} count=${rooms.deliveryBuffer.records} unit="held" rate="" kind=${kind("deliver")}>
        <${Buffer} name="Delivery buffer" fill=${rooms.deliveryBuffer} sizeMiB=${destination.bufferSizeMiB} seconds=${destination.bufferIntervalSeconds} />
      <//>
      <${Room} title=${isBucket ? "Bucket" : "Index"} what=${isBucket ? `s3://${destination.bucketName}` : `${destination.indexName} · ${destination.indexRotationPeriod}`} count=${status.indexed} rate=${rate((s) => s.indexed)} kind=${kind("deliver", "good")} />
    </ol>
    <ol class="line side">
      ${
        backup &&
        html`<${Room} title="Backup" what=${`source records in s3://${backup.bucketName}`} count=${status.backedUp} unit="backed up" rate=${rate((s) => s.backedUp)} kind=${kind("backup")}>
        <${Buffer} name="Backup buffer" fill=${rooms.backupBuffer} sizeMiB=${backup.bufferSizeMiB} seconds=${backup.bufferIntervalSeconds} />
      <//>`
      }
      <${Room} title="Failed records" what="kept in the bucket, with their reason" count=${status.failed} rate=${rate((s) => s.failed)} kind=${kind("failed records", status.failed > 0 ? "bad" : "")} />
    </ol>
  </section>`;
}

/** The record that is sent each minute, and looked for. */
function Probe({ probe }) {
  const { sent, arrived, lost, latencySeconds, problem } = probe;
  const newest =
    latencySeconds === undefined
      ? "none in the index yet"
      : `the newest in the index is ${latencySeconds} s old`;
  return html`<section class="card probe" aria-label="Probe">
    <b>Probe</b> ${formatCount(sent)} sent, ${formatCount(arrived)} arrived in time, ${formatCount(lost)} lost; ${newest}
    ${problem && html`: <span class="verdict bad">${problem}</span>`}
  </section>`;
}

function Room({ title, what, count, unit, rate, kind = "", children }) {
  return html`<li class="card room ${kind}">
    <h2>${title}</h2>
    <p class="what" title=${what}>${what}</p>
    <p class="count"><b>${formatCount(count)}</b>${unit && html` <small>${unit}</small>`}<span class="rate">${rate}</span></p>
    ${children}
  </li>`;
}

/** A buffer gives up what it holds at its size or its age, whichever comes first. */
function Buffer({ name, fill, sizeMiB, seconds }) {
  const bytes = sizeMiB * 1024 * 1024;
  return html`<div class="buffer">
    <label>
      <span>${formatBytes(fill.bytes)} of ${sizeMiB} MiB</span>
      <meter aria-label="${name}, size" min="0" max=${bytes} value=${Math.min(bytes, fill.bytes)} />
    </label>
    <label>
      <span>${formatDuration(fill.ageMs)} of ${seconds} s · ${plural(fill.records, "record")}</span>
      <meter aria-label="${name}, age" min="0" max=${Math.max(1, seconds * 1_000)} value=${Math.min(seconds * 1_000, fill.ageMs)} />
    </label>
  </div>`;
}

function Stack({ plan }) {
  const { notEmulated, withoutEffect, notes } = plan;
  const reasons = [...new Set(withoutEffect.map(({ why }) => why))];
  return html`<section class="card stack">
    <header><h2>Not on this machine</h2></header>
    ${notEmulated.length + notes.length === 0 && html`<p class="note">All that the program asks for runs here.</p>`}
    <ul>
      ${notEmulated.map(({ type, count }) => html`<li><code>${type}</code> × ${count}</li>`)}
      ${notes.map((note) => html`<li>${note}</li>`)}
    </ul>
    ${
      reasons.length > 0 &&
      html`<details>
        <summary>Without effect here</summary>
        <ul>
          ${reasons.map(
            (reason) =>
              html`<li>${reason}: ${withoutEffect
                .filter(({ why }) => why === reason)
                .map(({ type, count }) => `${type.split(":").at(-1)} × ${count}`)
                .join(", ")}</li>`,
          )}
        </ul>
      </details>`
    }
  </section>`;
}

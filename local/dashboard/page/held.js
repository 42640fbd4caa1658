/** What holds the line right now, in words: on every view, as who looks at documents alone would take it for quiet. */
import { formatDuration, formatTime } from "./format.js";
import { html } from "./markup.js";

/** The room that a trouble's text begins with, and what stands still there. */
const rooms = {
  deliver: "The destination takes no documents",
  transform: "The processor fails",
  backup: "The backup cannot be written",
  "failed records": "Failed records cannot be written",
};

/** "deliver" of `deliver: 2 documents go again …`; undefined where the text names no room or nothing is held. */
export const heldRoom = (trouble) => Object.keys(rooms).find((room) => trouble?.startsWith(`${room}:`));

export function Held({ rooms: fill, atMs, plan }) {
  if (!fill?.trouble) return null;
  const { trouble, troubleSinceMs: sinceMs } = fill;
  const since = sinceMs
    ? ` since ${formatTime(sinceMs)} (${formatDuration(Math.max(0, atMs - sinceMs))})`
    : "";
  const room = heldRoom(trouble);
  return html`<div class="banner warn" role="alert">
    <strong>The line is held${since}.</strong>${" "}
    ${room && html`${rooms[room]}${room === "transform" && plan?.processor ? html` (<code>${plan.processor.name}</code>)` : ""}. `}
    ${trouble.replace(/\.?$/, ".")} What came waits in the queue.
  </div>`;
}

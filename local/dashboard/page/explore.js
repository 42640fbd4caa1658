/** The view of the documents: panels, query, histogram, fields and the newest matches. */
import { commands } from "/commands.js";
import { useEffect, useMemo, useRef, useState } from "/vendor/hooks.js";
import { linkTo, linkToStream } from "./address.js";
import { allStreams } from "./all-streams.js";
import { ask } from "./api.js";
import { Backup } from "./backup.js";
import { Chart } from "./chart.js";
import { Documents } from "./documents.js";
import { Fields } from "./fields.js";
import { joined, withFilter } from "./filters.js";
import { FirstSteps } from "./first-steps.js";
import { Histogram } from "./histogram.js";
import { html } from "./markup.js";
import { OneDocument } from "./one-document.js";
import { Panels } from "./panels.js";
import { QueryBar } from "./query-bar.js";
import { useResults } from "./results.js";
import { moves } from "./time-range.js";

const pageSize = 50;
const maxShown = 500;

export function Explore(props) {
  if (props.plan?.destination.kind === "s3") return html`<${InBucket} ...${props} />`;
  return props.state.doc === ""
    ? html`<${Search} ...${props} />`
    : html`<${OneDocument} key=${props.state.doc} ...${props} />`;
}

function Search({ state, go, live, plan, board, panels }) {
  const [size, setSize] = useState(pageSize);
  const range = useRange(state.range);
  const { q, index, filters, columns, sort } = state;
  const { text: asked, parts, problem } = useMemo(() => joined(q, filters), [q, filters]);
  const moving = useRef("auto");
  if (typeof state.range === "string") moving.current = state.range;
  useEffect(() => setSize(pageSize), [asked, index, range]);
  const { change, changedMs } = changeOf(live, moves(range));
  const results = useResults(
    { q: asked, index, range, size, sort, ...(problem && { problem }) },
    change,
    changedMs,
  );
  // Panels are a stream's own: all together are divided by streams.
  const ofAll = state.stream === allStreams;
  const known = useKnownFields(results.fields, asked === "" && index === "");
  const isNew = live.latest?.status.accepted === 0;
  // Without an answer there is nothing to show; while the server is away the last one stays.
  const isBroken =
    results.error?.status === 400 || (results.error !== undefined && results.histogram === undefined);
  const toggleColumn = (name) =>
    go({ columns: columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name] });
  const chart = (name) => go({ chart: name });
  const filter = (clause, not) => go({ filters: withFilter(filters, clause, not) });
  return html`
    ${!ofAll && html`<${Panels} board=${board} live=${live} query=${q} asked=${asked} onChoose=${(query) => go({ q: query })} />`}
    <${QueryBar}
      state=${{ ...state, range }}
      go=${go}
      results=${results}
      asked=${asked}
      parts=${parts}
      known=${known}
      example=${panels.find(({ query }) => query !== "")?.query}
      resetTime=${() => go({ range: moving.current })}
    />
    ${isNew && html`<${FirstSteps} plan=${plan} />`}
    ${!isNew && isBroken && html`<${Failed} error=${results.error} />`}
    ${
      !isNew &&
      !isBroken &&
      html`
        ${results.timedOut && html`<${TimedOut} />`}
        <${Histogram} results=${results} panels=${ofAll ? undefined : panels} onRange=${(chosen) => go({ range: chosen })} onFilter=${filter} />
        ${state.chart && html`<${Chart} name=${state.chart} results=${results} known=${known} onFilter=${filter} onClose=${() => go({ chart: "" })} />`}
        <div class="split">
          <${Fields} fields=${results.fields} columns=${columns} onColumn=${toggleColumn} onFilter=${filter} onChart=${chart} />
          <${Documents}
            results=${results}
            query=${asked}
            onFilter=${filter}
            columns=${columns}
            sort=${sort}
            onColumn=${toggleColumn}
            onChart=${chart}
            onTable=${go}
            streamLinkOf=${(stream) => linkToStream(state, stream, {})}
            linkOf=${(hit) => linkTo(state, go, { doc: `${hit._index}/${hit._id}` })}
            empty=${{ status: live.latest?.status, plan, state, go }}
            showAll=${range === "all" ? undefined : () => go({ range: "all" })}
            clear=${asked === "" && index === "" ? undefined : () => go({ q: "", index: "", filters: [] })}
            more=${size < maxShown ? () => setSize(Math.min(maxShown, size + pageSize)) : undefined}
          />
        </div>
      `
    }
  `;
}

/** A stream into a bucket has objects, and no documents to be asked for. */
function InBucket(props) {
  return html`<p class="banner info" role="status">
      <strong>This stream delivers into a bucket.</strong> Its records are in the objects below and are not searched here;
      what became of a single one is told under <a ...${linkTo(props.state, props.go, { view: "whereabouts" })}>Where is it?</a>
    </p>
    <${Backup} ...${props} />`;
}

/**
 * `{change, changedMs}`: another `change` when documents came or went, so that a quiet pipeline costs no questions, and
 * when that was by this page's clock. A range that moves moves on, even when nothing comes.
 */
function changeOf({ latest, connection }, isMoving) {
  if (latest === undefined) return { change: connection };
  const { atMs, quietMs, hereMs, panels, status } = latest;
  const { indexed, dropped, failed } = status;
  const halfMinute = isMoving ? Math.floor(atMs / halfMinuteMs) : "";
  const change = [halfMinute, connection === "lost", indexed, dropped, failed, ...panels].join("/");
  return { change, changedMs: hereMs - Math.min(quietMs, isMoving ? atMs % halfMinuteMs : quietMs) };
}

const halfMinuteMs = 30_000;

/**
 * Fields of all answers so far: a query that matches nothing has none of its own. Where the first answers are not of
 * all documents, the newest documents are asked for theirs.
 */
function useKnownFields(fields, isOfAll) {
  const known = useRef(new Map());
  const [, setAsked] = useState(false);
  const isMissing = known.current.size === 0 && (!isOfAll || fields?.length === 0);
  for (const field of fields ?? []) known.current.set(field.name, field);
  useEffect(() => {
    if (!isMissing) return;
    ask("fields").then(
      (newest) => {
        for (const field of newest.fields)
          if (!known.current.has(field.name)) known.current.set(field.name, field);
        setAsked(true);
      },
      () => {},
    );
  }, [isMissing]);
  return [...known.current.values()];
}

/** "auto" is the last hour where it has documents, else all time. */
function useRange(range) {
  const [auto, setAuto] = useState(undefined);
  useEffect(() => {
    if (range !== "auto" || auto !== undefined) return;
    rangeWithDocuments().then(setAuto, () => setAuto("1h"));
  }, [range]);
  return range === "auto" ? (auto ?? "1h") : range;
}

async function rangeWithDocuments() {
  const recent = await ask("count", { fromMs: Date.now() - 3_600_000 });
  if (recent.count > 0) return "1h";
  const ever = await ask("count");
  return ever.count > 0 ? "all" : "1h";
}

/** A part must not be taken for the whole. */
function TimedOut() {
  return html`<p class="banner warn" role="status">
    <strong>This is a part of the answer.</strong> The question took longer than a query may: the counts are at least as
    many as shown, and newer or older documents may be missing. Narrow the time or the query, or start with a longer
    <code>--query-timeout-seconds</code>.
  </p>`;
}

function Failed({ error }) {
  const refused = "This query has no answer: see the message under the query box.";
  return html`<section class="card empty">
    <p>${error.status === 400 ? refused : error.message}</p>
    ${error.status === 0 && html`<p>Start it again with <code>${commands.start}</code>.</p>`}
  </section>`;
}

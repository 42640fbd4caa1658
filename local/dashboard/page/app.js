/** The page as a whole: its state is the address, its numbers come from the live stream. */
import { commands } from "/commands.js";
import { useCallback, useEffect, useRef, useState } from "/vendor/hooks.js";
import { readAddress, writeAddress } from "./address.js";
import { allStreams, StreamTable } from "./all-streams.js";
import { ask } from "./api.js";
import { Backup } from "./backup.js";
import { Explore } from "./explore.js";
import { Failing } from "./failing.js";
import { Header, nameOf } from "./header.js";
import { Held } from "./held.js";
import { LiveFeed } from "./live-feed.js";
import { html } from "./markup.js";
import { Pipeline } from "./pipeline.js";
import { addSample, sampleOf } from "./samples.js";
import { WhereaboutsView } from "./whereabouts.js";

const refreshMs = { live: 0, "1s": 1_000, "10s": 10_000, "1m": 60_000 };

/** The address as state; `go(changes)` makes a new entry of the history unless `replace` is said. */
function useAddress() {
  const [state, setState] = useState(() => readAddress(location.search));
  useEffect(() => {
    const back = () => setState(readAddress(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const go = useCallback((changes, { replace = false } = {}) => {
    setState((before) => {
      const after = { ...before, ...changes };
      const address = writeAddress(after);
      if (address !== location.pathname + location.search) {
        history[replace ? "replaceState" : "pushState"](null, "", address);
      }
      return after;
    });
  }, []);
  return [state, go];
}

/** What the live stream told last, taken over as often as the reader wants, and not while nobody can see it. */
function useLive(refresh) {
  const feed = useRef(undefined);
  feed.current ??= new LiveFeed();
  const [live, setLive] = useState({
    connection: "connecting",
    latest: undefined,
    sample: undefined,
    samples: [],
  });
  const samples = useRef([]);
  const takenMs = useRef(Number.NEGATIVE_INFINITY);
  const version = useRef(undefined);
  useEffect(() => {
    const take = () => {
      const { connection, latest } = feed.current;
      if (latest) {
        // Counts of other panels cannot be compared.
        if (version.current !== undefined && version.current !== latest.panelsVersion) samples.current = [];
        version.current = latest.panelsVersion;
        samples.current = addSample(samples.current, sampleOf(latest));
      }
      // By no clock that jumps: set back by an hour, it would hold the counts for that long.
      const nowMs = performance.now();
      const due = refresh !== "off" && !document.hidden && nowMs - takenMs.current >= refreshMs[refresh];
      setLive((before) => {
        if (before.connection === connection && !(latest && (due || before.latest === undefined)))
          return before;
        if (!due && before.latest !== undefined) return { ...before, connection };
        takenMs.current = nowMs;
        const sample = latest && sampleOf(latest);
        return { connection, latest, sample, samples: samples.current };
      });
    };
    return feed.current.subscribe(take);
  }, [refresh]);
  // The panels with their history may come before the first of the live counts, and those of other panels behind it.
  const seed = useCallback((board) => {
    if (version.current !== undefined && version.current !== board.version) return;
    version.current = board.version;
    const first = samples.current[0]?.atMs ?? Number.POSITIVE_INFINITY;
    samples.current = [...board.history.filter((sample) => sample.atMs < first), ...samples.current];
    setLive((before) => ({ ...before, samples: samples.current }));
  }, []);
  return [live, seed];
}

/** The plan and the panels: asked again after each time the server was away, the panels alone when they are others. */
function useStack(connection, seed, panelsVersion) {
  const [stack, setStack] = useState({ plan: undefined, board: noPanels });
  const { version } = stack.board;
  const isAway = connection === "lost";
  // Where there is no answer, the rest of the page says so.
  const take = (answers) =>
    answers.then(
      (parts) => {
        setStack((before) => ({ ...before, ...parts, missing: undefined }));
        seed(parts.board);
      },
      ({ status, message }) => status === 404 && setStack((before) => ({ ...before, missing: message })),
    );
  useEffect(() => {
    if (!isAway) take(Promise.all([ask("plan"), ask("panels")]).then(([plan, board]) => ({ plan, board })));
  }, [isAway]);
  useEffect(() => {
    if (version === undefined || panelsVersion === undefined || version === panelsVersion) return;
    take(ask("panels").then((board) => ({ board })));
  }, [version, panelsVersion]);
  return stack;
}

const views = { explore: Explore, pipeline: Pipeline, backup: Backup, whereabouts: WhereaboutsView };
/** Rooms and objects are a stream's own. */
const viewsOfAll = { ...views, pipeline: StreamTable, backup: StreamTable };

const noPanels = { panels: [], ofProgram: [], kept: false, mayChange: false };

export function App() {
  const [state, go] = useAddress();
  const [live, seed] = useLive(state.refresh);
  const { plan, board, missing } = useStack(live.connection, seed, live.latest?.panelsVersion);
  useEffect(() => {
    document.title = plan ? `${nameOf(plan)} · ${state.view}` : "firehose-opensearch";
  }, [plan, state.view]);
  const shared = { state, go, live, plan, board, panels: board.panels };
  const View = (state.stream === allStreams ? viewsOfAll : views)[state.view];
  return html`
    <a class="skip" href="#main">Skip to the content</a>
    <${Header} ...${shared} />
    ${live.connection === "lost" && !missing && html`<${Disconnected} />`}
    <${Held} rooms=${live.latest?.status.rooms} atMs=${live.latest?.atMs} plan=${plan} />
    <${Failing} ...${shared} />
    <main id="main" tabindex="-1">${missing ? html`<${NoStream} message=${missing} />` : html`<${View} ...${shared} />`}</main>
  `;
}

/** The address of another run, or of a program that has changed. */
function NoStream({ message }) {
  return html`<section class="card empty" role="alert">
    <p>${message}</p>
    <p><a href="/">Show the first stream</a></p>
  </section>`;
}

function Disconnected() {
  return html`<div class="banner bad" role="alert">
    <strong>Disconnected.</strong> The server does not answer, and the numbers below stand still. Start it again
    with <code>${commands.start}</code>; this page then goes on by itself.
  </div>`;
}

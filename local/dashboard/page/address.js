/** What the page shows, as the address bar's query: a view can be shared, and Back works. */
import { readFilter, writeFilter } from "./filters.js";
import { bounds, presets } from "./time-range.js";

export const views = ["explore", "pipeline", "backup", "whereabouts"];
export const refreshes = ["live", "1s", "10s", "1m", "off"];

const first = {
  /** The first one. */
  stream: "",
  view: "explore",
  q: "",
  filters: [],
  columns: [],
  sort: "",
  /** `INDEX/ID` of one document that is shown alone. */
  doc: "",
  index: "",
  /** "auto" becomes the last hour, or all time where the last hour has nothing. */
  range: "auto",
  refresh: "live",
  prefix: "",
  key: "",
  /** Field that a chart shows. */
  chart: "",
  /** What the whereabouts are asked of. */
  what: "",
};

/** State of an address such as `?q=message:bye&range=1h&refresh=10s`; what is not understood is left out. */
export function readAddress(search) {
  const params = new URLSearchParams(search);
  const oneOf = (name, allowed) => (allowed.includes(params.get(name)) ? params.get(name) : first[name]);
  return {
    stream: params.get("stream") ?? "",
    view: oneOf("view", views),
    q: params.get("q") ?? "",
    filters: params.getAll("f").flatMap((text) => readFilter(text) ?? []),
    columns: [...new Set(params.getAll("col"))].filter((name) => name !== ""),
    sort: /.:(asc|desc)$/.test(params.get("sort") ?? "") ? params.get("sort") : "",
    doc: params.get("doc") ?? "",
    index: params.get("index") ?? "",
    range: readRange(params),
    refresh: oneOf("refresh", refreshes),
    prefix: params.get("prefix") ?? "",
    key: params.get("key") ?? "",
    chart: params.get("chart") ?? "",
    what: params.get("what") ?? "",
  };
}

/** The inverse of {@link readAddress}; values as at the first visit are left out. */
export function writeAddress(state) {
  const params = new URLSearchParams();
  for (const name of [
    "stream",
    "view",
    "q",
    "sort",
    "doc",
    "index",
    "refresh",
    "prefix",
    "key",
    "chart",
    "what",
  ]) {
    if (state[name] !== first[name]) params.set(name, state[name]);
  }
  for (const filter of state.filters) params.append("f", writeFilter(filter));
  for (const column of state.columns) params.append("col", column);
  if (typeof state.range === "object") {
    const { from, to, fromMs, toMs } = state.range;
    params.set("from", from ?? new Date(fromMs).toISOString());
    params.set("to", to ?? new Date(toMs).toISOString());
  } else if (state.range !== first.range) {
    params.set("range", state.range);
  }
  const text = params.toString();
  return text === "" ? "/" : `/?${text}`;
}

function readRange(params) {
  const [from, to] = [params.get("from") ?? "", params.get("to") ?? ""];
  const isFixed = [from, to].every((text) => /^\d{4}-\d\d-\d\dT.*Z$/.test(text));
  const { fromMs, toMs } = bounds({ from, to }, Date.now());
  // Crossed ends stay as they are typed, so that the page can say so.
  if (fromMs !== undefined && toMs !== undefined)
    return isFixed && fromMs < toMs ? { fromMs, toMs } : { from, to };
  const range = params.get("range");
  return range === "all" || presets.some(([name]) => name === range) ? range : first.range;
}

/** A link to the page of another stream, whose answers are others. */
export function linkToStream(state, stream, changes) {
  return { href: writeAddress({ ...state, index: "", doc: "", prefix: "", key: "", stream, ...changes }) };
}

/** Attributes of a link to this page with these changes: a plain click stays in the page, others open it elsewhere. */
export function linkTo(state, go, changes) {
  return {
    href: writeAddress({ ...state, ...changes }),
    onClick: (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(changes);
    },
  };
}

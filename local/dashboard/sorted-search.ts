/**
 * Matches in the order of a field. The index keeps them in the order of time alone, so the newest matches are read and
 * put in order here: as many as one answer may hold, and how many that were is said.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { ExactNumber, parseJson } from "../exact-json";
import type { Hit, HitPage, Page, Patience, Searcher, SearchRequest } from "../rooms";
import { valuesAt } from "./document-values";
import { maxWindow } from "./params";

export interface Sort {
  /** Dotted name. */
  readonly field: string;
  readonly order: "asc" | "desc";
}

export interface SortedPage extends HitPage {
  /** The newest matches that were put in order. */
  readonly sortedAmong: number;
}

/** Documents that are read before others have their turn. */
const atOnce = 500;

/** Orders numbers before texts; documents without the field come last in either order, then the newer one first. */
export async function sortedSearch(
  searcher: Searcher,
  request: SearchRequest & Page,
  { field, order }: Sort,
  patience: Patience,
): Promise<SortedPage> {
  const { from = 0, size = 10 } = request;
  const all = await searcher.search({ ...request, from: 0, size: maxWindow }, patience);
  const path = field.split(".");
  const keyed: { hit: Hit; place: number; key: Key | undefined }[] = [];
  for (const [place, hit] of all.hits.entries()) {
    // The pipeline shares this thread: reading thousands of documents must not hold it.
    if (place % atOnce === atOnce - 1) await nextTurn();
    keyed.push({ hit, place, key: keyOf(hit, path) });
  }
  const sign = order === "asc" ? 1 : -1;
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined)
      return Number(a.key === undefined) - Number(b.key === undefined) || a.place - b.place;
    return sign * compare(a.key, b.key) || a.place - b.place;
  });
  const hits = keyed.slice(from, from + size).map(({ hit }) => hit);
  return { ...all, hits, sortedAmong: all.hits.length };
}

type Key = number | string;

/** Of several values the first; a number in a text is a number, as the index reads it too. */
function keyOf(hit: Hit, path: readonly string[]): Key | undefined {
  if (path.length === 1 && path[0] === "@timestamp") return hit.timestampMs;
  const [value] = valuesAt(parseJson(hit.source), path);
  if (value === undefined) return undefined;
  const text = value instanceof ExactNumber ? value.text : String(value);
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

const collator = new Intl.Collator("en");

function compare(a: Key, b: Key): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return collator.compare(a as string, b as string);
}

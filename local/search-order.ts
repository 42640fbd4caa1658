/** The order of hits that a body asks for: one comparison for a thread of the index, and for several streams. */
import type { FoundHit, SortKey, SortValue } from "./search-body";

/** The time of a document, or its arrival where it has none: the order where none is asked for. No field is named so. */
export const timeKey = "\u0000time";

/** What stands in a sort value for a document without one; numbers have a greatest and a least. */
export function missingValue(type: string | undefined, { order, missing = "_last" }: SortKey): SortValue {
  const isGreatest = (order === "asc") === (missing === "_last");
  switch (type) {
    case "long":
    case "date":
      return isGreatest ? 2n ** 63n - 1n : -(2n ** 63n);
    case "double":
    case "float":
      return isGreatest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    case "boolean":
      return isGreatest ? 2 ** 31 - 1 : -(2 ** 31);
    default:
      return null;
  }
}

export type CompareValues = (a: SortValue, b: SortValue) => number;

/** Of one key. A text that is missing stands where the key says, whatever the order. */
function compareBy({ order, missing = "_last" }: SortKey): CompareValues {
  const direction = order === "asc" ? 1 : -1;
  const ofNull = missing === "_first" ? -1 : 1;
  return (a, b) => {
    if (a === null || b === null) return a === b ? 0 : a === null ? ofNull : -ofNull;
    if (typeof a === "string" && typeof b === "string") return direction * compareTexts(a, b);
    return a < b ? -direction : a > b ? direction : 0;
  };
}

/** Of all keys, the first one first. */
export function compareSorts(
  sort: readonly SortKey[],
): (a: readonly SortValue[], b: readonly SortValue[]) => number {
  const compare = sort.map(compareBy);
  return (a, b) => {
    for (const [at, one] of compare.entries()) {
      const order = one(a[at] as SortValue, b[at] as SortValue);
      if (order !== 0) return order;
    }
    return 0;
  };
}

/** Merges the hits of several searches, each in this order already. */
export function mergeHits(
  sort: readonly SortKey[],
  lists: readonly (readonly FoundHit[])[],
  most: number,
): FoundHit[] {
  const compare = compareSorts(sort);
  // Array.sort is stable: equal ones stay in the order of the lists.
  return lists
    .flat()
    .sort((a, b) => compare(a.sort, b.sort))
    .slice(0, most);
}

/** In the order of their bytes in UTF-8: what lies beyond 16 bits comes last. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const one = a.charCodeAt(at);
    const other = b.charCodeAt(at);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

const surrogates = 0xd800;
const behindSurrogates = 0xe000;

const rank = (unit: number): number =>
  unit >= surrogates && unit < behindSurrogates ? unit + 0x10000 : unit;

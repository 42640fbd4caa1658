/** Which indices an address names: names, patterns, and some taken away again. */
import { patternMatcher } from "../name-pattern";
import type { MappedIndex } from "../search-body";
import { RestError } from "./errors";

export interface IndexOptions {
  /** Whether a name that no index has is left out, instead of being an error. */
  readonly ignoreUnavailable: boolean;
  /** Whether a pattern may stand for no index at all. */
  readonly allowNoIndices: boolean;
}

export function indexOptions(address: URLSearchParams): IndexOptions {
  return {
    ignoreUnavailable: address.get("ignore_unavailable") === "true",
    allowNoIndices: address.get("allow_no_indices") !== "false",
  };
}

/** @param expression such as `a,b-*,-b-2026*`; undefined, `_all` and `*` are all */
export function namedIndices(
  all: readonly MappedIndex[],
  expression: string | undefined,
  { ignoreUnavailable, allowNoIndices }: IndexOptions,
): MappedIndex[] {
  const parts = expression === undefined || expression === "_all" ? ["*"] : expression.split(",");
  let found = new Set<MappedIndex>();
  for (const [at, part] of parts.entries()) {
    if (part.startsWith("-") && at > 0) {
      const leaves = patternMatcher(part.slice(1));
      found = new Set([...found].filter(({ index }) => !leaves(index)));
      continue;
    }
    const matches = patternMatcher(part);
    const named = all.filter(({ index }) => matches(index));
    const mayBeNone = part.includes("*") ? allowNoIndices : ignoreUnavailable;
    if (named.length === 0 && !mayBeNone) throw noSuchIndex(part);
    for (const one of named) found.add(one);
  }
  return all.filter((one) => found.has(one));
}

export function noSuchIndex(index: string): RestError {
  return new RestError(404, "index_not_found_exception", `no such index [${index}]`, {
    index,
    "resource.id": index,
    "resource.type": "index_or_alias",
    index_uuid: "_na_",
  });
}

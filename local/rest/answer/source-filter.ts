/** The part of a document that `_source` asks for, its numbers with their digits. */
import { parseJson } from "../../exact-json";
import { patternMatcher } from "../../name-pattern";
import { isObject, type Json } from "../body/reading";
import type { SourceParts, WantedSource } from "../body/source";
import { toJson } from "./values";

/** JSON text; undefined: none of it is wanted. */
export function sourceText(source: string, wanted: WantedSource): string | undefined {
  if (wanted === true) return source;
  return wanted === false ? undefined : toJson(filtered(parseJson(source) as Json, wanted));
}

function filtered(document: Json, { includes, excludes }: SourceParts): Json {
  const isIncluded = anyOf(includes);
  const isExcluded = anyOf(excludes);
  const part = (value: unknown, path: string, accepted: boolean): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((one) => part(one, path, accepted)).filter((one) => one !== undefined);
      return accepted || items.length > 0 ? items : undefined;
    }
    if (!isObject(value)) return accepted ? value : undefined;
    const members = membersOf(value, path === "" ? "" : `${path}.`, accepted);
    return accepted || Object.keys(members).length > 0 ? members : undefined;
  };
  const membersOf = (object: Json, above: string, accepted: boolean): Json => {
    const members: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      const path = above + key;
      if (isExcluded(path)) continue;
      const found = part(value, path, accepted || isIncluded(path));
      if (found !== undefined) members.push([key, found]);
    }
    return Object.fromEntries(members);
  };
  return membersOf(document, "", includes.length === 0);
}

function anyOf(patterns: readonly string[]): (path: string) => boolean {
  const matchers = patterns.map(patternMatcher);
  return (path) => matchers.some((matches) => matches(path));
}

/** What the pairs of frequent words say about a phrase, in values that are not listed. */
import type { Field } from "../documents/fields";
import { pairToken, repeatedToken } from "../documents/frequent-words";
import { both, emptySet, other, type TokenSet, withAll, withAny } from "./token-expressions";

export interface PairSets {
  /** All matches from record `since` on. */
  readonly narrowed: TokenSet;
  /** Only matches, whatever their number. */
  readonly certain: TokenSet;
  readonly since: number;
}

/** Undefined where no two words of the phrase that follow each other are both frequent. */
export function pairsOf(field: Field, tokens: readonly string[]): PairSets | undefined {
  const words = tokens.map((token) => field.frequent.of(token));
  const pairs = words.slice(1).flatMap((second, at) => {
    const first = words[at];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
  if (pairs.length === 0) return undefined;
  const since = Math.max(...pairs.flatMap(({ first, second }) => [first.since, second.since]));
  const needed = pairs.map(({ first, second }) => pairToken(field.number, first, second));
  if (pairs.length < words.length - 1) {
    const all = tokens.map((token) => field.tokenPrefix + token);
    return { narrowed: withAll([...all, ...needed]), certain: emptySet, since };
  }
  const narrowed = withAll(needed);
  // Of an inner word that comes again, the pair before it and the one behind it may be in two places.
  const inner = pairs.slice(1).map(({ first }) => repeatedToken(field.number, first));
  const certain = inner.length === 0 ? narrowed : both(narrowed, other(withAny(inner)));
  return { narrowed, certain, since };
}

/** What the pairs of frequent words say about a phrase, in values that are not listed. */
import type { Field } from "../documents/fields";
import { pairToken, repeatedToken } from "../documents/frequent-words";
import { both, emptySet, other, type TokenSet, withAll, withAny } from "./token-expressions";

export interface PhrasePairs {
  /** Each match from record `since` on has all of them, whatever has them came when they were written. */
  readonly tokens: readonly string[];
  readonly since: number;
  /** Whether they are all pairs of the phrase. */
  readonly isWhole: boolean;
  /** Of inner words: where one comes again, the pair before it and the one behind it may be in two places. */
  readonly repeated: readonly string[];
}

/** Undefined where no two words of the phrase that follow each other are both frequent. */
export function pairsOf(field: Field, tokens: readonly string[]): PhrasePairs | undefined {
  const words = tokens.map((token) => field.frequent.of(token));
  const pairs = words.slice(1).flatMap((second, at) => {
    const first = words[at];
    return first === undefined || second === undefined ? [] : [{ first, second }];
  });
  if (pairs.length === 0) return undefined;
  return {
    tokens: pairs.map(({ first, second }) => pairToken(field.number, first, second)),
    since: Math.max(...pairs.flatMap(({ first, second }) => [first.since, second.since])),
    isWhole: pairs.length === words.length - 1,
    repeated: pairs.slice(1).map(({ first }) => repeatedToken(field.number, first)),
  };
}

/** Documents that have the phrase for certain. */
export function withPhrase({ tokens, isWhole, repeated }: PhrasePairs): TokenSet {
  if (!isWhole) return emptySet;
  return repeated.length === 0 ? withAll(tokens) : both(withAll(tokens), other(withAny(repeated)));
}

/**
 * What the token index can say about a condition: a set that holds every match (`upper`) and one that holds only
 * matches (`lower`). Where both are the same the index answers alone; else the documents of `upper` are looked at.
 */
import type { AddressRange } from "../documents/addresses";
import type { Field, FieldMap } from "../documents/fields";
import { tokenize } from "../documents/tokens";
import { beginningBytes, beginningToken, longUnits, type ValueList } from "../documents/value-list";
import { numberText } from "../documents/values";
import type { IndexRow } from "../file/tables";
import type { TokenTest } from "../file/token-segments";
import type { Condition, TextHints } from "../query/condition";
import { hasPhrase } from "../query/match";
import type { Bounds } from "../query/string-range";
import type { TextMachine } from "../query/text-machine";
import { beginningTests } from "./beginning-tests";
import { pairsOf, withPhrase } from "./pair-sets";
import {
  allOf,
  anyOf,
  both,
  type Expression,
  either,
  emptySet,
  fullSet,
  other,
  type TokenSet,
  type TokensLeaf,
  withAll,
  withAny,
  withLeaf,
  withToken,
} from "./token-expressions";
import { numberWithin, tokensOfWords } from "./token-tests";

export interface TokenSets {
  readonly upper: TokenSet;
  readonly lower: TokenSet;
  readonly exact: boolean;
}

function exactly(set: TokenSet): TokenSets {
  return { upper: set, lower: set, exact: true };
}

function atMost(set: TokenSet): TokenSets {
  return { upper: set, lower: emptySet, exact: false };
}

const fewShapes = 4;
/** Of a phrase, by FTS5: more leave hardly fewer documents. */
const wordsLookedFor = 8;

type TokensTold = "test" | "machine" | "passingBytes" | "narrows";

export class TokenSetBuilder {
  private readonly exactParts = new Set<Condition>();

  constructor(
    private readonly fields: FieldMap,
    private readonly row: Pick<IndexRow, "minMs" | "maxMs" | "oddTimes" | "firstSeq">,
  ) {}

  /** Whether tokens tell everything about a part of what was built. */
  isExact(part: Condition): boolean {
    return this.exactParts.has(part);
  }

  build(condition: Condition): TokenSets {
    const sets = this.setsOf(condition);
    if (sets.exact) this.exactParts.add(condition);
    return sets;
  }

  private setsOf(condition: Condition): TokenSets {
    switch (condition.kind) {
      case "all":
        return exactly(fullSet);
      case "none":
        return exactly(emptySet);
      case "any":
        return this.join(condition.of, anyOf);
      case "atLeast":
        return atMost(this.join(condition.of, anyOf).upper);
      case "bool":
        return this.bool(condition);
      case "token":
        return exactly(withToken(condition.field.tokenPrefix + condition.token));
      case "prefix":
        return exactly(this.tokens(condition.field.tokenPrefix + condition.prefix, undefined));
      case "tokens": {
        const { field, machine, begins = "" } = condition;
        return exactly(this.passing(field, { machine, begins }));
      }
      case "tokenRange":
        return exactly(this.tokenRange(condition.field, condition.bounds));
      case "phrase":
        return this.phrase(condition);
      case "exact":
        return this.exact(condition.field, condition.value);
      case "exactTest":
        return this.exactTest(condition.field, condition.test, condition.hints);
      case "number":
        return exactly(this.number(condition.field, condition.low, condition.high));
      case "address":
        return exactly(this.address(condition.field, condition.range));
      case "id":
        return exactly(withLeaf({ kind: "id", id: condition.id }));
      case "flag":
        return exactly(withAny([`${condition.field.tokenPrefix}${condition.value}`]));
      case "time":
        return this.time(condition.lowMs, condition.highMs);
      case "exists":
        return exactly(this.exists(condition.field, condition.keyword));
    }
  }

  private join(parts: readonly Condition[], by: (sets: readonly TokenSet[]) => TokenSet): TokenSets {
    const sets = parts.map((part) => this.build(part));
    const exact = sets.every((one) => one.exact);
    const upper = by(sets.map((one) => one.upper));
    return { upper, lower: exact ? upper : by(sets.map((one) => one.lower)), exact };
  }

  private bool(condition: Condition & { kind: "bool" }): TokenSets {
    const must =
      condition.must.length > 0 ? this.join(condition.must, allOf) : this.join(condition.should, anyOf);
    const not = this.join(condition.not, anyOf);
    const exact = must.exact && not.exact;
    const upper = both(must.upper, other(not.lower));
    return { upper, lower: exact ? upper : both(must.lower, other(not.upper)), exact };
  }

  private allTokens(field: Field, tokens: readonly string[]): TokenSet {
    return withAll(tokens.map((token) => field.tokenPrefix + token));
  }

  /** Whoever has a listed value with the phrase in it need not be read. */
  private phrase({ field, tokens, slop }: Condition & { kind: "phrase" }): TokenSets {
    const values = [...(field.values?.numbers ?? [])];
    const passing = values.filter(([value]) => hasPhrase([tokenize(value)], tokens, slop));
    const listed = this.listed(
      field,
      passing.map(([, number]) => number),
    );
    const pairs = slop === 0 ? pairsOf(field, tokens) : undefined;
    if (pairs === undefined) return { upper: this.allTokens(field, tokens), lower: listed, exact: false };
    const words = this.allTokens(field, tokens);
    const lower = either(listed, withPhrase(pairs));
    const upper = [lower, pairs.isWhole ? withAll(pairs.tokens) : both(words, withAll(pairs.tokens))];
    if (pairs.since > this.row.firstSeq) upper.push(this.before(pairs.since, field, tokens));
    const exact = pairs.isWhole && pairs.repeated.length === 0 && upper.length === 2;
    return { upper: anyOf(upper), lower, exact };
  }

  /** Of those before a record all that have the words. */
  private before(seq: number, field: Field, tokens: readonly string[]): TokenSet {
    const { expression } = this.allTokens(field, tokens.slice(0, wordsLookedFor));
    return withLeaf({ kind: "before", seq, words: expression as Expression });
  }

  private tokens(
    first: string,
    end: string | undefined,
    which: Omit<TokensLeaf, "first" | "end"> = {},
  ): TokenSet {
    return withLeaf({ kind: "tokens", first, end, ...which });
  }

  /** All of a field's tokens that pass. */
  private passing(
    { tokenPrefix }: Field,
    { begins = "", ...which }: Pick<TokensLeaf, TokensTold> & { readonly begins?: string },
  ): TokenSet {
    const end = begins === "" ? `${tokenPrefix.slice(0, -1)};` : undefined;
    return this.tokens(tokenPrefix + begins, end, { ...which, skipped: tokenPrefix.length });
  }

  /** The order of the tokens is that of the addresses. */
  private address({ tokenPrefix }: Field, { low, high }: AddressRange): TokenSet {
    if (low === high) return withToken(tokenPrefix + low);
    return this.tokens(tokenPrefix + low, `${tokenPrefix}${high}!`);
  }

  /** As the rows have it, unless a document has several times. */
  private time(lowMs: number, highMs: number): TokenSets {
    const { minMs, maxMs, oddTimes } = this.row;
    if (oddTimes) return atMost(fullSet);
    if (lowMs > maxMs || highMs < minMs) return exactly(emptySet);
    return exactly(lowMs <= minMs && highMs >= maxMs ? fullSet : withLeaf({ kind: "time", lowMs, highMs }));
  }

  private listed(field: Field, numbers: readonly number[]): TokenSet {
    return withAny(numbers.map((number) => field.valuePrefix + number));
  }

  private exact(field: Field, value: string): TokenSets {
    const { numbers, hasOthers, hasUnknown } = field.values as ValueList;
    const number = numbers.get(value);
    if (number !== undefined && !hasUnknown) return exactly(this.listed(field, [number]));
    if (!hasOthers && !hasUnknown) return exactly(emptySet);
    const words = tokenize(value);
    const withWords = words.length === 0 ? this.exists(field, true) : this.allTokens(field, words);
    if (hasUnknown) return atMost(withWords);
    const begun = withToken(beginningToken(field.beginningPrefix, value));
    return Buffer.byteLength(value) < beginningBytes ? exactly(begun) : atMost(both(begun, withWords));
  }

  private exactTest(field: Field, test: (value: string) => boolean, hints: TextHints = {}): TokenSets {
    const { numbers, hasOthers, hasUnknown, isInSmallLetters } = field.values as ValueList;
    const { words = [], word, begins = "", mostUnits = Number.POSITIVE_INFINITY } = hints;
    const withWords = words.map((machine, at) =>
      this.passing(field, { ...tokensOfWords(machine), narrows: at > 0 || begins !== "" }),
    );
    if (hasUnknown) return atMost(allOf([this.exists(field, true), ...withWords]));
    const passing = [...numbers].filter(([value]) => test(value)).map(([, number]) => number);
    const listed = this.listed(field, passing);
    if (!hasOthers) return exactly(listed);
    const { allPass, somePass } = beginningTests(test, hints);
    const withWord =
      isInSmallLetters && word !== undefined ? this.passing(field, { machine: word }) : emptySet;
    const lower = anyOf([listed, this.begun(field, allPass), withWord]);
    // What leaves the fewest comes first; the others only narrow it.
    const [first, ...others] = withWords;
    const withBegin = (narrows: boolean) => this.begun(field, somePass, narrows);
    if (first === undefined || begins !== "")
      return { upper: either(lower, allOf([withBegin(false), ...withWords])), lower, exact: false };
    // Beginnings leave out what is too long, and documents whose only value with the words is listed.
    const leavesOut = mostUnits < longUnits || hasWordsInVain(numbers.keys(), test, words);
    const more = allOf([first, ...(leavesOut ? [withBegin(true)] : []), ...others]);
    return { upper: either(lower, more), lower, exact: false };
  }

  /** All whose value's beginning passes. */
  private begun({ beginningPrefix }: Field, test: TokenTest, narrows = false): TokenSet {
    return this.tokens(beginningPrefix, undefined, { test, skipped: beginningPrefix.length, narrows });
  }

  private tokenRange({ tokenPrefix }: Field, { low = "", high, includeLow, includeHigh }: Bounds): TokenSet {
    const first = tokenPrefix + (includeLow ? low : `${low}\0`);
    const end =
      high === undefined ? `${tokenPrefix.slice(0, -1)};` : tokenPrefix + high + (includeHigh ? "\0" : "");
    return this.tokens(first, end);
  }

  private number(field: Field, low: bigint | number, high: bigint | number): TokenSet {
    if (Object.is(low, high)) return withToken(field.tokenPrefix + numberText(low));
    return this.passing(field, { test: numberWithin(field, low, high) });
  }

  /** By the shapes of documents: the first shape has no token, see {@link FieldMap.shape}. */
  private exists(field: Field, keyword: boolean): TokenSet {
    const { shapes } = this.fields;
    const inside = this.fields.shapesWith(String(field.id));
    const without = keyword ? this.fields.shapesWith(`-${field.id}`) : undefined;
    const isInside = (number: number) => inside.has(number) && without?.has(number) !== true;
    const first = isInside(0);
    const numbers = [...shapes.values()].filter((number) => number !== 0 && isInside(number) !== first);
    const single = withToken(`${field.id.toString(36)}!${keyword ? "!" : ""}`);
    if (!first) return either(this.shaped(numbers), single);
    return either(other(either(this.shaped(numbers), withToken("!x"))), single);
  }

  /** A few by their tokens, many in one look at the tokens of all. */
  private shaped(numbers: readonly number[]): TokenSet {
    if (numbers.length <= fewShapes) return withAny(numbers.map((number) => `!${number}`));
    const wanted = new Set(numbers);
    const test: TokenTest = (bytes, begin, end) => wanted.has(Number(bytes.toString("latin1", begin, end)));
    return this.tokens("!", '"', { test, skipped: 1 });
  }
}

/** Whether one of the values has all the words of those that pass and is none of them. */
function hasWordsInVain(
  values: Iterable<string>,
  test: (value: string) => boolean,
  words: readonly TextMachine[],
): boolean {
  for (const value of values) {
    if (test(value)) continue;
    const tokens = tokenize(value);
    if (words.every((machine) => tokens.some((token) => machine.fits(token)))) return true;
  }
  return false;
}

/**
 * What the token index can say about a condition: a set that holds every match (`upper`) and one that holds only
 * matches (`lower`). Where both are the same the index answers alone; else the documents of `upper` are looked at.
 */
import type { AddressRange } from "../documents/addresses";
import type { Field, FieldMap } from "../documents/fields";
import { tokenize } from "../documents/tokens";
import { numberText } from "../documents/values";
import type { Condition } from "../query/condition";
import { isInRange } from "../query/match";
import {
  both,
  either,
  emptySet,
  fullSet,
  maxHeight,
  other,
  type TokenSet,
  withAll,
  withAny,
  withPrefix,
  withToken,
} from "./token-expressions";

export interface TokenSets {
  readonly upper: TokenSet;
  readonly lower: TokenSet;
  readonly exact: boolean;
}

/** The tokens that the index holds from `first` up to `end`, without repeats; undefined when there are more than `limit`. */
export type Vocabulary = (
  first: string,
  end: string,
  glob: string | undefined,
  limit: number,
) => string[] | undefined;

/** More alternatives than this make an expression slower than a look at the documents. */
const maxAlternatives = 3000;
/** Tokens of one field that are looked through for a test that SQL cannot do. */
const maxTokensRead = 50_000;

function exactly(set: TokenSet): TokenSets {
  return { upper: set, lower: set, exact: true };
}

function atMost(set: TokenSet): TokenSets {
  return { upper: set, lower: emptySet, exact: false };
}

/** Deeply nested sets are looked at document by document. */
function limited(sets: TokenSets): TokenSets {
  const height = Math.max(sets.upper.expression?.height ?? 0, sets.lower.expression?.height ?? 0);
  return height > maxHeight ? atMost(fullSet) : sets;
}

export class TokenSetBuilder {
  constructor(
    private readonly fields: FieldMap,
    private readonly vocabulary: Vocabulary,
  ) {}

  build(condition: Condition): TokenSets {
    switch (condition.kind) {
      case "all":
        return exactly(fullSet);
      case "none":
        return exactly(emptySet);
      case "any":
        return this.join(condition.of, either, emptySet);
      case "bool":
        return this.bool(condition);
      case "token":
        return exactly(withToken(condition.field.tokenPrefix + condition.token));
      case "prefix":
        return exactly(withPrefix(condition.field.tokenPrefix + condition.prefix));
      case "tokens":
        return this.tokens(condition.field, condition.test, condition.glob);
      case "phrase":
        return atMost(this.allTokens(condition.field, condition.tokens));
      case "exact":
        return this.exact(condition.field, condition.value);
      case "exactTest":
        return this.exactTest(condition.field, condition.test);
      case "number":
        return this.number(condition.field, condition.low, condition.high);
      case "address":
        return this.address(condition.field, condition.range);
      case "id":
        return atMost(fullSet);
      case "flag":
        return exactly(withAny([`${condition.field.tokenPrefix}${condition.value}`]));
      case "time":
        return atMost(fullSet);
      case "exists":
        return exactly(this.exists(condition.field, condition.keyword));
    }
  }

  private join(
    parts: readonly Condition[],
    by: (a: TokenSet, b: TokenSet) => TokenSet,
    start: TokenSet,
  ): TokenSets {
    let upper = start;
    let lower = start;
    let exact = true;
    for (const part of parts) {
      const sets = this.build(part);
      upper = by(upper, sets.upper);
      lower = by(lower, sets.lower);
      exact &&= sets.exact;
    }
    return limited({ upper, lower, exact });
  }

  private bool(condition: Condition & { kind: "bool" }): TokenSets {
    const must =
      condition.must.length > 0
        ? this.join(condition.must, both, fullSet)
        : this.join(condition.should, either, emptySet);
    const not = this.join(condition.not, either, emptySet);
    return limited({
      upper: both(must.upper, other(not.lower)),
      lower: both(must.lower, other(not.upper)),
      exact: must.exact && not.exact,
    });
  }

  private allTokens(field: Field, tokens: readonly string[]): TokenSet {
    return withAll(tokens.map((token) => field.tokenPrefix + token));
  }

  private tokens(field: Field, test: (token: string) => boolean, glob: string | undefined): TokenSets {
    const { tokenPrefix } = field;
    const limit = glob === undefined ? maxTokensRead : maxAlternatives;
    const end = `${tokenPrefix.slice(0, -1)};`;
    const read = this.vocabulary(
      tokenPrefix,
      end,
      glob === undefined ? undefined : tokenPrefix + glob,
      limit,
    );
    const found = glob === undefined ? read?.filter((token) => test(token.slice(tokenPrefix.length))) : read;
    if (found === undefined || found.length > maxAlternatives) return atMost(this.exists(field, false));
    return exactly(withAny(found));
  }

  /** The order of the tokens is that of the addresses. */
  private address(field: Field, { low, high }: AddressRange): TokenSets {
    const { tokenPrefix } = field;
    if (low === high) return exactly(withAny([tokenPrefix + low]));
    const found = this.vocabulary(tokenPrefix + low, `${tokenPrefix}${high}!`, undefined, maxAlternatives);
    return found === undefined ? atMost(this.exists(field, false)) : exactly(withAny(found));
  }

  private listed(field: Field, numbers: readonly number[]): TokenSet {
    return withAny(numbers.map((number) => `${field.id.toString(36)}=${number}`));
  }

  private exact(field: Field, value: string): TokenSets {
    if (field.values !== undefined) {
      const number = field.values.get(value);
      return exactly(number === undefined ? emptySet : this.listed(field, [number]));
    }
    const tokens = tokenize(value);
    return atMost(tokens.length === 0 ? this.exists(field, true) : this.allTokens(field, tokens));
  }

  private exactTest(field: Field, test: (value: string) => boolean): TokenSets {
    if (field.values === undefined) return atMost(this.exists(field, true));
    const numbers = [...field.values].filter(([value]) => test(value)).map(([, number]) => number);
    return exactly(this.listed(field, numbers));
  }

  private number(field: Field, low: bigint | number, high: bigint | number): TokenSets {
    if (Object.is(low, high)) return exactly(withAny([field.tokenPrefix + numberText(low)]));
    const read = field.type === "long" ? BigInt : Number;
    return this.tokens(
      field,
      (token) => {
        return isInRange(read(token), low, high);
      },
      undefined,
    );
  }

  /** By the shapes of documents: the first shape has no token, see {@link FieldMap.shape}. */
  private exists(field: Field, keyword: boolean): TokenSet {
    const has: string[] = [];
    const lacks: string[] = ["!x"];
    let first = false;
    for (const [key, number] of this.fields.shapes) {
      const ids = key.split(",");
      const inside = ids.includes(String(field.id)) && !(keyword && ids.includes(`-${field.id}`));
      if (number === 0) first = inside;
      else (inside ? has : lacks).push(`!${number}`);
    }
    const single = `${field.id.toString(36)}!${keyword ? "!" : ""}`;
    if (!first) return withAny([...has, single]);
    return either(other(withAny(lacks)), withAny([single]));
  }
}

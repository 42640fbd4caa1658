/** The values of a field as its tokens tell them: where they tell all, no document need be read for an aggregation. */
import { type DocValue, plainNumber } from "../../documents/doc-values";
import type { Field } from "../../documents/fields";
import type { ValueList } from "../../documents/value-list";
import { malformed } from "../../file/page-numbers";
import type { TokenRange } from "../../file/token-segments";
import { wholeNumber } from "../token-tests";

export interface TokenValues {
  readonly range: TokenRange;
  /** The value that a token stands for, told where it lies in memory, without what is before it. */
  readonly valueOf: (bytes: Buffer, begin: number, end: number) => DocValue;
  /** Whether there is a token for each value of a document, and not one for several that are equal. */
  readonly isOneEach: boolean;
}

const typed = new Set<string>(["long", "double", "float", "date", "boolean", "ip"]);

/** Undefined where the documents have to be asked. */
export function tokenValues(field: Field, keyword: boolean): TokenValues | undefined {
  if (keyword) return listedValues(field);
  // The time is no token.
  if (field.isTime || !typed.has(field.type)) return undefined;
  const { tokenPrefix, type } = field;
  return {
    range: { first: tokenPrefix, end: `${tokenPrefix.slice(0, -1)};`, skipped: tokenPrefix.length },
    valueOf: type === "ip" ? textOf : type === "boolean" ? flagOf : numberOf,
    // Equal addresses of one document are one value.
    isOneEach: type === "ip" || !field.maybeSeveral,
  };
}

const textOf = (bytes: Buffer, begin: number, end: number): string => bytes.toString("latin1", begin, end);
const flagOf = (bytes: Buffer, begin: number, end: number): number =>
  Number(textOf(bytes, begin, end) === "true");

/** As it stands in the index, see `numberText`. */
function numberOf(bytes: Buffer, begin: number, end: number): DocValue {
  const whole = wholeNumber(bytes, begin, end);
  if (!Number.isNaN(whole)) return plainNumber(whole);
  const text = textOf(bytes, begin, end);
  return plainNumber(/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
}

/** Of a value that is not listed a token says only how it begins. */
function listedValues({ values, valuePrefix }: Field): TokenValues | undefined {
  const { numbers, hasOthers, hasUnknown } = values as ValueList;
  if (hasOthers || hasUnknown) return undefined;
  const list = [...numbers.keys()];
  return {
    range: { first: valuePrefix, end: undefined, skipped: valuePrefix.length },
    valueOf: (...token) => list[wholeNumber(...token)] ?? malformed("a value that is not listed"),
    isOneEach: true,
  };
}

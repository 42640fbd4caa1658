/** Tests of tokens where they lie in memory. */
import type { Field } from "../documents/fields";
import type { TokenTest } from "../file/token-segments";
import { isInRange } from "../query/match";
import type { TextMachine } from "../query/text-machine";

type Bound = bigint | number;

const zero = 48;
const nine = 57;
const minus = 45;
/** A whole number of no more digits is itself in JavaScript's own. */
const safeDigits = 15;

/** Tokens are cut into pieces of 255 units: what stands across a cut is in none of them. */
const cutBytes = 254;

/** Tokens of which a whole value has at least one that has a word which passes. */
export const tokensOfWords = (machine: TextMachine) => ({ machine, passingBytes: cutBytes });

/** A short whole number; NaN: anything else. */
export function wholeNumber(bytes: Buffer, begin: number, end: number): number {
  const isNegative = bytes[begin] === minus;
  let at = isNegative ? begin + 1 : begin;
  if (end - at > safeDigits || at === end) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at] as number;
    if (digit < zero || digit > nine) return Number.NaN;
    value = value * 10 + digit - zero;
  }
  return isNegative ? -value : value;
}

/** Tokens of a field's numbers between two, both included. */
export const numberWithin = ({ type }: Field, low: Bound, high: Bound): TokenTest =>
  type === "long" ? longWithin(low, high) : doubleWithin(low, high);

/** Numbers of 64 bits. Most are small enough to be compared as any other, whatever they are compared with. */
export function longWithin(low: Bound, high: Bound): TokenTest {
  const [lowest, highest] = [Number(low), Number(high)];
  return (bytes, begin, end) => {
    const value = wholeNumber(bytes, begin, end);
    if (!Number.isNaN(value)) return value >= lowest && value <= highest;
    return isInRange(BigInt(bytes.toString("latin1", begin, end)), low, high);
  };
}

export function doubleWithin(low: Bound, high: Bound): TokenTest {
  return (bytes, begin, end) => {
    const value = wholeNumber(bytes, begin, end);
    return isInRange(Number.isNaN(value) ? Number(bytes.toString("latin1", begin, end)) : value, low, high);
  };
}

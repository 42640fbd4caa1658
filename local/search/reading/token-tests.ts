/** Tests of tokens where they lie in memory. */
import type { TokenTest } from "../file/token-segments";
import type { TextHints } from "../query/condition";
import { isInRange } from "../query/match";
import { isPlain, nearTo } from "./near-tokens";

type Bound = bigint | number;

const zero = 48;
const nine = 57;
const minus = 45;
/** A whole number of no more digits is itself in JavaScript's own. */
const safeDigits = 15;

/** Tokens are cut into pieces of 255 units: what stands across a cut is in none of them. */
const cutBytes = 254;

/** As long as a token may be, in letters and digits of ASCII. */
const mostBytes = 255;

/**
 * Of a text in ASCII, and any token of so many bytes. Tokens come in their order, each with much of the one before: what the search for the text knows
 * behind each byte is kept, so that only what is new of a token is looked at.
 */
function containing(text: string, passingBytes = Number.POSITIVE_INFINITY): TokenTest {
  const wanted = Buffer.from(text);
  const { length } = wanted;
  if (length > mostBytes) return (_bytes, begin, end) => end - begin >= passingBytes;
  const steps = searchSteps(wanted);
  let known = new Uint8Array(1024);
  return (bytes, begin, end, same = 0) => {
    if (end > known.length) {
      const longer = new Uint8Array(2 * end);
      longer.set(known);
      known = longer;
    }
    let at = Math.min(Math.max(begin, same), end);
    let found = at === begin ? 0 : (known[at - 1] as number);
    for (; at < end; at++) {
      found = steps[(found << 8) | (bytes[at] as number)] as number;
      known[at] = found;
    }
    return found === length || end - begin >= passingBytes;
  };
}

/** Of so many bytes found and the next byte: how many are found then. Once all are, it stays at that. */
function searchSteps(wanted: Buffer): Uint8Array {
  const { length } = wanted;
  const steps = new Uint8Array((length + 1) << 8);
  let before = 0;
  for (let found = 0; found < length; found++) {
    const byte = wanted[found] as number;
    steps.copyWithin(found << 8, before << 8, (before + 1) << 8);
    if (found > 0) before = steps[(before << 8) | byte] as number;
    else steps.fill(0, 0, 256);
    steps[(found << 8) | byte] = found + 1;
  }
  return steps.fill(length, length << 8);
}

/** Tokens of which a whole value that contains the text has at least one: no word is cut between letters and digits. */
export const piecesWith = (text: string): TokenTest => containing(text, cutBytes);

/** FIRST what can be told of the bytes, THEN the test of the text that they are. */
export function testOf(test: (token: string) => boolean, hints: TextHints = {}): TokenTest {
  const { contains, isAll = false, near, leastCharacters = 0, mostUnits = Number.POSITIVE_INFINITY } = hints;
  if (near !== undefined && isPlain(near.term)) return nearTo(near.term, near.edits, test);
  const hasText = contains === undefined ? () => true : containing(contains);
  if (isAll) return hasText;
  return (bytes, begin, end, same) => {
    if (!hasText(bytes, begin, end, same)) return false;
    // A character has a byte at least, a unit three at most.
    const length = end - begin;
    if (length < leastCharacters || length > 3 * mostUnits) return false;
    return test(bytes.toString("utf8", begin, end));
  };
}

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

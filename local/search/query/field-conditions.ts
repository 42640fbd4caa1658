/** Terms, ranges and patterns on one field: what they mean for the field's type. */
import { allAddresses, neighbour, parseAddress, parseNetwork } from "../documents/addresses";
import { parseDateMath } from "../documents/dates";
import type { Field } from "../documents/fields";
import { lowerCase, tokenize } from "../documents/tokens";
import { integerPart, parseDouble, parseFloat32 } from "../documents/values";
import { allDocuments, allOf, anyOf, type Condition, noDocument, type TextHints } from "./condition";
import { beginOf, type Pattern, patternParts } from "./pattern-parts";
import { hintsOf, patternMachine, patternTest, startOfBeginning } from "./patterns";
import { type Bounds, rangeOfBeginning, stringRange } from "./string-range";
import type { TextMachine } from "./text-machine";

export type { Bounds };

/** A field that a query looks at: a text field as tokens or, with `keyword`, as whole values. */
export interface Target {
  readonly field: Field;
  readonly keyword: boolean;
}

/** What `now` is, and by which clock a date without a zone is read. */
export interface Clock {
  readonly nowMs: number;
  /** @default UTC */
  readonly timeZone?: string | undefined;
}

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;

/**
 * A term or, with a slop, a phrase. Undefined: a text without tokens, which asks nothing.
 * @param allTokens whether a text of several tokens asks for all of them, not for any
 */
export function termOn(
  target: Target,
  text: string,
  slop: number | undefined,
  clock: Clock,
  allTokens = false,
): Condition | undefined {
  const { field } = target;
  if (target.keyword) return { kind: "exact", field, value: text };
  if (field.type === "text") {
    const tokens = tokenize(text);
    if (tokens.length === 0) return undefined;
    if (tokens.length === 1 || slop === undefined) {
      const each = [...new Set(tokens)].map((token): Condition => ({ kind: "token", field, token }));
      return allTokens ? allOf(each) : anyOf(each);
    }
    return { kind: "phrase", field, tokens, slop };
  }
  if (field.type === "boolean")
    return text === "true" || text === "false" ? { kind: "flag", field, value: text === "true" } : noDocument;
  if (field.type === "long" && integerPart(text)?.fraction !== false) return noDocument;
  if (field.type === "object") return noDocument;
  if (field.type === "ip") {
    const range = parseNetwork(text);
    return range === undefined ? noDocument : { kind: "address", field, range };
  }
  return rangeOn(target, { low: text, high: text, includeLow: true, includeHigh: true }, clock);
}

export function rangeOn(target: Target, bounds: Bounds, clock: Clock): Condition {
  const { field } = target;
  if (target.keyword) {
    if (bounds.low === undefined && bounds.high === undefined) return existsOn(target);
    const ofBeginning = rangeOfBeginning(bounds);
    return { kind: "exactTest", field, test: stringRange(bounds), hints: { ofBeginning } };
  }
  if (field.type === "long") return longRange(field, bounds);
  if (field.type === "float" || field.type === "double") return floatRange(field, bounds);
  if (field.type === "date") return dateRange(field, bounds, clock);
  if (field.type === "ip") return addressRange(field, bounds);
  if (field.type === "text") {
    const low = bounds.low === undefined ? undefined : lowerCase(bounds.low);
    const high = bounds.high === undefined ? undefined : lowerCase(bounds.high);
    return tokenRange(field, { ...bounds, low, high });
  }
  return field.type === "boolean" ? booleanRange(field, bounds) : noDocument;
}

/** Of the tokens of a text, whose ends are taken as they are. */
export function tokenRange(field: Field, bounds: Bounds): Condition {
  return { kind: "tokenRange", field, bounds };
}

function longRange(field: Field, bounds: Bounds): Condition {
  let low = longMin;
  let high = longMax;
  if (bounds.low !== undefined) {
    const number = integerPart(bounds.low);
    if (number === undefined || number.whole < longMin || number.whole > longMax) return noDocument;
    low = number.whole;
    if (number.fraction ? !bounds.low.startsWith("-") : !bounds.includeLow) low += 1n;
  }
  if (bounds.high !== undefined) {
    const number = integerPart(bounds.high);
    if (number === undefined || number.whole < longMin || number.whole > longMax) return noDocument;
    high = number.whole;
    if (number.fraction ? bounds.high.startsWith("-") : !bounds.includeHigh) high -= 1n;
  }
  return low > high ? noDocument : { kind: "number", field, low, high };
}

/** The next floating point number above (1) or below (-1); -0 and 0 are two. */
function nextFloat(value: number, direction: 1 | -1, isDouble: boolean): number {
  if (value === 0) {
    const isNegative = Object.is(value, -0);
    if (isNegative === direction > 0) return isNegative ? 0 : -0;
    return direction * (isDouble ? 2 ** -1074 : 2 ** -149);
  }
  const step = value > 0 === direction > 0 ? 1 : -1;
  if (isDouble) {
    const bits = new BigInt64Array(new Float64Array([value]).buffer);
    bits[0] = (bits[0] as bigint) + BigInt(step);
    return new Float64Array(bits.buffer)[0] as number;
  }
  const bits = new Int32Array(new Float32Array([value]).buffer);
  bits[0] = (bits[0] as number) + step;
  return new Float32Array(bits.buffer)[0] as number;
}

function floatRange(field: Field, bounds: Bounds): Condition {
  const isDouble = field.type === "double";
  const parse = isDouble ? parseDouble : parseFloat32;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  if (bounds.low !== undefined) {
    const value = parse(bounds.low);
    if (typeof value === "string") return noDocument;
    low = bounds.includeLow ? value : nextFloat(value, 1, isDouble);
  }
  if (bounds.high !== undefined) {
    const value = parse(bounds.high);
    if (typeof value === "string") return noDocument;
    high = bounds.includeHigh ? value : nextFloat(value, -1, isDouble);
  }
  const isEmpty = low > high || (Object.is(low, 0) && Object.is(high, -0));
  return isEmpty ? noDocument : { kind: "number", field, low, high };
}

function addressRange(field: Field, bounds: Bounds): Condition {
  let low: string | undefined = allAddresses.low;
  let high: string | undefined = allAddresses.high;
  if (bounds.low !== undefined) {
    const address = parseAddress(bounds.low);
    low = address === undefined || bounds.includeLow ? address : neighbour(address, 1n);
  }
  if (bounds.high !== undefined) {
    const address = parseAddress(bounds.high);
    high = address === undefined || bounds.includeHigh ? address : neighbour(address, -1n);
  }
  if (low === undefined || high === undefined || low > high) return noDocument;
  return { kind: "address", field, range: { low, high } };
}

function dateRange(field: Field, bounds: Bounds, clock: Clock): Condition {
  let lowMs = Number.NEGATIVE_INFINITY;
  let highMs = Number.POSITIVE_INFINITY;
  if (bounds.low !== undefined) {
    const span = parseDateMath(bounds.low, clock.nowMs, clock.timeZone);
    if (span === undefined) return noDocument;
    lowMs = bounds.includeLow ? span.firstMs : span.lastMs + 1;
  }
  if (bounds.high !== undefined) {
    const span = parseDateMath(bounds.high, clock.nowMs, clock.timeZone);
    if (span === undefined) return noDocument;
    highMs = bounds.includeHigh ? span.lastMs : span.firstMs - 1;
  }
  if (lowMs > highMs) return noDocument;
  if (!field.isTime) return { kind: "number", field, low: lowMs, high: highMs };
  const time: Condition = { kind: "time", lowMs, highMs };
  const own: Condition = { kind: "exists", field, keyword: false };
  return field.someWithout ? { kind: "bool", must: [time, own], should: [], not: [] } : time;
}

/** false is less than true. */
function booleanRange(field: Field, bounds: Bounds): Condition {
  const values = [false, true].filter((value) => stringRange(bounds)(String(value)));
  const known = [bounds.low, bounds.high].every(
    (end) => end === undefined || end === "true" || end === "false",
  );
  return known ? anyOf(values.map((value) => ({ kind: "flag", field, value }))) : noDocument;
}

/** `text*`: on tokens the text is analysed first, and only its last token is a prefix. */
export function prefixOn(target: Target, text: string): Condition | undefined {
  const { field } = target;
  if (target.keyword) {
    const pattern: Pattern = [...[...text].map((char) => ({ char })), "many"];
    const hints = { ...hintsOf([pattern]), ofBeginning: startOfBeginning(text, "all") };
    return { kind: "exactTest", field, test: (value) => value.startsWith(text), hints };
  }
  if (field.type !== "text") return noDocument;
  const tokens = tokenize(text);
  if (tokens.length === 0) return undefined;
  return anyOf(
    tokens.map((token, at) =>
      at === tokens.length - 1 ? { kind: "prefix", field, prefix: token } : { kind: "token", field, token },
    ),
  );
}

/** A pattern with `*` and `?`, compared with tokens in lower case, or with whole values as they are. */
export function patternOn(target: Target, pattern: string): Condition {
  const { field } = target;
  if (/^\*+$/.test(pattern)) return target.keyword ? existsOn(target) : anyTokenOf(field);
  if (target.keyword) return { kind: "exactTest", field, ...patternTest(pattern) };
  if (field.type !== "text") return noDocument;
  const lower = lowerCase(pattern);
  return { kind: "tokens", field, machine: patternMachine(lower), begins: beginOf(patternParts(lower)) };
}

/** Of a text; other types have no patterns. */
function anyTokenOf(field: Field): Condition {
  return field.type === "text" ? { kind: "prefix", field, prefix: "" } : noDocument;
}

/** A test of tokens or, on `.keyword`, of whole values; other types have neither. */
export function testOn(
  { field, keyword }: Target,
  onTokens: TextMachine,
  onValues: TextMachine,
  hints: TextHints = {},
): Condition {
  if (keyword) return { kind: "exactTest", field, test: (value) => onValues.fits(value), hints };
  return field.type === "text" ? { kind: "tokens", field, machine: onTokens } : noDocument;
}

export function existsOn(target: Target): Condition {
  const { field } = target;
  return field.isTime && !field.someWithout
    ? allDocuments
    : { kind: "exists", field, keyword: target.keyword };
}

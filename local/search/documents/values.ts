/** Values of numbers, booleans and dates as OpenSearch's field types read them, in documents and in queries. */

import { ExactNumber, type Scalar } from "../../exact-json";
import { parseDate } from "./dates";

const longMin = -(2n ** 63n);
const longMax = 2n ** 63n - 1n;

/** Nothing to index (the empty string), or no value of this type at all. */
export type Parsed<T> = T | "nothing" | "invalid";

export function scalarText(value: Scalar): string {
  return value instanceof ExactNumber ? value.text : String(value);
}

/** A decimal number as Java's BigDecimal reads it, cut to its integer part. Undefined: not a number. */
export function integerPart(text: string): { whole: bigint; fraction: boolean } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return undefined;
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  let digits = whole + fraction;
  const point = whole.length + exponent;
  if (point > 60) return { whole: 10n ** 60n * (sign === "-" ? -1n : 1n), fraction: false };
  if (point > digits.length) digits = digits.padEnd(point, "0");
  const head = point <= 0 ? "0" : digits.slice(0, point);
  const tail = point <= 0 ? digits : digits.slice(point);
  const value = BigInt(head || "0");
  return { whole: sign === "-" ? -value : value, fraction: /[1-9]/.test(tail) };
}

export function parseLong(value: Scalar): Parsed<bigint> {
  if (typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value);
  if (typeof value === "boolean") return "invalid";
  const text = scalarText(value);
  if (text === "") return "nothing";
  const number = integerPart(text);
  if (number === undefined || number.whole < longMin || number.whole > longMax) return "invalid";
  return number.whole;
}

/** Java's Float.parseFloat: blanks around and a type letter at the end are allowed. */
export function parseFloat32(value: Scalar): Parsed<number> {
  if (typeof value === "boolean") return "invalid";
  const text = scalarText(value);
  if (text === "") return "nothing";
  const match = /^[\s\0]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?[\s\0]*$/.exec(text);
  if (match === null) return "invalid";
  const number = Math.fround(Number(match[1]));
  return Number.isFinite(number) ? number : "invalid";
}

export function parseBoolean(value: Scalar): Parsed<boolean> {
  if (value === true || value === "true") return true;
  if (value === false || value === "false" || value === "") return false;
  return "invalid";
}

/** Milliseconds since 1970. */
export function parseDateValue(value: Scalar): Parsed<number> {
  if (typeof value === "boolean") return "invalid";
  const span = parseDate(scalarText(value));
  return span === undefined ? "invalid" : span.firstMs;
}

/** Values of numbers, booleans, dates and addresses as OpenSearch's field types read them, in documents and in queries. */

import { ExactNumber, type Scalar } from "../../exact-json";
import { parseAddress } from "./addresses";
import { parseDate } from "./dates";
import type { FieldType } from "./mapping";

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

/** Java's Double.parseDouble: blanks around and a type letter at the end are allowed. A whole number has no -0. */
export function parseDouble(value: Scalar): Parsed<number> {
  if (typeof value === "boolean") return "invalid";
  const text = scalarText(value);
  if (text === "") return "nothing";
  const match = /^[\s\0]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFdD]?[\s\0]*$/.exec(text);
  if (match === null) return "invalid";
  const number = Number(match[1]);
  if (!Number.isFinite(number)) return "invalid";
  return value instanceof ExactNumber && value.isInteger ? number + 0 : number;
}

export function parseFloat32(value: Scalar): Parsed<number> {
  const number = parseDouble(value);
  if (typeof number === "string") return number;
  const float = Math.fround(number);
  return Number.isFinite(float) ? float : "invalid";
}

/** What stands in the index for a number: -0 is one of its own there. */
export function numberText(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
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

/** 32 hexadecimal digits, see {@link parseAddress}. */
export function parseAddressValue(value: Scalar): Parsed<string> {
  return (typeof value === "string" ? parseAddress(value) : undefined) ?? "invalid";
}

/** What stands in the index for a value of a field that is neither text nor the time of the document. */
export function parsedText(type: FieldType, value: Scalar): Parsed<string> {
  if (type === "ip") return parseAddressValue(value);
  const parsed =
    type === "long"
      ? parseLong(value)
      : type === "double"
        ? parseDouble(value)
        : type === "float"
          ? parseFloat32(value)
          : type === "date"
            ? parseDateValue(value)
            : parseBoolean(value);
  if (typeof parsed === "string") return parsed;
  return typeof parsed === "boolean" ? String(parsed) : numberText(parsed);
}

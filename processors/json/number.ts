/** Numbers as an index holds them. */
import type { Json } from "./json-object";

/**
 * A number that a double holds digit by digit stays as it came; `18446744073709551615`, `1e400` and the like become
 * text, as no index takes them or all of their digits.
 */
export function createPlainNumber() {
  const { stringify } = JSON;
  const { isFinite: isFiniteNumber } = Number;
  const notDigits = /[eE].*$|^-?0*\.?0*|\D/g;
  const noughts = /0+$/;
  const digitsOf = (text: string): string => text.replace(notDigits, "").replace(noughts, "");
  return (value: Json): Json => {
    if (typeof value === "number") return value;
    const text = stringify(value);
    const number = +text;
    return isFiniteNumber(number) && digitsOf(text) === digitsOf(`${number}`) ? value : text;
  };
}

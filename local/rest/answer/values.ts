/** Values as they are written into answers. */
import { addressText } from "../../address-text";
import type { SortValue, ValueType } from "../../search-body";
import { isoTime } from "./times";

/** JSON with whole numbers of any length. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "bigint" ? rawJson(String(one)) : one,
  );
}

const rawJson = (text: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

/** Of a bucket: the key, and its text where it has another. */
export function keyOf(key: string | number | bigint, type: ValueType | undefined): object {
  if (type === "ip") return { key: addressText(key as string) };
  if (type === "boolean") return { key, key_as_string: String(key !== 0) };
  return type === "date" ? { key, key_as_string: isoTime(Number(key)) } : { key };
}

export function sortValueOf(value: SortValue, type: ValueType | undefined): unknown {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return String(value);
  if (type === "ip" && typeof value === "string") return addressText(value);
  return type === "float" && typeof value === "number" ? shortFloat(value) : value;
}

/** As Java prints a double. */
export function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e7))
    return Number.isInteger(value) ? value.toFixed(1) : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${Number(exponent)}`;
}

/** The shortest number that is this 32-bit one. */
export function shortFloat(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** Values of a body, with the words that OpenSearch has for them. */
import { ExactNumber, parseJson, type Scalar } from "../../exact-json";
import { illegal, parsing, RestError } from "../errors";

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber)
  );
}

export function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    value instanceof ExactNumber
  );
}

/** As the real parser names what it has come upon. */
export function tokenOf(value: unknown): string {
  if (value === null || value === undefined) return "VALUE_NULL";
  if (Array.isArray(value)) return "START_ARRAY";
  if (isObject(value)) return "START_OBJECT";
  if (typeof value === "string") return "VALUE_STRING";
  return typeof value === "boolean" ? "VALUE_BOOLEAN" : "VALUE_NUMBER";
}

export function textOf(value: Scalar): string {
  return value instanceof ExactNumber ? value.text : String(value);
}

/** @throws RestError where it is none */
export function parseBody(text: string): Json {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const { message } = error as Error;
    const [, position] = /at position (\d+)/.exec(message) ?? [];
    const isCut = position === undefined ? /end of JSON/.test(message) : Number(position) >= text.length;
    const type = isCut ? "json_e_o_f_exception" : "json_parse_exception";
    throw new RestError(400, type, message);
  }
  if (!isObject(value)) throw parsing(`Expected [START_OBJECT] but found [${tokenOf(value)}]`);
  return value;
}

/** A number, or a text that is one; fractions are cut off. */
export function wholeNumber(value: unknown, name: string): number {
  if (!isScalar(value) || typeof value === "boolean") throw unknownKey(value, name);
  const text = textOf(value);
  if (!/^-?\d+(\.\d*)?$/.test(text) || !Number.isSafeInteger(Math.trunc(Number(text))))
    throw new RestError(400, "number_format_exception", `For input string: "${text}"`);
  return Math.trunc(Number(text));
}

export function flag(value: unknown, name: string): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw illegal(
    `Failed to parse value [${isScalar(value) ? textOf(value) : tokenOf(value)}] of [${name}] as only [true] or [false] are allowed.`,
  );
}

export function unknownKey(value: unknown, name: string): RestError {
  return parsing(`Unknown key for a ${tokenOf(value)} in [${name}].`);
}

/** `10s`, `500ms`; -1 is none. */
export function timeValueMs(text: string, name: string): number | undefined {
  if (text === "-1") return undefined;
  if (text === "0") return 0;
  const [, digits, unit] = /^(\d+)\s*(nanos|micros|ms|s|m|h|d)$/i.exec(text) ?? [];
  const ms = unit === undefined ? undefined : unitsMs[unit.toLowerCase()];
  if (digits === undefined || ms === undefined)
    throw illegal(
      `failed to parse setting [${name}] with value [${text}] as a time value: unit is missing or unrecognized`,
    );
  return Number(digits) * ms;
}

const unitsMs: Readonly<Record<string, number>> = {
  nanos: 1e-6,
  micros: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

export function operatorOf(value: unknown): "and" | "or" {
  const text = isScalar(value) ? textOf(value).toUpperCase() : "OR";
  if (text !== "AND" && text !== "OR")
    throw illegal(`No enum constant org.opensearch.index.query.Operator.${text}`);
  return text === "AND" ? "and" : "or";
}

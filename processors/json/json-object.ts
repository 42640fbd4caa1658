/** JSON objects of foreign making, read without changing a digit. */

/** A value of JSON; numbers whose digits a double would change are kept as raw text. */
export type Json = unknown;
export type JsonObject = Record<string, Json>;

interface ExactJson {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

/**
 * Like JSON.parse, but `9007199254740993`, `1.0` and `1e400` come out of JSON.stringify as they went in.
 * A text that is no JSON gives null, which no caller takes for an object; so does one of more than 1,000 levels,
 * which no index reads and JSON.stringify cannot write, and one of more than a million values, which would fill the
 * function's memory.
 */
export function createExactParse() {
  const isTooMuch = createIsTooMuch();
  const { parse, rawJSON } = JSON as unknown as ExactJson;
  const plainParse = JSON.parse;
  // Numbers that may change: long ones, 1e5, 1.50, -0. A text that only looks so is read the slower way.
  const isRisky = /[:[,]\s*(?:-0[\s,}\]]|-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0[\s,}\]]))/;
  const exact = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
    typeof value === "number" && source && `${value}` !== source ? rawJSON(source) : value;
  return (text: string): Json => {
    if (isTooMuch(text)) return null;
    try {
      return isRisky.test(text) ? parse(text, exact) : plainParse(text);
    } catch {
      return null;
    }
  };
}

/**
 * Whether objects and lists are within each other more than 1,000 times, or there are more than a million values. Only
 * a long text can have so many.
 */
function createIsTooMuch() {
  const maxDepth = 1000;
  const maxValues = 1_000_000;
  return (text: string): boolean => {
    if (text.length < 2 * maxDepth) return false;
    let depth = 0;
    let values = 0;
    let isText = false;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (isText) {
        if (code === 92) i++;
        else if (code === 34) isText = false;
      } else if (code === 34) isText = true;
      else if (code === 123 || code === 91) {
        if (++depth > maxDepth) return true;
      } else if (code === 125 || code === 93) depth--;
      else if (code === 44) values++;
    }
    return values > maxValues;
  };
}

/** Whether a value is an object with fields: no list, no null, no raw number. */
export function createIsObject() {
  const { isArray } = Array;
  const { isRawJSON } = JSON as unknown as ExactJson;
  return (value: Json): value is JsonObject =>
    typeof value === "object" && value !== null && !isArray(value) && !isRawJSON(value);
}

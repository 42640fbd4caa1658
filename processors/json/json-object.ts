/** JSON objects of foreign making: read without changing a digit, and tidied so that an index takes them. */

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
 * which no index reads and JSON.stringify cannot write.
 */
export function createExactParse() {
  const isTooDeep = createIsTooDeep();
  const { parse, rawJSON } = JSON as unknown as ExactJson;
  const plainParse = JSON.parse;
  // Numbers that may change: long ones, 1e5, 1.50, -0. A text that only looks so is read the slower way.
  const isRisky = /[:[,]\s*(?:-0[\s,}\]]|-?(?:[\d.]{16}|\d+(?:\.\d+)?[eE]|\d+\.\d*0[\s,}\]]))/;
  const exact = (_key: string, value: unknown, { source }: { source?: string }): unknown =>
    typeof value === "number" && source && `${value}` !== source ? rawJSON(source) : value;
  return (text: string): Json => {
    if (isTooDeep(text)) return null;
    try {
      return isRisky.test(text) ? parse(text, exact) : plainParse(text);
    } catch {
      return null;
    }
  };
}

/** Whether objects and lists are within each other more than 1,000 times. Only a long text can have so many. */
function createIsTooDeep() {
  const maxDepth = 1000;
  return (text: string): boolean => {
    if (text.length < 2 * maxDepth) return false;
    let depth = 0;
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
    }
    return false;
  };
}

/** Whether a value is an object with fields: no list, no null, no raw number. */
export function createIsObject() {
  const { isArray } = Array;
  const { isRawJSON } = JSON as unknown as ExactJson;
  return (value: Json): value is JsonObject =>
    typeof value === "object" && value !== null && !isArray(value) && !isRawJSON(value);
}

/** What an index takes of one document; what is beyond is kept as text. */
export interface TidyLimits {
  /** Levels of objects and lists, from 1. OpenSearch's own limit is 20. */
  readonly maxDepth: number;
  /** Names of fields in the document. OpenSearch's own limit, for an index, is 1,000. */
  readonly maxFields: number;
}

/**
 * Renames keys that an index refuses (see {@link createKeyNames}); writes what is deeper than `maxDepth` as JSON
 * text, and what comes after `maxFields` fields as JSON text into the field `overflow`.
 */
export function createTidy({ maxDepth, maxFields }: TidyLimits) {
  const { stringify } = JSON;
  const { keys, create } = Object;
  const { isArray } = Array;
  const isObject = createIsObject();
  const keyName = createKeyNames();
  let fields = 0;
  function tidy(value: Json, depth: number): Json {
    if (isArray(value))
      return depth > maxDepth ? stringify(value) : value.map((item) => tidy(item, depth + 1));
    if (!isObject(value)) return value;
    return depth > maxDepth ? stringify(value) : tidyObject(value, depth);
  }
  function tidyObject(object: JsonObject, depth: number): JsonObject {
    const tidied: JsonObject = {};
    const left: JsonObject = create(null);
    for (const key of keys(object)) {
      if (++fields > maxFields) left[key] = object[key];
      else tidied[keyName(key, object, tidied, depth)] = tidy(object[key], depth + 1);
    }
    if (keys(left).length > 0) tidied[keyName("overflow", object, tidied, depth)] = stringify(left);
    return tidied;
  }
  return (object: JsonObject): JsonObject => {
    fields = 0;
    return tidyObject(object, 1);
  };
}

/**
 * The name for a key. In a key with an empty or blank part (``, `.a`, `b.`, `c..d`, ` `), and in one that goes
 * below a sibling that is no object (`a.b` beside `a`), dots and blanks become underscores; a name that the index
 * keeps for itself (`_id`) gets an underscore behind it, and so does a name that is taken.
 */
function createKeyNames() {
  const { hasOwn } = Object;
  const isObject = createIsObject();
  const empty = /^\s*$|(?:^|\.)\s*(?:\.|$)/;
  const separators = /[.\s]/g;
  const reserved =
    /^_(?:id|index|type|source|routing|field_names|ignored|nested_path|version|seq_no|primary_term|tier|data_stream_timestamp)$/;
  const isBelowValue = (key: string, siblings: JsonObject): boolean => {
    for (let dot = key.indexOf("."); dot !== -1; dot = key.indexOf(".", dot + 1)) {
      const above = key.slice(0, dot);
      if (hasOwn(siblings, above) && !isObject(siblings[above])) return true;
    }
    return false;
  };
  return (key: string, siblings: JsonObject, taken: JsonObject, depth: number): string => {
    let name = key;
    if (empty.test(key) || isBelowValue(key, siblings)) name = key.replace(separators, "_") || "_";
    if (name === "__proto__" || (depth === 1 && reserved.test(name))) name += "_";
    // A name that was not changed may have been given to a changed one before.
    while (hasOwn(taken, name) || (name !== key && hasOwn(siblings, name))) name += "_";
    return name;
  };
}

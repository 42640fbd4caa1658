/**
 * Takes personal and secret data out before the index, in front of or behind other processors
 * (`redact,access-log`). The backup in S3 keeps every source record as it came. See docs/processors.md.
 */

import { createExactParse, createIsObject, type JsonObject } from "./json/json-object";
import type { ProcessorFactory } from "./processor";
import { createFieldNames } from "./redaction/configuration";
import { createMask } from "./redaction/mask";

/**
 * Configured by the function's environment, read at its cold start: REDACT_FIELDS, a JSON list of names of fields
 * that are dropped, `password` or, only below a `user`, `user.email`; REDACT_PATTERNS, a JSON list of what is masked
 * in all texts. An empty list is none; a text that is no list stops the function, as nobody can tell what was to be
 * kept out of the index.
 */
export const redact: ProcessorFactory = () => {
  const redacted = createRedacted();
  return (record) => {
    const text = record.text();
    // Closed by default: what cannot be read cannot be redacted.
    if (text.charCodeAt(0) === 0x1f) {
      return {
        result: "ProcessingFailed",
        reason: "compressed; put redact behind the processor that unpacks",
      };
    }
    return { result: "Ok", text: redacted(text) };
  };
};

/**
 * A text without the fields to drop, and masked. Text that is JSON is read as such, also where it stands in a field:
 * a log event's message, CloudTrail's parameters.
 */
function createRedacted() {
  const parse = createExactParse();
  const mask = createMask();
  const maskParameters = createMaskParameters();
  const isDropped = createIsDropped();
  const { keys } = Object;
  const { isArray } = Array;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const maxDepth = 100;
  let changes = 0;
  const changed = <T>(value: T): T => {
    changes++;
    return value;
  };
  function redactText(text: string, depth: number): string {
    const first = text.trimStart().charCodeAt(0);
    const value = first === 123 || first === 91 ? parse(text.trim()) : null;
    if (isObject(value) || isArray(value)) {
      const before = changes;
      const walked = walk(value, "", depth);
      if (changes !== before || depth === 1) return stringify(walked);
    }
    return maskParameters(mask(text));
  }
  /** A value that is not text, such as a card's number as a number, is masked where its text would be. */
  const redactScalar = (value: unknown): unknown => {
    if (value === null || typeof value === "boolean") return value;
    const text = stringify(value);
    const masked = mask(text);
    return masked === text ? value : changed(masked);
  };
  function walk(value: unknown, path: string, depth: number): unknown {
    if (depth > maxDepth) return changed("[too deep]");
    if (isArray(value)) return value.map((item) => walk(item, path, depth + 1));
    if (typeof value === "string") {
      const text = redactText(value, depth + 1);
      return text === value ? value : changed(text);
    }
    if (!isObject(value)) return redactScalar(value);
    const kept: JsonObject = {};
    for (const key of keys(value)) {
      const name = key.toLowerCase();
      const place = path === "" ? name : `${path}.${name}`;
      if (isDropped(place)) changes++;
      else kept[key === "__proto__" ? "__proto___" : key] = walk(value[key], place, depth + 1);
    }
    return kept;
  }
  return (text: string): string => redactText(text, 1);
}

/** Whether a place such as `json.user.email` is a name to drop, or ends with one: `email`, `user.email`. */
function createIsDropped() {
  const names: Record<string, boolean> = Object.create(null);
  let maxParts = 0;
  for (const name of createFieldNames()) {
    names[name] = true;
    maxParts = Math.max(maxParts, name.split(".").length);
  }
  return (place: string): boolean => {
    let dot = place.length;
    for (let parts = 1; parts <= maxParts; parts++) {
      dot = place.lastIndexOf(".", dot - 1);
      if (names[place.slice(dot + 1)] === true) return true;
      if (dot <= 0) return false;
    }
    return false;
  };
}

/**
 * In text that is no JSON, the values behind such names: `?token=abc&`, `password: abc`, and `"password":"abc"` where
 * the JSON around it was cut off.
 */
function createMaskParameters() {
  const names = createFieldNames()
    .map((name) => name.replace(/[^\w.-]/g, ""))
    .map((name) => name.replace(/[.-]/g, "\\$&"))
    .filter((name) => name !== "");
  // Without a name the expression would match every parameter.
  if (names.length === 0) return (text: string): string => text;
  const name = `\\b(?:${names.join("|")})`;
  // No blank behind `=`: an empty value is followed by the rest of its line.
  const separator = String.raw`(?:=|%3D|\\{0,3}["']?\s{0,3}:\s{0,3})`;
  const scheme = String.raw`(?:(?:Basic|Bearer|Digest|Negotiate)\s{1,3})?`;
  const bare = String.raw`${scheme}[^&\s"'\\,;)}\]]{1,2000}`;
  const value = String.raw`(?:"(?:[^"\\]|\\.){1,2000}|\\{1,3}"[^"\\]{1,2000}|'[^']{1,2000}|${bare})`;
  const parameters = new RegExp(`(${name}${separator})${value}`, "gi");
  const hasSeparator = /[=:]|%3D/i;
  return (text: string): string =>
    hasSeparator.test(text) ? text.replace(parameters, "$1[redacted]") : text;
}

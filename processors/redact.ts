/**
 * Takes personal and secret data out before the index, in front of or behind other processors
 * (`redact,access-log`). The backup in S3 keeps every source record as it came. See docs/processors.md.
 */

import { createExactParse, createIsObject, type JsonObject } from "./json/json-object";
import type { ProcessorFactory } from "./processor";
import { createNames } from "./redaction/field-names";
import { createMask } from "./redaction/mask";
import { createPairs } from "./redaction/pairs";
import { createMaskParameters } from "./redaction/parameters";
import { createWithoutSecretItems } from "./redaction/secret-items";

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
  const names = createNames();
  const maskParameters = createMaskParameters(names);
  const { isDropped } = names;
  const withoutSecretItems = createWithoutSecretItems(names);
  const { namesSecret, isValue } = createPairs(names);
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
  /** A card's number as a number: 0, as an index that has numbers there refuses a text. */
  const redactScalar = (value: unknown): unknown => {
    if (value === null || typeof value === "boolean") return value;
    const text = stringify(value);
    return mask(text) === text ? value : changed(0);
  };
  function walkList(list: readonly unknown[], path: string, depth: number): unknown[] {
    const items = withoutSecretItems(list, path);
    if (items !== list) changes++;
    return items.map((item) => walk(item, path, depth + 1));
  }
  function walk(value: unknown, path: string, depth: number): unknown {
    if (depth > maxDepth) return changed("[too deep]");
    if (isArray(value)) return walkList(value, path, depth);
    if (typeof value === "string") {
      const text = redactText(value, depth + 1);
      return text === value ? value : changed(text);
    }
    if (!isObject(value)) return redactScalar(value);
    const kept: JsonObject = {};
    const isSecretPair = namesSecret(value);
    for (const key of keys(value)) {
      if (isDropped(key, path, value[key]) || (isSecretPair && isValue(key))) changes++;
      else {
        const place = path === "" ? key : `${path}.${key}`;
        kept[key === "__proto__" ? "__proto___" : key] = walk(value[key], place, depth + 1);
      }
    }
    return kept;
  }
  return (text: string): string => redactText(text, 1);
}

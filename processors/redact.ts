/**
 * Takes personal and secret data out before the index, in front of or behind other processors
 * (`redact,access-log`). The backup in S3 keeps every source record as it came. See docs/processors.md.
 */

import { createHash } from "node:crypto";
import { createExactParse, createIsObject, type JsonObject } from "./json/json-object";
import type { ProcessorFactory } from "./processor";
import { createMaskEncoded } from "./redaction/encoded-json";
import { createNames } from "./redaction/field-names";
import { createManifests } from "./redaction/manifests";
import { createMask } from "./redaction/mask";
import { createPairs } from "./redaction/pairs";
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
  const names = createNames();
  const { text: maskText, isAccount } = createMask(names);
  const maskEncoded = createMaskEncoded();
  const { withoutEntries } = createManifests(names);
  const { fateOf } = names;
  const hashOf = createSessionHash();
  const withoutSecretItems = createWithoutSecretItems(names);
  const { saidBy, isSecretValue } = createPairs(names);
  const { keys } = Object;
  const { isArray } = Array;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const maxDepth = 100;
  let changes = 0;
  const counted = <T>(before: unknown, after: T): T => {
    if (after !== before) changes++;
    return after;
  };
  function redactText(text: string, depth: number): string {
    const first = text.trimStart().charCodeAt(0);
    const value = first === 123 || first === 91 ? parse(text.trim()) : null;
    if (isObject(value) || isArray(value)) {
      const before = changes;
      const walked = walk(value, "", depth);
      if (changes !== before || depth === 1) return stringify(walked);
    }
    const masked = maskText(text);
    return depth > maxDepth ? masked : maskEncoded(masked, (json) => redactText(json, depth + 1));
  }
  function walkList(list: readonly unknown[], path: string, depth: number): unknown[] {
    return counted(list, withoutSecretItems(list, path)).map((item) => walk(item, path, depth + 1));
  }
  function walk(value: unknown, path: string, depth: number): unknown {
    if (depth > maxDepth) return counted(value, "[too deep]");
    if (isArray(value)) return walkList(value, path, depth);
    if (typeof value === "string") {
      return counted(value, redactText(value, depth + 1));
    }
    // A card's number as a number is 0, as an index that has numbers there refuses a text.
    if (!isObject(value)) return isAccount(value) ? counted(value, 0) : value;
    const kept: JsonObject = {};
    const object = counted(value, withoutEntries(value));
    const said = saidBy(object);
    for (const key of keys(object)) {
      const field = object[key];
      const fate = isSecretValue(said, key, field) ? "dropped" : fateOf(key, path, field);
      if (fate === "dropped") changes++;
      else {
        const place = path === "" ? key : `${path}.${key}`;
        kept[key === "__proto__" ? "__proto___" : key] =
          fate === "" ? walk(field, place, depth + 1) : counted(field, hashOf(field));
      }
    }
    return kept;
  }
  return (text: string): string => redactText(text, 1);
}

/** Stands for a session wherever it comes: who has the session's id is who signed in, and its hash is nobody. */
function createSessionHash() {
  const sha256 = createHash;
  return (value: unknown): string =>
    `[session ${sha256("sha256").update(`${value}`).digest("hex").slice(0, 16)}]`;
}

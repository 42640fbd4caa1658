/**
 * A line that another document carries: CloudWatch Logs' of the processor `cloudwatch-logs`, whose `message` it is, or
 * `{"message":"…"}`, as VPC flow logs come from AWS.
 */
import { createExactParse, createIsObject, type JsonObject } from "../json/json-object";

export interface Carried {
  readonly line: string;
  /** The document around the line, without it; null for a line alone. */
  readonly around: JsonObject | null;
}

export function createCarried() {
  const parse = createExactParse();
  const isObject = createIsObject();
  const { keys } = Object;
  const hint = /^\s*\{(?:[^]{0,200}"cloudwatch-logs"|\s*"message"\s*:)/;
  return (text: string): Carried => {
    const object = text.startsWith("{") && hint.test(text) ? parse(text) : null;
    if (!isObject(object) || typeof object["message"] !== "string") return { line: text, around: null };
    const line = object["message"];
    if (keys(object).length === 1) return { line, around: null };
    const { event } = object;
    if (!isObject(event) || event["dataset"] !== "cloudwatch-logs") return { line: text, around: null };
    const around: JsonObject = {};
    // What was read from the line as JSON is what it is read as here.
    for (const key of keys(object)) if (key !== "message" && key !== "json") around[key] = object[key];
    return { line, around };
  };
}

/** Puts what a line says over the document that carried it; objects of both are one. */
export function createOver() {
  const { keys } = Object;
  const isObject = createIsObject();
  function over(below: JsonObject, above: JsonObject): JsonObject {
    const both: JsonObject = { ...below };
    for (const key of keys(above)) {
      const under = both[key];
      const value = above[key];
      both[key] = isObject(under) && isObject(value) ? over(under, value) : value;
    }
    return both;
  }
  return over;
}

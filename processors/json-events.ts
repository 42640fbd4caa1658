/**
 * Click streams and application logs: a JSON object per record, checked, given its time, and tidied so that the
 * index takes it. See docs/processors.md.
 */
import { createEventTime } from "./json/event-time";
import { createExactParse, createIsObject, createTidy, type JsonObject } from "./json/json-object";
import type { ProcessorFactory } from "./processor";

export const jsonEvents: ProcessorFactory = () => {
  const parse = createExactParse();
  const isObject = createIsObject();
  const tidy = createTidy({ maxDepth: 16, maxFields: 400 });
  const withTime = createWithTime();
  const { stringify } = JSON;
  return (record) => {
    const object = parse(record.text().replace("\ufeff", ""));
    if (!isObject(object)) return { result: "ProcessingFailed", reason: "no JSON object" };
    const arrivalMs = record.approximateArrivalTimestamp;
    return { result: "Ok", text: stringify(withTime(tidy(object), arrivalMs)) };
  };
};

/**
 * Puts `@timestamp` in front: the first plausible time among the usual fields, else the arrival. A number there
 * becomes text, as an index that saw `"ts":1772323200` refuses `"ts":"2026-03-01T00:00:00Z"`; an `@timestamp`
 * that is no time moves to `timestamp_raw`.
 */
function createWithTime() {
  const names = (
    "@timestamp timestamp ts time datetime date eventTime event_time eventTimestamp event_timestamp " +
    "occurred_at occurredAt created_at createdAt sent_at sentAt"
  ).split(" ");
  const eventTime = createEventTime();
  const OfMs = Date;
  const { keys, hasOwn } = Object;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const textOf = (value: unknown): unknown =>
    typeof value === "number" || (typeof value === "object" && value !== null && !isObject(value))
      ? stringify(value)
      : value;
  return (object: JsonObject, arrivalMs: number): JsonObject => {
    let time = "";
    for (const name of names) {
      if (!hasOwn(object, name)) continue;
      object[name] = textOf(object[name]);
      time ||= eventTime(object[name], arrivalMs);
    }
    const timed: JsonObject = { "@timestamp": time || new OfMs(arrivalMs).toISOString() };
    if (hasOwn(object, "@timestamp") && eventTime(object["@timestamp"], arrivalMs) === "") {
      let raw = "timestamp_raw";
      while (hasOwn(object, raw)) raw += "_";
      timed[raw] = object["@timestamp"];
    }
    for (const name of keys(object)) if (name !== "@timestamp") timed[name] = object[name];
    return timed;
  };
}

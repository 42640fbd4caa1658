/**
 * Click streams and application logs: a JSON object per record, checked, given its time, and brought into a shape that
 * the index takes. See docs/processors.md.
 */

import { createContainerLine } from "./json/container-line";
import { jsonEventFields } from "./json/declared";
import { createEventTime } from "./json/event-time";
import { createIsObject, type JsonObject } from "./json/json-object";
import { createLevel } from "./json/level";
import { createShape, treeOf } from "./json/shape";
import { createPacked } from "./packed";
import type { ProcessorFactory } from "./processor";

const declared = treeOf(jsonEventFields);

export const jsonEvents: ProcessorFactory = () => {
  const lineOf = createContainerLine();
  const shape = createShape(declared, 100);
  const timeOf = createTimeOf();
  const usual = createUsual();
  const withAround = createWithAround();
  const OfMs = Date;
  const { stringify } = JSON;
  const { failed } = createPacked();
  return (record) => {
    const text = record.text();
    const line = lineOf(text.replace("\ufeff", ""));
    if (line === null) return failed(text, "no JSON object");
    const { event, around } = line;
    const arrivalMs = record.approximateArrivalTimestamp;
    const time =
      timeOf(event, arrivalMs) || (around && timeOf(around, arrivalMs)) || new OfMs(arrivalMs).toISOString();
    const all = around ? withAround(event, around) : event;
    return { result: "Ok", text: stringify(shape(usual(all), { "@timestamp": time })) };
  };
};

/** An event and what stands beside it. Of a name that both have the event's value stays, and the other is below `shipper`. */
function createWithAround() {
  const { hasOwn, keys } = Object;
  return (event: JsonObject, around: JsonObject): JsonObject => {
    const all = { ...around, ...event };
    for (const name of keys(around)) {
      if (!hasOwn(event, name)) continue;
      let other = `shipper.${name}`;
      while (hasOwn(all, other)) other = `shipper.${other}`;
      all[other] = around[name];
    }
    return all;
  };
}

/**
 * The first plausible time among the usual fields, `""` where there is none. What was one becomes text, as the field is; an
 * `@timestamp` that is none moves to `timestamp_raw`.
 */
function createTimeOf() {
  const names = (
    "@timestamp timestamp ts time datetime date eventTime event_time eventTimestamp event_timestamp " +
    "occurred_at occurredAt created_at createdAt sent_at sentAt Timestamp query_timestamp @t " +
    "requestReceivedTimestamp stageTimestamp asctime timeMillis timeUnixNano __REALTIME_TIMESTAMP"
  ).split(" ");
  const places = [
    ["mail", "timestamp"],
    ["event", "timestamp"],
    ["_aws", "Timestamp"],
    ["t", "$date"],
    ["time", "$date"],
    ["timestamp", "seconds"],
    ["instant", "epochSecond"],
  ] as const;
  const eventTime = createEventTime();
  const { hasOwn } = Object;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const textOf = (value: unknown): unknown => (typeof value === "string" ? value : stringify(value));
  return (object: JsonObject, arrivalMs: number): string => {
    let time = "";
    for (const name of names) {
      if (!hasOwn(object, name)) continue;
      const value = object[name];
      const own = eventTime(isObject(value) ? null : textOf(value), arrivalMs);
      if (own !== "") object[name] = textOf(value);
      time = time || own;
    }
    if (hasOwn(object, "@timestamp")) {
      if (eventTime(object["@timestamp"], arrivalMs) === "" && object["@timestamp"] !== null)
        object["timestamp_raw"] = object["@timestamp"];
      delete object["@timestamp"];
    }
    for (const [above, name] of places) {
      if (time !== "") return time;
      const outer = object[above];
      if (isObject(outer)) time = eventTime(outer[name], arrivalMs);
    }
    return time;
  };
}

/** Brings what most loggers write under names of their own to `message` and `log.level`. */
function createUsual() {
  const { hasOwn } = Object;
  const isObject = createIsObject();
  const levelOf = createLevel();
  const messages = ["msg", "log", "@m"];
  return (object: JsonObject): JsonObject => {
    for (const name of messages) {
      if ((hasOwn(object, "message") && object["message"] !== null) || typeof object[name] !== "string")
        continue;
      object["message"] = object[name];
      delete object[name];
    }
    const level = levelOf(object);
    const log = object["log"];
    if (level === "" || hasOwn(object, "log.level") || (isObject(log) && hasOwn(log, "level"))) return object;
    object["log.level"] = level;
    return object;
  };
}

/**
 * Payloads of CloudWatch Logs subscriptions: gzip, or what Firehose has decompressed already.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
import { gunzipSync } from "node:zlib";
import { createExactParse, createIsObject, type JsonObject } from "../json/json-object";
import type { SourceRecord } from "../processor";

export interface LogEvent {
  readonly id: string;
  /** In milliseconds since 1970; 0 where the payload has none. */
  readonly timestamp: number;
  readonly message: string;
}

export interface Subscription {
  readonly kind: "subscription";
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly events: readonly LogEvent[];
}

/** What a record holds. */
export type Payload =
  | Subscription
  /** A health check of CloudWatch Logs. */
  | { readonly kind: "control" }
  /** An object that is no subscription payload, and its text. */
  | { readonly kind: "object"; readonly object: JsonObject; readonly text: string }
  | { readonly kind: "problem"; readonly reason: string };

/** Reads a record by its first bytes, never by its name or origin. */
export function createSubscription() {
  const gunzip = gunzipSync;
  // A record has 1,000 KiB at most; one that grows a hundredfold is an attack or a mistake.
  const maxOutputLength = 100 * 1024 * 1024;
  const parse = createExactParse();
  const isObject = createIsObject();
  const subscription = createReadSubscription();
  const textOf = (record: SourceRecord): string => {
    const bytes = record.bytes();
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return record.text().replace("\ufeff", "");
    try {
      return gunzip(bytes, { maxOutputLength }).toString("utf8").trim();
    } catch {
      return "";
    }
  };
  return (record: SourceRecord): Payload => {
    const text = textOf(record);
    const object = parse(text);
    if (!isObject(object)) return { kind: "problem", reason: "neither gzip nor JSON of an object" };
    if (!("messageType" in object)) return { kind: "object", object, text };
    if (object["messageType"] === "CONTROL_MESSAGE") return { kind: "control" };
    if (object["messageType"] !== "DATA_MESSAGE") return { kind: "problem", reason: "unknown messageType" };
    return subscription(object);
  };
}

function createReadSubscription() {
  const { isArray } = Array;
  const isObject = createIsObject();
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return (object: JsonObject): Payload => {
    const { logEvents } = object;
    if (!isArray(logEvents)) return { kind: "problem", reason: "no logEvents in the payload" };
    const events: LogEvent[] = [];
    for (const event of logEvents) {
      if (!isObject(event)) return { kind: "problem", reason: "one of the logEvents is no object" };
      const { id, timestamp, message } = event;
      events.push({
        id: text(id),
        timestamp: typeof timestamp === "number" ? timestamp : 0,
        message: text(message),
      });
    }
    return {
      kind: "subscription",
      owner: text(object["owner"]),
      logGroup: text(object["logGroup"]),
      logStream: text(object["logStream"]),
      events,
    };
  };
}

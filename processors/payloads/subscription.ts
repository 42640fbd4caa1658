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
  /** What CloudWatch has taken out of the event: system fields, or the parts of a space-delimited filter pattern. */
  readonly extractedFields: JsonObject | null;
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

/**
 * Reads a record by its first bytes, never by its name or origin. What it unpacks to has bounds, and the number of its
 * events too, so that a record which is made to fill the memory fails alone; how well it was packed says nothing, as
 * 600 kB of the same character pack to less than 1 kB.
 */
export function createSubscription() {
  const gunzip = gunzipSync;
  const maxOutputLength = 32 * 1024 * 1024;
  const parse = createExactParse();
  const isObject = createIsObject();
  const subscription = createReadSubscription();
  const textOf = (record: SourceRecord): string | null => {
    const bytes = record.bytes();
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return record.text().replace("\ufeff", "");
    try {
      return gunzip(bytes, { maxOutputLength }).toString("utf8").trim();
    } catch (error) {
      return (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE" ? null : "";
    }
  };
  return (record: SourceRecord): Payload => {
    const text = textOf(record);
    if (text === null) return { kind: "problem", reason: `unpacks to more than ${maxOutputLength} bytes` };
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
  const { stringify } = JSON;
  const isObject = createIsObject();
  // CloudWatch itself takes 10,000 events at once.
  const maxEvents = 20_000;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  return (object: JsonObject): Payload => {
    const { logEvents } = object;
    if (!isArray(logEvents)) return { kind: "problem", reason: "no logEvents in the payload" };
    if (logEvents.length > maxEvents) return { kind: "problem", reason: `more than ${maxEvents} log events` };
    const events: LogEvent[] = [];
    for (const event of logEvents) {
      // An event of another shape does not condemn its neighbours: its text is its message.
      const known = isObject(event) ? event : { message: stringify(event) };
      const { id, timestamp, message = "", extractedFields } = known;
      events.push({
        id: text(id),
        timestamp: typeof timestamp === "number" ? timestamp : 0,
        message: typeof message === "string" ? message : stringify(message),
        extractedFields: isObject(extractedFields) ? extractedFields : null,
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

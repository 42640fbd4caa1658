/**
 * CloudTrail events: from CloudWatch Logs, from files, from EventBridge, or one per record. What is free-form is a list
 * of texts, so that no two events disagree about the type of a field; digests are dropped.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { isIP } from "node:net";
import { maxRecordBytes } from "../firehose/limits";
import { createEventTime } from "./json/event-time";
import { createFlatten, type Room } from "./json/flatten";
import { createExactParse, createIsObject, type Json, type JsonObject } from "./json/json-object";
import { createCut } from "./payloads/cut";
import { createSubscription, type Payload } from "./payloads/subscription";
import type { ProcessorFactory } from "./processor";

export const cloudtrail: ProcessorFactory = () => {
  const read = createSubscription();
  const eventsOf = createEvents();
  const document = createTrailDocument();
  const furtherOf = createFurther();
  const start = '{"event":{"dataset":"cloudtrail"';
  return (record) => {
    const payload = read(record);
    if (payload.kind === "control") return { result: "Dropped" };
    if (payload.kind === "problem") return { result: "ProcessingFailed", reason: payload.reason };
    if (payload.kind === "object" && payload.text.startsWith(start))
      return { result: "Ok", text: payload.text };
    const events = eventsOf(payload);
    if (typeof events === "string") return { result: "ProcessingFailed", reason: events };
    const [first, ...others] = events;
    if (first == null) return { result: "Dropped" };
    const arrivalMs = record.approximateArrivalTimestamp;
    return {
      result: "Ok",
      text: document(first, arrivalMs),
      again: others.map((event) => furtherOf(event) ?? document(event, arrivalMs)),
    };
  };
};

/**
 * A further event goes back as the event it is: a single one is never put again. One that is none, or too large for a
 * record, goes as a finished document, which is known by its start.
 */
function createFurther() {
  const { stringify } = JSON;
  const bytesOf = Buffer.byteLength.bind(Buffer);
  const maxBytes = maxRecordBytes - 100;
  return (event: JsonObject | string): string | null => {
    if (typeof event === "string") return null;
    const text = stringify(event);
    return bytesOf(text) <= maxBytes ? text : null;
  };
}

/** The events of a payload; none of a digest. What is no event among others is its text; alone, a string tells so. */
function createEvents() {
  const { isArray } = Array;
  const { stringify } = JSON;
  const parse = createExactParse();
  const isObject = createIsObject();
  const isEvent = (value: Json): value is JsonObject =>
    isObject(value) &&
    (typeof value["eventName"] === "string" ||
      isObject(value["insightDetails"]) ||
      (typeof value["eventVersion"] === "string" && typeof value["eventID"] === "string"));
  /** EventBridge puts an envelope around it. */
  const opened = (value: Json): Json =>
    isObject(value) && "detail-type" in value && isEvent(value["detail"]) ? value["detail"] : value;
  return (
    payload: Extract<Payload, { kind: "object" | "subscription" }>,
  ): (JsonObject | string)[] | string => {
    let values: Json[];
    if (payload.kind === "subscription")
      values = payload.events.map(({ message }) => parse(message) ?? message);
    else if (isArray(payload.object["Records"])) values = payload.object["Records"];
    else if ("digestS3Bucket" in payload.object || "logFiles" in payload.object) values = [];
    else values = [payload.object];
    const events = values.map(opened);
    if (events.length > 0 && !events.some(isEvent)) return "no event of CloudTrail";
    return events.map((event) => {
      if (isEvent(event)) return event;
      return typeof event === "string" ? event : stringify(event);
    });
  };
}

/** Fields by the Elastic Common Schema; CloudTrail's own below `aws.cloudtrail`, a fixed list of them. */
function createTrailDocument() {
  const time = createEventTime();
  const ipVersion = isIP;
  const OfMs = Date;
  const own = createOwn();
  const outcomeOf = createOutcome();
  const cut = createCut();
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const isObject = createIsObject();
  // All but the name of a user or a session, or `root`.
  const path = /^.*[/:]/;
  const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});
  return (event: JsonObject | string, arrivalMs: number): string => {
    const arrival = new OfMs(arrivalMs).toISOString();
    if (typeof event === "string") {
      // ECS's word for what could not be read.
      const known = { dataset: "cloudtrail", kind: "pipeline_error" };
      return cut({ event: known, "@timestamp": arrival, message: event });
    }
    const insight = objectOf(event["insightDetails"]);
    const address = text(event["sourceIPAddress"]);
    const identity = objectOf(event["userIdentity"]);
    const arn = text(identity["arn"]);
    const user = text(identity["userName"]) || arn.replace(path, "") || text(identity["invokedBy"]);
    const name = text(event["eventName"]) || text(insight["eventName"]);
    const provider = text(event["eventSource"]) || text(insight["eventSource"]);
    const { outcome, code, reason } = outcomeOf(event, insight);
    const happened = time(event["eventTime"], arrivalMs);
    const document: JsonObject & { event: object; message: string } = {
      event: {
        dataset: "cloudtrail",
        id: text(event["eventID"]),
        action: name,
        provider,
        outcome,
      },
      "@timestamp": happened || arrival,
      message: [provider, name, user, address, code || reason].filter((part) => part !== "").join(" "),
      cloud: {
        region: text(event["awsRegion"]),
        account: { id: text(event["recipientAccountId"]) },
      },
      aws: { cloudtrail: own(event, identity, happened !== "") },
    };
    if (address !== "") document["source"] = ipVersion(address) === 0 ? { address } : { ip: address };
    if (user !== "") document["user"] = { name: user, id: text(identity["principalId"]) };
    if (text(event["userAgent"]) !== "") document["user_agent"] = { original: event["userAgent"] };
    if (code + reason !== "")
      document["error"] = { ...(code !== "" && { code }), ...(reason !== "" && { message: reason }) };
    return cut(document);
  };
}

/**
 * `failure` where the event says so: by a code, by a message (a failed sign-in has no code), or by `Failure` for a
 * value of its answer or of a service's own details. An Insights event tells of others' calls, so its own outcome is
 * unknown.
 */
function createOutcome() {
  const { values } = Object;
  const isObject = createIsObject();
  const failed = /^(?:failure|failed|fail)$/i;
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const saysFailure = (value: unknown): boolean =>
    isObject(value) && values(value).some((part) => typeof part === "string" && failed.test(part));
  return (event: JsonObject, insight: JsonObject) => {
    const code = text(event["errorCode"]) || text(insight["errorCode"]);
    const reason = text(event["errorMessage"]);
    if (event["eventName"] == null && insight["insightType"] != null)
      return { outcome: "unknown", code, reason };
    const isFailure =
      code + reason !== "" ||
      saysFailure(event["responseElements"]) ||
      saysFailure(event["serviceEventDetails"]);
    return { outcome: isFailure ? "failure" : "success", code, reason };
  };
}

/**
 * `aws.cloudtrail`: every value text, but for two booleans, and free-form parts a list of texts; what has no place of
 * its own is together in `other`, and so is what is no text where one has its place.
 */
function createOwn() {
  const { stringify } = JSON;
  const { keys } = Object;
  const snake = (name: string): string =>
    name.replace(/(?<=[a-z])[A-Z]+/g, (capitals) => `_${capitals}`).toLowerCase();
  const fields = (
    "eventVersion eventType eventCategory requestID apiVersion readOnly managementEvent sharedEventID " +
    "vpcEndpointId requestParameters responseElements additionalEventData serviceEventDetails insightDetails resources"
  ).split(" ");
  const identityFields = "type principalId arn accountId accessKeyId userName invokedBy sessionContext".split(
    " ",
  );
  const fieldNames = fields.map((name) => [name, snake(name)] as const);
  const identityNames = identityFields.map((name) => [name, snake(name)] as const);
  const othersOf = createOthers(fields, identityFields);
  const flatten = createFlatten();
  const isObject = createIsObject();
  const { isArray } = Array;
  const maxTexts = 1000;
  const asField = (value: Json, room: Room): Json => {
    if (typeof value === "string" || typeof value === "boolean") return value;
    return isObject(value) || isArray(value) ? flatten(value, "", room) : stringify(value);
  };
  const pick = (
    object: JsonObject,
    names: readonly (readonly [string, string])[],
    room: Room,
  ): JsonObject => {
    const picked: JsonObject = {};
    for (const [name, field] of names) if (object[name] != null) picked[field] = asField(object[name], room);
    return picked;
  };
  /** @param isTimed whether the event's time is one */
  return (event: JsonObject, identity: JsonObject, isTimed: boolean): JsonObject => {
    const room = { texts: maxTexts };
    const own = pick(event, fieldNames, room);
    for (const name of ["read_only", "management_event"]) {
      if (name in own && typeof own[name] !== "boolean") own[name] = own[name] === "true";
    }
    own["user_identity"] = pick(identity, identityNames, room);
    const others = othersOf(event, identity, isTimed);
    if (keys(others).length > 0) own["other"] = flatten(others, "", { texts: maxTexts });
    return own;
  };
}

/** What has no place of its own, or is none of its place's, with what an identity has beside the usual. */
function createOthers(fields: readonly string[], identityFields: readonly string[]) {
  const elsewhere =
    "eventID eventName eventSource awsRegion sourceIPAddress userAgent errorCode errorMessage recipientAccountId";
  const texts = new Set(elsewhere.split(" "));
  const own = new Set(fields);
  const ofIdentity = new Set(identityFields);
  const { keys, create } = Object;
  return (event: JsonObject, identity: JsonObject, isTimed: boolean): JsonObject => {
    const others: JsonObject = create(null);
    const isPlaced = (name: string, value: Json): boolean => {
      if (own.has(name)) return true;
      if (texts.has(name)) return value === null || typeof value === "string";
      if (name === "userIdentity") return value === null || value === identity;
      return name === "eventTime" && (isTimed || value === null);
    };
    for (const name of keys(event)) {
      const value = event[name] ?? null;
      if (!isPlaced(name, value)) others[name] = value;
    }
    for (const name of keys(identity)) {
      if (!ofIdentity.has(name)) others[`userIdentity.${name}`] = identity[name];
    }
    return others;
  };
}

/**
 * CloudTrail events: from CloudWatch Logs, from files, or one per record. What is free-form stays JSON text, so that
 * no two events disagree about the type of a field; digests are dropped.
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { isIP } from "node:net";
import { createEventTime } from "./json/event-time";
import { createExactParse, createIsObject, type JsonObject } from "./json/json-object";
import { createSubscription, type Payload } from "./payloads/subscription";
import type { ProcessorFactory } from "./processor";

export const cloudtrail: ProcessorFactory = () => {
  const read = createSubscription();
  const eventsOf = createEvents();
  const document = createTrailDocument();
  const { stringify } = JSON;
  return (record) => {
    const payload = read(record);
    if (payload.kind === "control") return { result: "Dropped" };
    if (payload.kind === "problem") return { result: "ProcessingFailed", reason: payload.reason };
    const events = eventsOf(payload);
    if (typeof events === "string") return { result: "ProcessingFailed", reason: events };
    const [first, ...others] = events;
    if (!first) return { result: "Dropped" };
    // The others go back as the events they are: a single event is never put again.
    const text = stringify(document(first, record.approximateArrivalTimestamp));
    return { result: "Ok", text, again: others.map((event) => stringify(event)) };
  };
};

/** The events of a payload; none of a digest. A string tells what is wrong. */
function createEvents() {
  const { isArray } = Array;
  const parse = createExactParse();
  const isObject = createIsObject();
  const isEvent = (value: unknown): value is JsonObject =>
    isObject(value) && typeof value["eventName"] === "string";
  return (payload: Extract<Payload, { kind: "object" | "subscription" }>): JsonObject[] | string => {
    let values: unknown[];
    if (payload.kind === "subscription") values = payload.events.map(({ message }) => parse(message));
    else if (isArray(payload.object["Records"])) values = payload.object["Records"];
    else if ("digestS3Bucket" in payload.object || "logFiles" in payload.object) values = [];
    else values = [payload.object];
    return values.every(isEvent) ? values : "no event of CloudTrail";
  };
}

/** Fields by the Elastic Common Schema; CloudTrail's own below `aws.cloudtrail`, a fixed list of them. */
function createTrailDocument() {
  const time = createEventTime();
  const ipVersion = isIP;
  const OfMs = Date;
  const own = createOwn();
  const text = (value: unknown): string => (typeof value === "string" ? value : "");
  const isObject = createIsObject();
  return (event: JsonObject, arrivalMs: number): JsonObject => {
    const address = text(event["sourceIPAddress"]);
    const identity = isObject(event["userIdentity"]) ? event["userIdentity"] : {};
    const arn = text(identity["arn"]);
    const user =
      text(identity["userName"]) || arn.slice(arn.lastIndexOf("/") + 1) || text(identity["invokedBy"]);
    const name = text(event["eventName"]);
    const provider = text(event["eventSource"]);
    const code = text(event["errorCode"]);
    const document: JsonObject = {
      "@timestamp": time(event["eventTime"], arrivalMs) || new OfMs(arrivalMs).toISOString(),
      message: [provider, name, user, address, code].filter((part) => part !== "").join(" "),
      event: {
        dataset: "cloudtrail",
        id: text(event["eventID"]),
        action: name,
        provider,
        outcome: code === "" ? "success" : "failure",
      },
      cloud: { region: text(event["awsRegion"]), account: { id: text(event["recipientAccountId"]) } },
      aws: { cloudtrail: own(event, identity) },
    };
    if (address !== "") document["source"] = ipVersion(address) === 0 ? { address } : { ip: address };
    if (user !== "") document["user"] = { name: user, id: text(identity["principalId"]) };
    if (text(event["userAgent"]) !== "") document["user_agent"] = { original: event["userAgent"] };
    if (code !== "") document["error"] = { code, message: text(event["errorMessage"]) };
    return document;
  };
}

/** `aws.cloudtrail`: every value text, but for two booleans; what has no place of its own is JSON in `other`. */
function createOwn() {
  const { stringify } = JSON;
  const { keys, create } = Object;
  const snake = (name: string): string =>
    name.replace(/(?<=[a-z])[A-Z]+/g, (capitals) => `_${capitals}`).toLowerCase();
  const fields = (
    "eventVersion eventType eventCategory requestID apiVersion readOnly managementEvent sharedEventID " +
    "vpcEndpointId requestParameters responseElements additionalEventData serviceEventDetails resources"
  ).split(" ");
  const identityFields = "type principalId arn accountId accessKeyId userName invokedBy sessionContext".split(
    " ",
  );
  const elsewhere = (
    "eventID eventTime eventName eventSource awsRegion sourceIPAddress userAgent errorCode errorMessage " +
    "recipientAccountId userIdentity"
  ).split(" ");
  const asField = (value: unknown): unknown =>
    typeof value === "string" || typeof value === "boolean" ? value : stringify(value);
  const pick = (object: JsonObject, names: readonly string[]): JsonObject => {
    const picked: JsonObject = {};
    for (const name of names) if (object[name] != null) picked[snake(name)] = asField(object[name]);
    return picked;
  };
  return (event: JsonObject, identity: JsonObject): JsonObject => {
    const own = pick(event, fields);
    for (const name of ["read_only", "management_event"]) {
      if (name in own && typeof own[name] !== "boolean") own[name] = own[name] === "true";
    }
    own["user_identity"] = pick(identity, identityFields);
    const others: JsonObject = create(null);
    for (const name of keys(event)) {
      if (!fields.includes(name) && !elsewhere.includes(name)) others[name] = event[name];
    }
    if (keys(others).length > 0) own["other"] = stringify(others);
    return own;
  };
}

/**
 * CloudWatch Logs subscriptions: a document per log event. The first event of a payload is the record's own
 * document; the others go into the stream again as documents of their own, which are known by their start and
 * left alone when they come back, so that nothing is ever put twice.
 */
import { cloudwatchFields } from "./json/declared";
import { createFlatten } from "./json/flatten";
import { createExactParse, createIsObject, type JsonObject } from "./json/json-object";
import { createLevel } from "./json/level";
import { createShape, treeOf } from "./json/shape";
import { createCut } from "./payloads/cut";
import { createLambdaLine } from "./payloads/lambda-line";
import { createSubscription, type LogEvent, type Subscription } from "./payloads/subscription";
import type { ProcessorFactory } from "./processor";

const declared = treeOf(cloudwatchFields, "json.");

export const cloudwatchLogs: ProcessorFactory = () => {
  const read = createSubscription();
  const document = createLogDocument();
  const start = /^\{(?:"@timestamp":"[^"]{20,30}",)?"event":\{"dataset":"cloudwatch-logs"/;
  const dropped = { result: "Dropped" } as const;
  return (record) => {
    const payload = read(record);
    if (payload.kind === "control") return dropped;
    if (payload.kind === "problem") return { result: "ProcessingFailed", reason: payload.reason };
    if (payload.kind === "object") {
      if (start.test(payload.text)) return { result: "Ok", text: payload.text };
      return { result: "ProcessingFailed", reason: "no payload of CloudWatch Logs" };
    }
    const [first, ...others] = payload.events.map((event) => document(payload, event));
    return first ? { result: "Ok", text: first, again: others } : dropped;
  };
};

interface DocumentOfEvent extends JsonObject {
  readonly event: object;
  message: string;
}

/** A log event's document; what a message has of JSON is in the field `json` besides. */
function createLogDocument() {
  const OfMs = Date;
  const shape = createShape(declared, 100);
  const jsonOf = createJsonOf();
  const lambdaLine = createLambdaLine();
  const levelOf = createLevel();
  const placeOf = createPlace();
  const cut = createCut();
  const withoutLineEnd = (text: string): string =>
    text.endsWith("\n") ? text.slice(0, text.endsWith("\r\n") ? -2 : -1) : text;
  return (
    { owner, logGroup, logStream }: Subscription,
    { id, timestamp, message, extractedFields }: LogEvent,
  ): string => {
    const json = jsonOf(message);
    const lambda = lambdaLine(message, json);
    const level = (json ? levelOf(json) : "") || (lambda?.level ?? "");
    const { account, region, extracted } = placeOf(owner, extractedFields);
    const cloudwatch: JsonObject = { log_group: logGroup, log_stream: logStream };
    const aws: JsonObject = { cloudwatch };
    if (extracted) cloudwatch["extracted_fields"] = extracted;
    if (lambda) aws["lambda"] = { request_id: lambda.requestId, ...lambda.report };
    // In front what cloudwatchLogs knows its own documents by, with the time where the handler looks for one.
    const event = { dataset: "cloudwatch-logs", id };
    const document: DocumentOfEvent =
      timestamp > 0 && timestamp < 4.1e12
        ? { "@timestamp": new OfMs(timestamp).toISOString(), event, message: "" }
        : { event, message: "" };
    // Fields one by one: to spread them costs more than all of them.
    document.message = withoutLineEnd(message);
    if (level !== "") document["log"] = { level };
    document["cloud"] = region === "" ? { account: { id: account } } : { account: { id: account }, region };
    document["aws"] = aws;
    if (json) document["json"] = shape(json, {});
    return cut(document);
  };
}

/**
 * The object that a message is, or ends with: behind Lambda's time, request and level, or behind any other words. The
 * first brace counts.
 */
function createJsonOf() {
  const parse = createExactParse();
  const isObject = createIsObject();
  return (message: string): JsonObject | null => {
    const at = message.indexOf("{");
    if (at === -1) return null;
    const text = message.slice(at).trimEnd();
    const json = text.endsWith("}") ? parse(text) : null;
    return isObject(json) ? json : null;
  };
}

/** Account and region where the event was written: a log group that collects others' says them in fields of its own. */
function createPlace() {
  const flatten = createFlatten();
  const { keys } = Object;
  const maxTexts = 200;
  return (owner: string, fields: JsonObject | null) => {
    if (!fields) return { account: owner, region: "", extracted: null };
    const { "@aws.account": account, "@aws.region": region, ...others } = fields;
    return {
      account: typeof account === "string" ? account : owner,
      region: typeof region === "string" ? region : "",
      extracted: keys(others).length > 0 ? flatten(others, "", { texts: maxTexts }) : null,
    };
  };
}

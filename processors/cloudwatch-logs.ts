/**
 * CloudWatch Logs subscriptions: a document per log event. The first event of a payload is the record's own
 * document; the others go into the stream again as documents of their own, which are known by their start and
 * left alone when they come back, so that nothing is ever put twice.
 */

import { createExactParse, createIsObject, createTidy } from "./json/json-object";
import { createSubscription, type LogEvent, type Subscription } from "./payloads/subscription";
import type { ProcessorFactory } from "./processor";

export const cloudwatchLogs: ProcessorFactory = () => {
  const read = createSubscription();
  const document = createLogDocument();
  const start = '{"event":{"dataset":"cloudwatch-logs"';
  const dropped = { result: "Dropped" } as const;
  return (record) => {
    const payload = read(record);
    if (payload.kind === "control") return dropped;
    if (payload.kind === "problem") return { result: "ProcessingFailed", reason: payload.reason };
    if (payload.kind === "object") {
      if (payload.text.startsWith(start)) return { result: "Ok", text: payload.text };
      return { result: "ProcessingFailed", reason: "no payload of CloudWatch Logs" };
    }
    const [first, ...others] = payload.events.map((event) => document(payload, event));
    return first ? { result: "Ok", text: first, again: others } : dropped;
  };
};

/** A log event's document; a message that is a JSON object is parsed into the field `json` besides. */
function createLogDocument() {
  const { stringify } = JSON;
  const OfMs = Date;
  const parse = createExactParse();
  const isObject = createIsObject();
  const tidy = createTidy({ maxDepth: 12, maxFields: 200 });
  return ({ owner, logGroup, logStream }: Subscription, { id, timestamp, message }: LogEvent): string => {
    const json = message.trimStart().startsWith("{") ? parse(message) : null;
    return stringify({
      // First, as cloudwatchLogs knows its own documents by it.
      event: { dataset: "cloudwatch-logs", id },
      ...(timestamp > 0 && timestamp < 4.1e12 && { "@timestamp": new OfMs(timestamp).toISOString() }),
      message: message.replace(/\r?\n$/, ""),
      cloud: { account: { id: owner } },
      aws: { cloudwatch: { log_group: logGroup, log_stream: logStream } },
      ...(isObject(json) && { json: tidy(json) }),
    });
  };
}

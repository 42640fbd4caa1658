/**
 * Lines and stack traces of any program: syslog, error logs of web servers and databases, logfmt. The document is
 * the text, with the time and the level where the text says them. Behind `cloudwatch-logs` it reads the messages.
 */
import type { FieldTypes } from "./field-types";
import type { JsonObject } from "./json/json-object";
import { createCarried, createOver } from "./log-lines/carried";
import { createShipped } from "./log-lines/shipped";
import { createPacked } from "./packed";
import type { Outcome, ProcessorFactory } from "./processor";
import { createLevel, createLevelName } from "./text-lines/level";
import { createOrigin } from "./text-lines/origin";
import { createLineTime } from "./text-lines/time";

export const text: ProcessorFactory = () => {
  const carried = createCarried();
  const over = createOver();
  // An event with a message is none of a line's.
  const shipped = createShipped(["log", "MESSAGE"]);
  const lineTime = createLineTime();
  const level = createLevel();
  const levelName = createLevelName();
  const origin = createOrigin();
  const { stringify } = JSON;
  const dropped: Outcome = { result: "Dropped" };
  const { isPacked, failed } = createPacked();
  const maxHead = 1000;
  return (record) => {
    const source = record.text();
    if (isPacked(source)) return failed(source, "");
    const { approximateArrivalTimestamp: arrivalMs } = record;
    const text = source.replace(/^[\0\ufeff]+/, "");
    const sent = text.startsWith("{") ? shipped(text, arrivalMs) : null;
    const { line, around } = sent ?? carried(text);
    if (line.trim() === "") return dropped;
    const head = line.slice(0, maxHead);
    const document: JsonObject = { message: line, event: { dataset: "text" } };
    const known = origin(head);
    const happened = lineTime(head, arrivalMs);
    const said = known.level || level(head) || levelName(sent?.level ?? "");
    if (happened !== "") document["@timestamp"] = happened;
    if (said !== "") document["log"] = { level: said };
    const parts = over(document, known.fields);
    return { result: "Ok", text: stringify(around ? over(around, parts) : parts) };
  };
};

export const textFields: FieldTypes = {
  "@timestamp": "date",
  message: "text",
  "event.dataset": "text",
  "log.level": "text",
  "host.name": "text",
  "process.name": "text",
  "process.pid": "long",
  "source.ip": "ip",
  "source.port": "long",
  "user.name": "text",
  "postgresql.database": "text",
};

/**
 * A line within the object that a shipper makes of it: `{"log":"…","container_id":"…"}` of Fluent Bit, FireLens and
 * Docker, `{"MESSAGE":"…"}` of journald, `{"message":"…"}` of Vector, Beats and Logstash.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_firelens.html
 */
import { createEventTime } from "../json/event-time";
import { createFlatten } from "../json/flatten";
import { createExactParse, createIsObject, type JsonObject } from "../json/json-object";
import { createLevel } from "../json/level";

export interface Shipped {
  /** Without its line end. */
  readonly line: string;
  /** What stands beside the line, as texts in `labels`, and its time where it says one. */
  readonly around: JsonObject;
  /** As the shipper says it, `""` where it does not. */
  readonly level: string;
}

/** @param names of the line, of which the first that is there counts; gives null for what has none of them */
export function createShipped(names: readonly string[]) {
  const parse = createExactParse();
  const isObject = createIsObject();
  const eventTime = createEventTime();
  const levelOf = createLevel();
  const labelsOf = createLabels();
  const times = "@timestamp timestamp time date _SOURCE_REALTIME_TIMESTAMP __REALTIME_TIMESTAMP".split(" ");
  const severities = "emerg alert crit err warning notice info debug".split(" ");
  const severity = /^[0-7]$/;
  const lineEnd = /\r?\n$/;
  return (text: string, arrivalMs: number): Shipped | null => {
    const object = parse(text);
    if (!isObject(object)) return null;
    const name = names.find((one) => typeof object[one] === "string");
    if (name == null) return null;
    const { [name]: line, ...others } = object;
    const around: JsonObject = {};
    for (const one of times) {
      const time = eventTime(others[one], arrivalMs);
      if (time !== "" && !around["@timestamp"]) around["@timestamp"] = time;
    }
    const labels = labelsOf(others);
    if (labels) around["labels"] = labels;
    const priority = `${others["PRIORITY"]}`;
    const level = levelOf(others) || (severity.test(priority) ? severities[+priority]! : "");
    return { line: (line as string).replace(lineEnd, ""), around, level };
  };
}

/** Every value as a text, objects as a list of them; null where there is none. At most 64, as other labels. */
function createLabels() {
  const flatten = createFlatten();
  const isObject = createIsObject();
  const { isArray } = Array;
  const { create, keys } = Object;
  const { stringify } = JSON;
  const maxLabels = 64;
  const maxTexts = 200;
  const textsOf = (value: unknown): unknown => {
    if (isObject(value) || isArray(value)) return flatten(value, "", { texts: maxTexts });
    return typeof value === "string" ? value : stringify(value);
  };
  return (others: JsonObject): JsonObject | null => {
    let labels: JsonObject | null = null;
    for (const name of keys(others).slice(0, maxLabels)) {
      if (others[name] === null) continue;
      labels = labels ?? (create(null) as JsonObject);
      labels[name.replace(/[.\s]+/g, "_") || "_"] = textsOf(others[name]);
    }
    return labels;
  };
}

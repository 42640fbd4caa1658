/**
 * An event that a container wrote as a line of JSON, within what the container's runtime or a shipper makes of the line:
 * `{"log":"{…}","stream":"stdout","time":"…"}` of Docker, FireLens and Fluent Bit, `TIME stdout F {…}` of Kubernetes (CRI).
 */
import { createExactParse, createIsObject, type JsonObject } from "./json-object";

export interface ContainerLine {
  readonly event: JsonObject;
  /** What stands beside the line; null for an event alone. */
  readonly around: JsonObject | null;
}

/** Gives null for a text that is none of these, and no JSON object. */
export function createContainerLine() {
  const parse = createExactParse();
  const isObject = createIsObject();
  const cri = /^(\d{4}-\d\d-\d\dT\S{1,40}) (stdout|stderr) F (?=\{)/;
  return (text: string): ContainerLine | null => {
    const object = parse(text);
    if (isObject(object)) {
      const { log } = object;
      const event = typeof log === "string" && log.startsWith("{") ? parse(log) : null;
      if (!isObject(event)) return { event: object, around: null };
      const { log: _, ...around } = object;
      return { event, around };
    }
    const [before, time, stream] = cri.exec(text) ?? [];
    const event = before == null ? null : parse(text.slice(before.length));
    return isObject(event) ? { event, around: { stream, time } } : null;
  };
}

/**
 * What Lambda itself writes around a function's lines, and about each call.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
import { createIsObject, type JsonObject } from "../json/json-object";

export interface LambdaLine {
  /** Of the call that wrote the line. */
  readonly requestId: string;
  /** Text, or "" where the line has none. */
  readonly level: string;
  /** Of a report, by the names of `aws.lambda`: `{"duration_ms":1.5}`; null for any other line. */
  readonly report: JsonObject | null;
}

/**
 * `TIME\tREQUEST-ID\tLEVEL\tTEXT` of Node, `[LEVEL]\tTIME\tREQUEST-ID\tTEXT` of Python; `START`, `END` and `REPORT`,
 * and their forms in JSON.
 */
export function createLambdaLine(): (message: string, json: JsonObject | null) => LambdaLine | null {
  const id = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";
  const node = new RegExp(`^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${id}\\t([A-Z]{4,8})\\t`);
  const python = new RegExp(`^\\[([A-Z]{4,8})\\]\\t\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\\t${id}\\t`);
  const platform = /^(?:START|END|REPORT) RequestId: (\S{1,64})/;
  const startsAsOne = /^(?:\d{4}-|\[[A-Z]|START |END |REPORT )/;
  const reportOf = createReport();
  const metricsOf = createMetrics();
  return (message, json) => {
    if (json) return metricsOf(json);
    if (!startsAsOne.test(message)) return null;
    const found = node.exec(message);
    if (found) return { requestId: found[1]!, level: found[2]!, report: null };
    const other = python.exec(message);
    if (other) return { requestId: other[2]!, level: other[1]!, report: null };
    const own = platform.exec(message);
    if (!own) return null;
    return { requestId: own[1]!, level: "", report: message.startsWith("REPORT") ? reportOf(message) : null };
  };
}

/** `REPORT RequestId: … Duration: 1.50 ms Billed Duration: 2 ms Memory Size: 128 MB …`, parts divided by tabs. */
function createReport() {
  const part = /^([A-Z][A-Za-z ]{2,30}): ([\d.]{1,20}) (ms|MB)$/;
  const known =
    /^(?:duration_ms|billed_duration_ms|init_duration_ms|restore_duration_ms|billed_restore_duration_ms|memory_size_mb|max_memory_used_mb)$/;
  return (message: string): JsonObject => {
    const report: JsonObject = {};
    for (const text of message.slice(0, 2000).split("\t")) {
      const [, name = "", value = "", unit = ""] = part.exec(text.trim()) ?? [];
      const field = `${name.toLowerCase().replaceAll(" ", "_")}_${unit.toLowerCase()}`;
      if (known.test(field) && +value >= 0) report[field] = +value;
      else if (text.startsWith("Status: ")) report["status"] = text.slice("Status: ".length).trim();
    }
    return report;
  };
}

/** `{"type":"platform.report","record":{"requestId":"…","metrics":{"durationMs":1.5}}}`. */
function createMetrics() {
  const isObject = createIsObject();
  const names = {
    durationMs: "duration_ms",
    billedDurationMs: "billed_duration_ms",
    initDurationMs: "init_duration_ms",
    restoreDurationMs: "restore_duration_ms",
    billedRestoreDurationMs: "billed_restore_duration_ms",
    memorySizeMB: "memory_size_mb",
    maxMemoryUsedMB: "max_memory_used_mb",
  };
  const { entries } = Object;
  return ({ type, record }: JsonObject): LambdaLine | null => {
    if (typeof type !== "string" || !type.startsWith("platform.") || !isObject(record)) return null;
    const report: JsonObject = {};
    if (isObject(record["metrics"])) {
      for (const [name, field] of entries(names)) {
        const value = record["metrics"][name];
        if (typeof value === "number") report[field] = value;
      }
    }
    if (typeof record["status"] === "string") report["status"] = record["status"];
    const id = record["requestId"];
    return { requestId: typeof id === "string" ? id : "", level: "", report };
  };
}

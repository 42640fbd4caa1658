/** The level of a log event, under whatever name its logger writes it. */
import type { JsonObject } from "./json-object";

/** Text, or "" where the object has none. Numbers of pino and bunyan (10, 20, … 60) are the names they stand for. */
export function createLevel() {
  const { hasOwn } = Object;
  const names =
    "level lvl severity loglevel logLevel log_level levelname severity_text severityText @l Level Severity".split(
      " ",
    );
  const numbers: Record<string, string> = {
    10: "trace",
    20: "debug",
    30: "info",
    40: "warn",
    50: "error",
    60: "fatal",
  };
  return (object: JsonObject): string => {
    // Kubernetes' audit log (EKS) says how much of a request it tells, which is no severity.
    if (hasOwn(object, "auditID")) return "";
    for (const name of names) {
      if (!hasOwn(object, name)) continue;
      const value = object[name];
      if (typeof value === "string" && value !== "") return value;
      if (typeof value === "number") return numbers[value] ?? `${value}`;
    }
    return "";
  };
}

/**
 * Names that stand in values: `{"name":"Cookie","value":"…"}`, as WAF, HAR files, containers' environments and
 * OpenTelemetry write them, `["Authorization","Basic …"]`, and the arguments of commands.
 */
import type { JsonObject } from "../json/json-object";
import type { FieldNames } from "./field-names";
import { createPairNames } from "./pair-names";

export function createPairs({ isSecret }: FieldNames) {
  const { names, values } = createPairNames();
  const { keys } = Object;
  const maxName = 100;
  return {
    /** Whether one of an object's fields says that another one holds a secret. */
    namesSecret: (object: JsonObject): boolean => {
      for (const key of keys(object)) {
        if (names[key] !== true) continue;
        const value = object[key];
        if (typeof value === "string" && value.length <= maxName && isSecret(value)) return true;
      }
      return false;
    },
    isValue: (key: string): boolean => values[key] === true,
  };
}

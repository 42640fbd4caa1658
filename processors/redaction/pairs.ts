/**
 * Names that stand in values: `{"name":"Cookie","value":"…"}`, as WAF, HAR files, containers' environments and
 * OpenTelemetry write them, `["Authorization","Basic …"]`, and the arguments of commands.
 */
import type { JsonObject } from "../json/json-object";
import { createLooksSecret, type Doubt } from "./doubtful-names";
import type { FieldNames } from "./field-names";
import { createPairNames } from "./pair-names";

export function createPairs({ isSecret, doubtOf }: FieldNames) {
  const { names, values } = createPairNames();
  const looksSecret = createLooksSecret();
  const { keys } = Object;
  const maxName = 100;
  return {
    /** What one of an object's fields says that another one holds: a secret, or what may be one. */
    saidBy: (object: JsonObject): "secret" | Doubt => {
      let said: Doubt = "";
      for (const key of keys(object)) {
        if (names[key] !== true) continue;
        const value = object[key];
        if (typeof value !== "string" || value.length > maxName) continue;
        if (isSecret(value)) return "secret";
        said = said || doubtOf(value);
      }
      return said === "code" ? "" : said;
    },
    isSecretValue: (said: "secret" | Doubt, key: string, value: unknown): boolean => {
      if (said === "" || values[key] !== true) return false;
      return said === "secret" || (typeof value === "string" && looksSecret(said, value));
    },
  };
}

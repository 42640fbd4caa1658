/** Kubernetes' own objects for secrets: whatever their entries are called, their values are secret. */
import { createIsObject, type JsonObject } from "../json/json-object";
import type { FieldNames } from "./field-names";

export function createManifests({ isSecret }: FieldNames) {
  const isObject = createIsObject();
  const isWanted = isSecret("secret");
  const { fromEntries, keys } = Object;
  const { isArray } = Array;
  const value = /(?<==)[^]*$/;
  const entries = ["data", "stringData"];
  const kind = /^[ \t-]*kind:[ \t]*["']?Secret["']?[ \t]*\r?$/m;
  const begin = /^([ \t-]*)(?:data|stringData):[ \t]*\r?$/;
  /** An entry's name, or what a long value's further line has in front. */
  const before = /^[ \t]*(?:(?:[\w.-]{1,253}|"[^"]{1,253}"):(?= |\t|\r?$))?/;
  const indent = /^[ \t]*/;
  return {
    /** The object with its entries' values masked; any other one as it is. */
    withoutEntries: (object: JsonObject): JsonObject => {
      if (object["kind"] !== "Secret" || !isWanted) return object;
      const masked: JsonObject = { ...object };
      for (const key of entries) {
        const field = object[key];
        if (isObject(field)) masked[key] = fromEntries(keys(field).map((name) => [name, "[redacted]"]));
        // As another processor has made texts of it.
        else if (isArray(field)) masked[key] = field.map((item) => `${item}`.replace(value, "[redacted]"));
      }
      return masked;
    },
    /** In a text that is YAML. */
    mask: (text: string): string => {
      if (!isWanted || !text.includes("kind:") || !kind.test(text)) return text;
      let [within, first] = [-1, -1];
      const lines = text.split("\n").map((line) => {
        if (line.trim() === "") return line;
        const depth = indent.exec(line)![0].length;
        if (within >= 0 && depth > within) {
          if (first < 0) first = depth;
          return `${(depth === first ? before : indent).exec(line)![0]} [redacted]`;
        }
        const found = begin.exec(line);
        within = found ? found[1]!.length : -1;
        first = -1;
        return line;
      });
      return lines.join("\n");
    },
  };
}

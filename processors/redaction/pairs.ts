/**
 * Names that stand in values: `{"name":"Cookie","value":"…"}`, as WAF, HAR files, containers' environments and
 * OpenTelemetry write them, `["Authorization","Basic …"]`, and the arguments of commands.
 */
import type { JsonObject } from "../json/json-object";
import type { FieldNames } from "./field-names";

export function createPairs({ isSecret }: FieldNames) {
  const spelled = (list: string): Record<string, true> => {
    const known: Record<string, true> = Object.create(null);
    for (const name of list.split(" ")) {
      known[name] = true;
      known[name.toUpperCase()] = true;
      known[name.charAt(0).toUpperCase() + name.slice(1)] = true;
    }
    return known;
  };
  const names = spelled(
    "name key k n header headerName header_name field fieldName field_name param parameter parameterName " +
      "attribute variable property option setting id label parameterKey optionName attributeName variableName",
  );
  const values = spelled(
    "value values v val content stringValue string_value rawValue raw_value parameterValue optionValue attributeValue",
  );
  const { keys } = Object;
  const maxName = 100;
  const maxPath = 300;
  const maxItems = 10_000;
  const name = /^[\w.:-]{1,100}$/;
  const option = /^--?[A-Za-z][\w-]*$/;
  const plainWord = /^[a-z][a-z_]*$/i;
  const pairList = /(?:headers?|cookies?|params?|parameters|env|environment|attributes|metadata)$/i;
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
    /**
     * The same pairs where another processor has made texts of them, `["env.name=DB_PASSWORD","env.value=…"]`: the list
     * with the values taken out, null where it holds none. A field that comes again begins the next object.
     */
    withoutFlatSecrets: (list: readonly unknown[]): unknown[] | null => {
      let cleaned: unknown[] | null = null;
      let seen: Record<string, true> = Object.create(null);
      let places: number[] = [];
      let isSecretPair = false;
      const endObject = (): void => {
        for (const i of isSecretPair ? places : []) {
          const item = list[i] as string;
          cleaned ??= [...list];
          cleaned[i] = `${item.slice(0, item.indexOf("=") + 1)}[redacted]`;
        }
        seen = Object.create(null);
        places = [];
        isSecretPair = false;
      };
      for (let i = 0; i < list.length; i++) {
        const item = list[i];
        const end = typeof item === "string" ? item.indexOf("=") : -1;
        if (end < 1 || end > maxPath) continue;
        const place = (item as string).slice(0, end);
        if (seen[place]) endObject();
        seen[place] = true;
        const parts = place.split(".");
        const value = (item as string).slice(end + 1, end + 2 + maxName);
        if (names[parts[parts.length - 1]!] && value.length <= maxName && isSecret(value))
          isSecretPair = true;
        if (parts.some((part) => values[part])) places.push(i);
      }
      endObject();
      return cleaned;
    },
    /** Which items of a list are secrets by the names in front of them; null where none is. */
    secretItems: (list: readonly unknown[], path: string): boolean[] | null => {
      let secret: boolean[] | null = null;
      const isEven = list.length % 2 === 0;
      for (let i = 1; i < list.length && i < maxItems; i++) {
        const before = list[i - 1];
        const item = list[i];
        if (typeof before !== "string" || typeof item !== "string" || !name.test(before)) continue;
        if (secret?.[i - 1] || !isSecret(before)) continue;
        // A list of fields' names, as of a form's missing ones, is none of pairs.
        const isPair = isEven && i % 2 === 1 && (pairList.test(path) || !plainWord.test(item));
        if (!isPair && !option.test(before)) continue;
        secret ??= [];
        secret[i] = true;
      }
      return secret;
    },
  };
}

/** Secrets among the items of a list, known by what stands in other items. */
import { createMaskCommands } from "./commands";
import { createMaskCredentials } from "./credentials";
import { createLooksSecret } from "./doubtful-names";
import type { FieldNames } from "./field-names";
import { createPairNames } from "./pair-names";

/** The list with its secrets taken out; the list itself where it holds none. */
export function createWithoutSecretItems(fieldNames: FieldNames) {
  const isSecretItem = createSecretItems(fieldNames);
  const withoutFlat = createWithoutFlatSecrets(fieldNames);
  const maskArguments = createMaskArguments();
  return (list: readonly unknown[], path: string): readonly unknown[] => {
    const secret = isSecretItem(list, path);
    const named = secret ? list.map((item, i) => (secret[i] ? "[redacted]" : item)) : list;
    return withoutFlat(maskArguments(named), path);
  };
}

/** A command and its arguments, `["mysql","-phunter2"]`: read as the line that they are, each item a word of it. */
function createMaskArguments() {
  const mask = createMaskCommands();
  const maskCredentials = createMaskCredentials();
  const maxItems = 1000;
  const inner = /[\s"']/g;
  const stood = /\ue000/g;
  const isOption = (item: unknown): boolean => typeof item === "string" && item.charCodeAt(0) === 45;
  return (list: readonly unknown[]): readonly unknown[] => {
    if (list.length < 3 || list.length > maxItems || !list.some(isOption)) return list;
    const words = list.map((item) => (typeof item === "string" ? item.replace(inner, "\ue000") : "0"));
    const line = words.join(" ");
    const masked = maskCredentials(mask(line), true);
    if (masked === line) return list;
    const parts = masked.split(" ");
    return list.map((item, i) => (parts[i] === words[i] ? item : parts[i]!.replace(stood, " ")));
  };
}

/** Which items are secrets by the names in front of them, `["Authorization","Basic …"]`; null where none is. */
function createSecretItems({ isSecret }: FieldNames) {
  const maxItems = 10_000;
  const name = /^[\w.:-]{1,100}$/;
  const option = /^--?[A-Za-z][\w-]*$/;
  const plainWord = /^[a-z][a-z_]*$/i;
  const pairList = /(?:headers?|cookies?|params?|parameters|env|environment|attributes|metadata)$/i;
  return (list: readonly unknown[], path: string): boolean[] | null => {
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
      secret = secret ?? [];
      secret[i] = true;
    }
    return secret;
  };
}

/**
 * Pairs of name and value of which another processor has made texts, `["env.name=DB_PASSWORD","env.value=…"]`. A field
 * that comes again begins the next object.
 */
function createWithoutFlatSecrets({ isSecret, doubtOf }: FieldNames) {
  const looksSecret = createLooksSecret();
  const { names, values } = createPairNames();
  const { create } = Object;
  const maxName = 100;
  const maxPath = 300;
  return (list: readonly unknown[], path: string): readonly unknown[] => {
    const above = path.slice(path.lastIndexOf(".") + 1);
    let cleaned: unknown[] | null = null;
    let seen: Record<string, true> = create(null);
    let places: number[] = [];
    let isSecretPair = false;
    const endObject = (): void => {
      for (const i of isSecretPair ? places : []) {
        const item = list[i] as string;
        cleaned = cleaned ?? [...list];
        cleaned[i] = `${item.slice(0, item.indexOf("=") + 1)}[redacted]`;
      }
      seen = create(null);
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
      const doubt = place === "id" ? doubtOf(`${above}.id`) : "";
      if (doubt !== "" && looksSecret(doubt, (item as string).slice(3))) {
        cleaned = cleaned ?? [...list];
        cleaned[i] = "id=[redacted]";
        continue;
      }
      const parts = place.split(".");
      const value = (item as string).slice(end + 1, end + 2 + maxName);
      if (names[parts[parts.length - 1]!] && value.length <= maxName && isSecret(value)) isSecretPair = true;
      if (parts.some((part) => values[part])) places.push(i);
    }
    endObject();
    return cleaned ?? list;
  };
}

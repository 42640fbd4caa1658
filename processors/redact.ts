/**
 * Takes personal and secret data out before the index, in front of or behind other processors
 * (`redact,access-log`). The backup in S3 keeps every source record as it came. See docs/processors.md.
 */
import type { ProcessorFactory } from "./handler";
import { createExactParse, createIsObject, type JsonObject } from "./json-object";

/** Names of fields that are dropped where the configuration names no others. */
export const usualFields = [
  "password",
  "passwd",
  "pwd",
  "secret",
  "client_secret",
  "token",
  "access_token",
  "refresh_token",
  "id_token",
  "api_key",
  "apikey",
  "authorization",
  "cookie",
  "set-cookie",
  "private_key",
] as const;

/** What can be masked in texts; all of it where the configuration names none. */
export const maskPatterns = ["email", "card", "key"] as const;

/**
 * Configured by the function's environment, read at its cold start: REDACT_FIELDS, a JSON list of names of fields
 * that are dropped wherever they are (`password`) or at one place (`user.email`); REDACT_PATTERNS, a JSON list of
 * {@link maskPatterns}. An empty list is none; a text that is no list stops the function, as nobody can tell what
 * was to be kept out of the index.
 */
export const redact: ProcessorFactory = () => {
  const parse = createExactParse();
  const isObject = createIsObject();
  const mask = createMask();
  const walk = createWalk(mask);
  const maskParameters = createMaskParameters();
  const { stringify } = JSON;
  return (record) => {
    const text = record.text();
    // Closed by default: what cannot be read cannot be redacted.
    if (text.charCodeAt(0) === 0x1f) {
      return {
        result: "ProcessingFailed",
        reason: "compressed; put redact behind the processor that unpacks",
      };
    }
    const value = text.trimStart().startsWith("{") ? parse(text) : null;
    const redacted = isObject(value) ? stringify(walk(value)) : maskParameters(mask(text));
    return { result: "Ok", text: redacted };
  };
};

/** The names of a variable's list, or `usual` where the variable is not there. */
function namesOf(variable: string, usual: readonly string[]): readonly string[] {
  const text = process.env[variable];
  if (!text) return usual;
  const names = /^\s*\[/.test(text) ? (JSON.parse(text) as unknown[]) : [null];
  if (names.every((name) => typeof name === "string")) return names;
  throw new TypeError(`${variable} is no JSON list of texts`);
}

function createFieldNames(): string[] {
  return namesOf("REDACT_FIELDS", usualFields).map((name) => name.toLowerCase());
}

/** A copy of a value without the fields to drop, and with its texts masked. */
function createWalk(mask: (text: string) => string) {
  const names: Record<string, boolean> = Object.create(null);
  for (const name of createFieldNames()) names[name] = true;
  const { keys } = Object;
  const { isArray } = Array;
  const { stringify } = JSON;
  const isObject = createIsObject();
  const maxDepth = 100;
  /** A value that is not text, such as a card's number as a number, is masked where its text would be. */
  const maskScalar = (value: unknown): unknown => {
    if (typeof value === "string") return mask(value);
    if (value === null || typeof value === "boolean") return value;
    const text = stringify(value);
    const masked = mask(text);
    return masked === text ? value : masked;
  };
  function walk(value: unknown, path: string, depth: number): unknown {
    if (depth > maxDepth) return "[too deep]";
    if (isArray(value)) return value.map((item) => walk(item, path, depth + 1));
    if (!isObject(value)) return maskScalar(value);
    const kept: JsonObject = {};
    for (const key of keys(value)) {
      const name = key.toLowerCase();
      const place = path === "" ? name : `${path}.${name}`;
      if (names[name] || names[place]) continue;
      kept[key === "__proto__" ? "__proto___" : key] = walk(value[key], place, depth + 1);
    }
    return kept;
  }
  return (object: JsonObject): unknown => walk(object, "", 1);
}

/** In text that is no JSON, the values of parameters with such names: `?token=abc&`, `password=abc`. */
function createMaskParameters() {
  const names = createFieldNames()
    .map((name) => name.replace(/[^\w.-]/g, ""))
    .map((name) => name.replace(/[.-]/g, "\\$&"))
    .filter((name) => name !== "");
  // Without a name the expression would match every parameter.
  if (names.length === 0) return (text: string): string => text;
  const parameters = new RegExp(`\\b(${names.join("|")})(=|%3D)[^&\\s"']{1,2000}`, "gi");
  return (text: string): string => text.replace(parameters, "$1$2[redacted]");
}

/** E-mail addresses, card numbers, and the shapes of well-known keys. */
function createMask() {
  const wanted = namesOf("REDACT_PATTERNS", maskPatterns);
  const withEmail = wanted.includes("email");
  const withCard = wanted.includes("card");
  const withKey = wanted.includes("key");
  const email = /[\w.%+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
  const card = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
  const key =
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36,}|\bsk_(?:live|test)_\w{16,}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bBearer\s+[\w.~+/=-]{8,}|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|$)/g;
  // The first digits that the card schemes use, 13 digits of Visa alone: else each tenth timestamp in milliseconds,
  // which is 13 digits too, would pass Luhn's check, and its field would have numbers and texts.
  const scheme = /^(?:[3-6]|2[2-7]).{13}|^4.{12}$/;
  const isCard = (text: string): boolean => {
    if (!scheme.test(text.replace(/\D/g, ""))) return false;
    let sum = 0;
    let twice = false;
    for (let i = text.length - 1; i >= 0; i--) {
      const digit = text.charCodeAt(i) - 48;
      if (digit < 0) continue;
      const part = twice ? digit * 2 : digit;
      sum += part > 9 ? part - 9 : part;
      twice = !twice;
    }
    return sum % 10 === 0;
  };
  return (text: string): string => {
    let masked = text;
    if (withKey) masked = masked.replace(key, "[key]");
    if (withEmail && (masked.includes("@") || masked.includes("%40")))
      masked = masked.replace(email, "[email]");
    if (withCard) masked = masked.replace(card, (digits) => (isCard(digits) ? "[card]" : digits));
    return masked;
  };
}

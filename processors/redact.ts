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
  const maskCards = createMaskCards();
  const withKey = wanted.includes("key");
  const email = /[\w.%+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
  const key =
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36,}|\bsk_(?:live|test)_\w{16,}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bBearer\s+[\w.~+/=-]{8,}|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|$)/g;
  return (text: string): string => {
    let masked = text;
    if (withKey) masked = masked.replace(key, "[key]");
    if (withEmail && (masked.includes("@") || masked.includes("%40")))
      masked = masked.replace(email, "[email]");
    if (withCard) masked = maskCards(masked);
    return masked;
  };
}

/**
 * Card numbers: undivided, or in groups between single blanks or hyphens. A run of digits that is one as a whole
 * is masked; of a longer one, as a security code or a date behind the number makes it, the groups that are laid out
 * like a card's.
 */
function createMaskCards() {
  const run = /\d(?:[ -]?\d){12,}/g;
  const layout = /^(?:1[3-9]|4,4,4,4|4,4,4,4,[1-3]|4,6,[45])$/;
  const maxDigits = 19;
  const isCard = createIsCard();
  const maskRun = (digits: string): string => {
    if (isCard(digits.replace(/\D/g, ""))) return "[card]";
    // Digits and what is between them in turns.
    const groups = digits.split(/([ -])/);
    let masked = "";
    for (let i = 0; i < groups.length; i += 2) {
      let number = "";
      let lengths = "";
      let end = -1;
      for (let j = i; j < groups.length && number.length <= maxDigits; j += 2) {
        number += groups[j];
        lengths += `${j === i ? "" : ","}${groups[j]!.length}`;
        if (layout.test(lengths) && isCard(number)) end = j;
      }
      masked += end === -1 ? groups[i] : "[card]";
      if (end !== -1) i = end;
      masked += groups[i + 1] ?? "";
    }
    return masked;
  };
  return (text: string): string => text.replace(run, maskRun);
}

/**
 * The first digits and lengths that the card schemes use, 13 digits with Visa alone, and Luhn's check. Without the
 * first, each tenth timestamp in milliseconds, which has 13 digits too, would be a card, and the index would refuse
 * the text in a field of numbers.
 */
function createIsCard() {
  const scheme = /^(?:(?:[3-6]|2[2-7])\d{13,18}|4\d{12})$/;
  return (digits: string): boolean => {
    if (!scheme.test(digits)) return false;
    let sum = 0;
    let twice = false;
    for (let i = digits.length - 1; i >= 0; i--) {
      const digit = digits.charCodeAt(i) - 48;
      const part = twice ? digit * 2 : digit;
      sum += part > 9 ? part - 9 : part;
      twice = !twice;
    }
    return sum % 10 === 0;
  };
}

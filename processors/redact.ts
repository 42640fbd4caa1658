/**
 * Takes personal and secret data out before the index, in front of or behind other processors
 * (`redact,access-log`). The backup in S3 keeps every source record as it came. See docs/processors.md.
 */
import type { ProcessorFactory } from "./handler";
import { createExactParse, createIsObject, type JsonObject } from "./json-object";

/**
 * Configured by the function's environment, read at its cold start: REDACT_FIELDS, names of fields that are dropped
 * wherever they are (`password`) or at one place (`user.email`); REDACT_PATTERNS, of `email`, `card`, `key`, what
 * is masked in all texts.
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

function createFieldNames() {
  const usual =
    "password,passwd,pwd,secret,client_secret,token,access_token,refresh_token,id_token,api_key,apikey,authorization,cookie,set-cookie,private_key";
  const names = process.env["REDACT_FIELDS"] || usual;
  return names
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
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
  const parameters = new RegExp(`\\b(${names.join("|")})(=|%3D)[^&\\s"']{1,2000}`, "gi");
  return (text: string): string => text.replace(parameters, "$1$2[redacted]");
}

/** E-mail addresses, card numbers that pass Luhn's check, and the shapes of well-known keys. */
function createMask() {
  const wanted = (process.env["REDACT_PATTERNS"] || "email,card,key").split(",").map((name) => name.trim());
  const withEmail = wanted.includes("email");
  const withCard = wanted.includes("card");
  const withKey = wanted.includes("key");
  const email = /[\w.%+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}/gi;
  const card = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
  const key =
    /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36,}|\bsk_(?:live|test)_\w{16,}|\bxox[abprs]-[\w-]{10,}|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|\bBearer\s+[\w.~+/=-]{8,}|-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY-----|$)/g;
  const isCard = (text: string): boolean => {
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

/** What is masked in any text, by its shape. */
import { namesOf } from "../environment";
import { createMaskCards, createMaskIbans } from "./account-numbers";
import { createMaskCommands } from "./commands";
import { maskPatterns } from "./configuration";

/** E-mail addresses, card and account numbers, and the shapes of well-known keys. */
export function createMask() {
  const wanted = namesOf("REDACT_PATTERNS", maskPatterns);
  const withEmail = wanted.includes("email");
  const withCard = wanted.includes("card");
  const withIban = wanted.includes("iban");
  const withKey = wanted.includes("key");
  const maskCards = createMaskCards();
  const maskIbans = createMaskIbans();
  const maskKeys = createMaskKeys();
  const maskCommands = createMaskCommands();
  // `package@1.2.3` is a version.
  const email = /[\p{L}\p{N}_.%+-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}[\p{L}\p{N}-]{1,62}/gu;
  return (text: string): string => {
    let masked = text;
    if (withKey) masked = maskCommands(maskKeys(masked));
    if (withEmail && (masked.includes("@") || masked.includes("%40")))
      masked = masked.replace(email, "[email]");
    if (withIban) masked = maskIbans(masked);
    if (withCard) masked = maskCards(masked);
    return masked;
  };
}

/**
 * Keys and tokens that their makers gave a shape of its own, JSON Web Tokens, private keys, the credentials of an
 * `Authorization` header without its name, and those within a URL, whose user stays.
 */
function createMaskKeys() {
  const shapes = [
    String.raw`(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    String.raw`gh[pousr]_\w{36,}`,
    String.raw`github_pat_\w{22,}`,
    String.raw`glpat-[\w-]{20,}`,
    String.raw`[sr]k_(?:live|test)_\w{16,}`,
    String.raw`sk-(?:proj-|ant-)?[\w-]{32,}`,
    String.raw`xox[abeoprs]-[\w-]{10,}`,
    String.raw`AIza[\w-]{35}`,
    String.raw`ya29\.[\w-]{20,}`,
    String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
    "(?:npm|hf|dop_v1|shpat|shpss)_[A-Za-z0-9]{30,}",
    String.raw`pypi-[\w-]{50,}`,
    String.raw`eyJ[\w-]{8,}\.[\w-]{4,}(?:\.[\w-]*){0,3}`,
  ].join("|");
  const key = new RegExp(
    String.raw`\b(?:${shapes})|-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}KEY(?: BLOCK)?-----|$)`,
    "g",
  );
  // Most texts have nothing of the kind: a part of each shape is found quicker than the shape.
  const hint =
    /_|AKIA|ASIA|AIza|eyJ|xox|ya29|SG\.|pypi-|glpat-|sk-|-----B|earer|asic|EARER|ASIC|hooks|sig=|-u|--proxy-u|sshpass|jdbc:o/;
  const scheme = /\b(Bearer|Basic)(?:\s{1,3}|%20)([\w.~+/-]{8,}={0,2})(?![\w.~+/=-])/gi;
  const inUrl = /(:\/\/[^\s:/?#@"'\\]{0,256}:)[^\s/?#"'\\<>]{1,256}@/g;
  const tokenInUrl = /(:\/\/)[^\s:/?#@"'\\.]{20,256}@/g;
  const webhook =
    /(\bhooks\.slack\.com\/(?:services|workflows)\/|\bdiscord\w*\.com\/api\/webhooks\/)[\w/-]{8,}/g;
  const signature = /([?&]sig=)[^&\s"'\\]{8,}/g;
  const userOption = /((?:^|\s)(?:-u|--user|--proxy-user|sshpass\s-p)\s{0,3}(?:[^\s:"']{1,64}:)?)[^\s"']+/g;
  const withUser = /(?:-u|--(?:proxy-)?user)\s{0,3}[^\s:"']{1,64}:|sshpass\s-p/;
  const oracle = /(jdbc:oracle:\w{1,10}:[^\s/@]{1,64}\/)[^\s@]{1,128}@/g;
  const from = Buffer.from.bind(Buffer) as (text: string, encoding: "base64") => Buffer;
  const readable = /^[\x20-\x7e]*:[\x20-\x7e]*$/;
  /** "Bearer authentication" and "basic understanding" are words. */
  const isCredential = (name: string, value: string): boolean =>
    name.charCodeAt(1) === 101 || name.charCodeAt(1) === 69
      ? /\d/.test(value) || value.length >= 24
      : readable.test(from(value, "base64").toString("latin1"));
  const maskScheme = (all: string, name: string, value: string): string =>
    isCredential(name, value) ? "[key]" : all;
  const maskUser = (text: string): string =>
    withUser.test(text)
      ? text.replace(userOption, (all: string, before: string) =>
          before.endsWith(":") || before.includes("sshpass") ? `${before}[key]` : all,
        )
      : text;
  const maskShapes = (text: string): string => {
    const masked = text.replace(key, "[key]").replace(scheme, maskScheme);
    return maskUser(
      masked.replace(webhook, "$1[key]").replace(signature, "$1[key]").replace(oracle, "$1[key]@"),
    );
  };
  return (text: string): string => {
    const masked = hint.test(text) ? maskShapes(text) : text;
    if (!masked.includes("://")) return masked;
    return masked.replace(inUrl, "$1[key]@").replace(tokenInUrl, "$1[key]@");
  };
}

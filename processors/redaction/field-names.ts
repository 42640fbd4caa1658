/** Which names of fields mean what is to be dropped. */
import { createFieldNames } from "./configuration";
import { createDoubt, createLooksSecret, type Doubt } from "./doubtful-names";
import { createRemembered } from "./remembered";
import { createWords } from "./words";

export interface FieldNames {
  /**
   * Whether a field is dropped, from its name and the names above it, joined by dots. A yes or no is dropped only
   * below the very name: `has_password` is no password.
   */
  isDropped(name: string, above: string, value: unknown): boolean;
  /** Whether a name that stands in a text, with a dot before its last part or not, is one of them. */
  isSecret(name: string): boolean;
  /**
   * What a name means that is a secret's only before a value which looks like one, `""` where it means none:
   * {@link createLooksSecret} tells.
   */
  doubtOf(name: string): Doubt;
  /** Finds in a text, whatever is around it, the last word of some name. */
  readonly hint: RegExp;
}

/**
 * `password` means itself in all spellings and with words before it: `DB_PASSWORD`, `userPassword`, `x-password`,
 * `password2`, `password_hash`; `user.email` means an `email` below a `user`.
 */
export function createNames(): FieldNames {
  const exact: Record<string, boolean> = Object.create(null);
  const below: { above: string; last: string }[] = [];
  const normalized = createNormalized();
  const words = createWords();
  const names = createFieldNames();
  for (const name of names) {
    const dot = name.lastIndexOf(".");
    if (dot <= 0) exact[normalized(name)] = true;
    else below.push({ above: normalized(name.slice(0, dot)), last: normalized(name.slice(dot + 1)) });
  }
  const lookUp = createLookUp(exact, words);
  const doubtOf = createDoubt(exact, words);
  const looksSecret = createLooksSecret();
  const isBelow = (name: string, above: string): boolean => {
    const dot = name.lastIndexOf(".");
    const last = normalized(name.slice(dot + 1));
    const parents = dot <= 0 ? above : `${above}.${name.slice(0, dot)}`;
    return below.some((one) => {
      if (one.last !== last) return false;
      for (let at = parents.length; at > 0; ) {
        at = parents.lastIndexOf(".", at - 1);
        if (normalized(parents.slice(at + 1)) === one.above) return true;
      }
      return false;
    });
  };
  const lastWords = names.map((name) => words(name).pop() ?? "").filter((word) => word !== "");
  if (exact["password"] === true) lastWords.push("pass", "pin\\W", "auth\\W", "bearer\\W");
  if (exact["cookie"] === true) lastWords.push("sid\\W", "session\\w{0,4}\\W");
  return {
    isDropped: (name, above, value) => {
      const found = lookUp(name);
      if (found === 2 || (found === 1 && typeof value !== "boolean" && value !== null)) return true;
      // Analysts count sessions: a field that is named so stays.
      const doubt =
        found === 0 && (typeof value === "string" || typeof value === "number") ? doubtOf(name) : "";
      if (doubt !== "" && doubt !== "session" && looksSecret(doubt, `${value}`)) return true;
      return below.length > 0 && isBelow(name, above);
    },
    isSecret: (name) => lookUp(name) > 0 || (below.length > 0 && isBelow(name, "")),
    doubtOf,
    hint: hintOf(lastWords),
  };
}

/** Words that others are a part of stand for those: the fewer, the quicker. Without any, nothing may match. */
function hintOf(words: readonly string[]): RegExp {
  const shortest = [...new Set(words)].filter(
    (word) => !words.some((other) => other !== word && word.includes(other)),
  );
  return shortest.length === 0 ? /(?!)/ : new RegExp(shortest.join("|"), "i");
}

/** A name without its spelling: `Set-Cookie`, `set_cookie` and `setCookie` are one. */
function createNormalized() {
  const separators = /[^\p{L}\p{N}]+/gu;
  return (name: string): string => name.replace(separators, "").toLowerCase();
}

/** 2 for a name as it is configured, 1 for one that ends with it, 0 for any other. */
function createLookUp(exact: Readonly<Record<string, boolean>>, words: (name: string) => string[]) {
  const compound = /(?:password|passwd|passphrase|secret|token|apikey)$/;
  const compoundOf = /^(?:password|passwd|passphrase|secret|token|apikey)$/;
  const compounds = Object.keys(exact).filter((name) => compoundOf.test(name));
  // What tells which of several it is, or in which form.
  const qualifiers =
    /^(?:\d+|value|raw|plain|plaintext|confirm|confirmation|current|old|new|again|repeat|hash|hashed|encrypted|base64|b64|string|text|header)$/;
  // Tokens of languages, and the marks of pages and retries.
  const innocent =
    /^(?:next|page|continuation|pagination|sync|idempotency|request|client|start|cursor|cancellation|stop|pad|eos|bos|unk|sep|mask|per)$/;
  // `db_pass` is a password, `test_pass` is none.
  const owner =
    /^(?:db|database|mysql|postgres|pg|redis|mongo|smtp|imap|ftp|mail|email|ldap|user|root|admin|login|basic|auth|http|cert|keystore|truststore|key|store)$/;
  const joined = /^(?:store|key|user|db|login|admin|root|auth)pass$/;
  const maxName = 200;
  const find = (name: string): number => {
    const all = words(name.slice(-maxName));
    if (exact[all.join("")] === true) return 2;
    while (all.length > 1 && qualifiers.test(all[all.length - 1]!)) all.pop();
    const last = (all.pop() ?? "").replace(/\d+$/, "");
    if (last === "token" && innocent.test(all[all.length - 1] ?? "")) return 0;
    if (last === "pass" && exact["password"] === true && owner.test(all[all.length - 1] ?? "")) return 1;
    let end = last;
    if (exact[end] === true || (exact["password"] === true && joined.test(last))) return 1;
    for (const word of all.reverse()) {
      end = word + end;
      if (exact[end] === true) return 1;
    }
    // `dbpassword` has no border between its words.
    return compound.test(last) && compounds.some((one) => last.endsWith(one)) ? 1 : 0;
  };
  return createRemembered(find);
}

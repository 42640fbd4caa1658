/** Which names of fields mean what is to be dropped. */
import { createFieldNames } from "./configuration";
import { createDoubt, createIsFolder, createLooksSecret, type Doubt } from "./doubtful-names";
import { createRemembered } from "./remembered";
import { createWords } from "./words";

/** What becomes of a field: `""` is kept; of a session there is a hash, as analysts count sessions. */
export type Fate = "" | "dropped" | "session";

export interface FieldNames {
  /**
   * What becomes of a field, from its name and the names above it, joined by dots. A yes or no is dropped only below
   * the very name: `has_password` is no password.
   */
  fateOf(name: string, above: string, value: unknown): Fate;
  /** Whether a name that stands in a text, with a dot before its last part or not, is one of them. */
  isSecret(name: string): boolean;
  /**
   * What a name means that is a secret's only before a value which looks like one, `""` where it means none:
   * {@link createLooksSecret} tells.
   */
  doubtOf(name: string): Doubt;
  /** One of them, in any case, is in every text that has a name of them. */
  readonly words: readonly string[];
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
  const isFolder = createIsFolder();
  // Of several users or servers; a number is a count, `tokens` are a language's, `imagePullSecrets` are names.
  const plural = /(?:password|passphrase|key|(?:access|refresh|auth|session)[_-]?token)s$/i;
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
  if (exact["password"] === true)
    lastWords.push(
      "pass",
      "salt",
      "nonce",
      "hmac",
      "signature",
      "code",
      "key",
      ...["pin", "auth", "bearer", "sig"].flatMap(ended),
    );
  if (exact["cookie"] === true) lastWords.push("session", ...ended("sid"));
  return {
    fateOf: (name, above, value) => {
      const isSeveral = typeof value === "object" && value !== null && plural.test(name);
      const found = lookUp(isSeveral ? name.slice(0, -1) : name);
      if (found === 2 || (found === 1 && typeof value !== "boolean" && value !== null))
        return isFolder(name, value) ? "" : "dropped";
      if (found === 0 && (typeof value === "string" || typeof value === "number")) {
        const doubt = doubtOf(name === "id" ? `${above.slice(above.lastIndexOf(".") + 1)}.id` : name);
        if (doubt !== "" && doubt !== "code" && looksSecret(doubt, `${value}`))
          return doubt === "session" ? doubt : "dropped";
      }
      return below.length > 0 && isBelow(name, above) ? "dropped" : "";
    },
    isSecret: (name) => lookUp(name) > 0 || (below.length > 0 && isBelow(name, "")),
    doubtOf,
    words: lastWords,
  };
}

/** A short name with what may stand behind it, as it is a part of many words. */
function ended(name: string): string[] {
  return [..." =:\"'`%>]\\\t\n\r"].map((end) => name + end);
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
    /^(?:\d+|value|raw|plain|plaintext|confirm|confirmation|current|old|new|again|repeat|hash|hashed|digest|encrypted|base64|b64|string|text|header|binary|pem|der|jwk)$/;
  // Tokens of languages, and the marks of pages and retries.
  const innocent =
    /^(?:next|page|continuation|pagination|sync|idempotency|request|client|start|cursor|cancellation|stop|pad|eos|bos|unk|sep|mask|per)$/;
  // `db_pass` is a password, `test_pass` is none.
  const owner =
    /^(?:db|database|mysql|postgres|pg|redis|mongo|smtp|imap|ftp|mail|email|ldap|user|root|admin|login|basic|auth|http|cert|keystore|truststore|key|store|ssh|sudo|su|become|enable|vnc|vpn|wifi|svc|service|bind|ipmi|bmc|snmp|jdbc|rpc)$/;
  const joined = /^(?:store|key|user|db|login|admin|root|auth|ssh)pass$/;
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
    // `dbpassword` has no border between its words; `htpasswd` is a program.
    return last !== "htpasswd" && compound.test(last) && compounds.some((one) => last.endsWith(one)) ? 1 : 0;
  };
  return createRemembered(find);
}

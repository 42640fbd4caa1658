/** What `redact` takes out, as the configuration says it. */

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

/** The names of a variable's list, or `usual` where the variable is not there. */
export function namesOf(variable: string, usual: readonly string[]): readonly string[] {
  const text = process.env[variable];
  if (!text) return usual;
  const names = /^\s*\[/.test(text) ? (JSON.parse(text) as unknown[]) : [null];
  if (names.every((name) => typeof name === "string")) return names;
  throw new TypeError(`${variable} is no JSON list of texts`);
}

export function createFieldNames(): string[] {
  return namesOf("REDACT_FIELDS", usualFields).map((name) => name.toLowerCase());
}

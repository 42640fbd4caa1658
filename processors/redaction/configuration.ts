/** What `redact` takes out, as the configuration says it. */
import { namesOf } from "../environment";

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

export function createFieldNames(): string[] {
  return namesOf("REDACT_FIELDS", usualFields).map((name) => name.toLowerCase());
}

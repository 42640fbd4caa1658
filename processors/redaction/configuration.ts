/** What `redact` takes out, as the configuration says it. */
import { namesOf } from "../environment";

/**
 * Names of fields that are dropped where the configuration names no others. A name means all its spellings, with
 * other words in front of it: `access_token` is `accessToken` and `x-access-token` too.
 */
export const usualFields = [
  "password",
  "passwd",
  "pwd",
  "passphrase",
  "passcode",
  "secret",
  "client_secret",
  "token",
  "access_token",
  "refresh_token",
  "id_token",
  "jwt",
  "api_key",
  "apikey",
  "authorization",
  "cookie",
  "cookies",
  "set-cookie",
  "private_key",
  "secret_key",
  "secret_access_key",
  "access_key",
  "account_key",
  "signing_key",
  "encryption_key",
  "master_key",
  "auth_key",
  "session_key",
  "ssh_key",
  "hmac_key",
  "subscription_key",
  "functions_key",
  "storage_key",
  "shared_key",
  "psk",
  "credentials",
  "credential",
  "creds",
  "client_assertion",
  "code_verifier",
  "saml_response",
  "amz_signature",
  "jsessionid",
  "phpsessid",
  "otp",
  "totp",
  "mfa_code",
  "verification_code",
  "security_code",
  "access_code",
  "license_key",
  "cvv",
  "cvc",
  "ssn",
] as const;

/** What can be masked in texts; all of it where the configuration names none. */
export const maskPatterns = ["email", "card", "key", "iban"] as const;

export function createFieldNames(): readonly string[] {
  return namesOf("REDACT_FIELDS", usualFields);
}

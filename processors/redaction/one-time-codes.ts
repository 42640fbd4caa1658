/** Codes that are sent to somebody who signs in: `Your verification code is 482913`. */
export const codeWords = ["code", "otp", "pin ", "pin:", "pin=", "password"];

export function createMaskCodes() {
  const digits = String.raw`(?:[A-Z]-)?(?:\d{4,8}|\d{3}[ -]\d{3}|\d{4}[ -]\d{4})\b(?![.,:]\d)`;
  const kind =
    "verification|security|one[- ]time|log-?in|sign-?in|confirmation|authenticat\\w{2,4}|auth|access|2fa|mfa|sms|activation|unlock|reset|recovery";
  const name = `(?:(?:${kind})\\s(?:pass)?(?:code|password|pin)|t?otp|passcode)`;
  const behind = new RegExp(
    String.raw`(\b${name}\b(?:\s(?:is|was|for\s\S{1,64}(?:\sis)?))?[:=]?\s{0,3}["'#]?)${digits}`,
    "gi",
  );
  const before = new RegExp(
    String.raw`\b${digits}(?=\s(?:is|as)\s(?:your|my)\s[^.\n]{0,40}?\b(?:code|otp|pin|password)\b)`,
    "gi",
  );
  return (text: string): string => text.replace(behind, "$1[key]").replace(before, "[key]");
}

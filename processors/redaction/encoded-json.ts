/** JSON objects in base64, as payloads and tokens of pages are: what is to go from them goes, and the rest stays as it is. */

export function createMaskEncoded() {
  // `{"`, `{ "`, and a brace with a line's end behind it.
  const hint = /e(?:yJ|yAi|wo|w0K)/;
  const encoded = /(?<![\w+/-])e(?:yJ|yAi|wo|w0K)[\w+/-]{12,}={0,2}/g;
  const from = Buffer.from.bind(Buffer) as (text: string, encoding?: "base64") => Buffer;
  const urlSafe = /[-_]/;
  /** @param redacted of the text that is encoded */
  return (text: string, redacted: (json: string) => string): string => {
    if (!hint.test(text)) return text;
    return text.replace(encoded, (found) => {
      const json = from(found, "base64").toString();
      const clean = redacted(json);
      if (clean === json) return found;
      return from(clean).toString(urlSafe.test(found) ? "base64url" : "base64");
    });
  };
}

/**
 * CloudFront standard logs: fields between TABs, below header lines.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 */
import type { Access } from "./access";

/** Reads the fields of a line by their names. */
export type NamedFields = (
  line: string,
  isCloudfront: boolean,
  values: Record<string, unknown>,
) => Access | string;

/**
 * Reads a line; a string tells why it is none, null that it is a header. A `#Fields:` line gives the order
 * of the fields for lines with as many fields that come after it; without one it is the order of AWS's page.
 */
export function createCloudfrontFormat(named: NamedFields) {
  const usual = (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) " +
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol " +
    "cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type " +
    "cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte " +
    "x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end"
  ).split(" ");
  let announced = usual;
  return (line: string): Access | string | null => {
    if (line.startsWith("#")) {
      if (line.startsWith("#Fields:")) announced = line.slice(8).trim().split(/\s+/).slice(0, 200);
      return null;
    }
    const fields = line.split("\t", 200);
    const names = fields.length === announced.length ? announced : usual;
    if (fields.length < 8) return "fewer than 8 fields in the CloudFront line";
    const values: Record<string, unknown> = Object.create(null);
    let extra: string[] = [];
    for (let i = 0; i < fields.length; i++) {
      const name = names[i];
      if (name) values[name] = fields[i];
      else {
        extra = fields.slice(i, i + 64);
        break;
      }
    }
    const access = named(line, true, values);
    if (typeof access !== "string") access.extra = extra;
    return access;
  };
}

/**
 * User agents are encoded twice in some logs (`Mozilla/5.0%2520(X11)`): what still has a percent sign and two hex
 * digits after one decoding is decoded again. Text with broken percent signs stays as it is.
 */
export function createDecodeTwice() {
  const decode = decodeURIComponent;
  const encoded = /%[0-9A-Fa-f]{2}/;
  const once = (text: string): string => {
    try {
      return decode(text);
    } catch {
      return text;
    }
  };
  return (text: string): string => {
    if (!encoded.test(text)) return text;
    const decoded = once(text);
    return encoded.test(decoded) ? once(decoded) : decoded;
  };
}

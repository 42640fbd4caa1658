/** The names of CloudFront's fields in AWS's order, and what a value of each looks like. */
import { isIP } from "node:net";

/** Standard logs; older ones end earlier. */
export function standardOrder(): string[] {
  return (
    "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) " +
    "cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol " +
    "cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type " +
    "cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte " +
    "x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end"
  ).split(" ");
}

/**
 * Real-time logs have any choice of these, always in this order. Known are all of them, and all without those that
 * came later or that few choose; another choice has to be told.
 */
export function realTimeOrders(): string[][] {
  const all = (
    "timestamp c-ip s-ip time-to-first-byte sc-status sc-bytes cs-method cs-protocol cs-host cs-uri-stem cs-bytes " +
    "x-edge-location x-edge-request-id x-host-header time-taken cs-protocol-version c-ip-version cs-user-agent " +
    "cs-referer cs-cookie cs-uri-query x-edge-response-result-type x-forwarded-for ssl-protocol ssl-cipher " +
    "x-edge-result-type fle-encrypted-fields fle-status sc-content-type sc-content-len sc-range-start " +
    "sc-range-end c-port x-edge-detailed-result-type c-country cs-accept-encoding cs-accept " +
    "cache-behavior-path-pattern cs-headers cs-header-names cs-headers-count primary-distribution-id " +
    "primary-distribution-dns-name origin-fbl origin-lbl asn cmcd-encoded-bitrate cmcd-buffer-length " +
    "cmcd-buffer-starvation cmcd-content-id cmcd-object-duration cmcd-deadline cmcd-measured-throughput " +
    "cmcd-next-object-request cmcd-next-range-request cmcd-object-type cmcd-playback-rate " +
    "cmcd-requested-maximum-throughput cmcd-streaming-format cmcd-session-id cmcd-stream-type cmcd-startup " +
    "cmcd-top-bitrate cmcd-version r-host sr-reason x-edge-mqcs distribution-tenant-id connection-id"
  ).split(" ");
  const later = /^(?:s-ip|primary-distribution-.*)$/;
  const ends = ["cs-headers-count", "asn", "cmcd-version", "x-edge-mqcs", "connection-id"];
  const orders = ends.map((end) => all.slice(0, all.indexOf(end) + 1));
  return orders.flatMap((names) => [names, names.filter((name) => !later.test(name))]);
}

/** Whether each value can be one of its field; names that are not known here take any. */
export function createCloudfrontBelief() {
  const ipVersion = isIP;
  const shapes: Record<string, RegExp> = Object.create(null);
  const lists: [RegExp, string][] = [
    [/^\d{4}-\d\d-\d\d$/, "date"],
    [/^\d\d:\d\d:\d\d$/, "time"],
    [/^\d{10}(?:\.\d{1,9})?$|^\d{13}$|^\d{4}-\d\d-\d\dT/, "timestamp timestamp(ms)"],
    [/^\d{3}$/, "sc-status"],
    [
      /^\d{1,15}$/,
      "sc-bytes cs-bytes c-port sc-content-len sc-range-start sc-range-end cs-headers-count asn",
    ],
    [/^-?\d{1,9}(?:\.\d{1,9})?$/, "time-taken time-to-first-byte origin-fbl origin-lbl"],
    [/^[A-Z][A-Z_-]{0,31}$/, "cs-method"],
    [/^(?:https?|wss?|grpcs?)$/i, "cs-protocol"],
    [/^HTTP\/\d/, "cs-protocol-version"],
    [/^IPv[46]$/, "c-ip-version"],
    [/^[A-Z]{3}\d/, "x-edge-location"],
    [/^[A-Z]{2}$/, "c-country"],
    [/^(?:TLS|SSL)v/, "ssl-protocol"],
    [/^[/*]/, "cs-uri-stem"],
  ];
  for (const [shape, names] of lists) for (const name of names.split(" ")) shapes[name] = shape;
  const isAddress = /^[cs]-ip$/;
  const needed = /^(?:date|time|timestamp(?:\(ms\))?)$/;
  return (names: readonly string[], values: readonly string[]): boolean => {
    for (let i = 0; i < names.length && i < values.length; i++) {
      const name = names[i]!.toLowerCase();
      const value = values[i]!;
      if (value === "-" || value === "") {
        if (needed.test(name)) return false;
      } else if (isAddress.test(name)) {
        if (ipVersion(value) === 0) return false;
      } else if (shapes[name]?.test(value) === false) return false;
    }
    return true;
  };
}

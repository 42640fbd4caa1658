/**
 * CloudFront's logs with TABs between the fields: standard logs, which begin with a date and a time, and real-time
 * logs, which begin with seconds since 1970.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html
 */
import { namesOf } from "../environment";
import type { Access } from "./access";
import { createCloudfrontBelief, realTimeOrders, standardOrder } from "./cloudfront-fields";

/** Reads the fields of a line by their names. */
export type NamedFields = (
  line: string,
  isCloudfront: boolean,
  values: Record<string, unknown>,
) => Access | string;

/**
 * Reads a line; a string tells why it is none. The order of the fields is the one that the record's own `#Fields:`
 * line announces, else the configured one (ACCESS_LOG_FIELDS, a JSON list), else AWS's, where the values are such as
 * the names say.
 */
export function createCloudfrontFormat(named: NamedFields) {
  const { create } = Object;
  const configured = namesOf("ACCESS_LOG_FIELDS", []);
  const standard = standardOrder();
  const realTime = realTimeOrders();
  const believes = createCloudfrontBelief();
  const day = /^\d{4}-\d\d-\d\d$/;
  const epoch = /^\d{10}(?:\.\d{1,9})?$/;
  const atLeast = 8;
  const orderOf = (fields: readonly string[]): readonly string[] | string => {
    if (fields.length < atLeast) return "fewer than 8 fields between TABs";
    if (day.test(fields[0]!))
      return believes(standard, fields) ? standard : "an order of fields that accessLogFields has to tell";
    if (!epoch.test(fields[0]!)) return "fields between TABs that are no line of CloudFront";
    const order = realTime.find((names) => names.length === fields.length && believes(names, fields));
    return order ?? "a choice of real-time fields that accessLogFields has to tell";
  };
  return (line: string, announced: readonly string[]): Access | string => {
    const fields = line.split("\t", 200);
    const told = announced.length > 0 ? announced : configured;
    if (told.length > fields.length) return "fewer fields between TABs than names are told";
    if (told.length > 0 && !believes(told, fields)) return "fields that do not fit the names that are told";
    const names = told.length > 0 ? told : orderOf(fields);
    if (typeof names === "string") return names;
    const values: Record<string, unknown> = create(null);
    for (let i = 0; i < fields.length && i < names.length; i++) values[names[i]!] = fields[i];
    const access = named(line, true, values);
    if (typeof access !== "string") access.extra = fields.slice(names.length, names.length + 64);
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

/**
 * Keys of the objects that Firehose writes to S3, and the expressions in their prefixes.
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
 * @see https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
import { randomBytes, randomUUID } from "node:crypto";
import { formatTimestamp, parseTimestampPattern } from "./timestamp-pattern";

export const compressionFormats = ["UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY"] as const;
export type CompressionFormat = (typeof compressionFormats)[number];

const extensions: Record<CompressionFormat, string> = {
  UNCOMPRESSED: "",
  GZIP: ".gz",
  ZIP: ".zip",
  Snappy: ".snappy",
  HADOOP_SNAPPY: ".hsnappy",
};

const two = (n: number): string => String(n).padStart(2, "0");

export interface S3KeyOptions {
  /** The stream's `prefix`, for an error object its `errorOutputPrefix`; may hold expressions. @default "" */
  readonly prefix?: string;
  readonly deliveryStreamName: string;
  /** The stream's version, counted from 1. @default 1 */
  readonly version?: number;
  /** Arrival of the oldest record of the object, in milliseconds since 1970. */
  readonly oldestArrivalMs: number;
  /** Set for an object of failed records, such as `processing-failed`. */
  readonly errorOutputType?: string;
  /** @default UNCOMPRESSED */
  readonly compression?: CompressionFormat;
}

/** `raw/2026/03/01/09/web-1-2026-03-01-09-08-07-<uuid>`: the evaluated prefix, then stream, version, time, UUID. */
export function s3Key(options: S3KeyOptions): string {
  const at = new Date(options.oldestArrivalMs);
  const time = [
    at.getUTCFullYear(),
    two(at.getUTCMonth() + 1),
    two(at.getUTCDate()),
    two(at.getUTCHours()),
    two(at.getUTCMinutes()),
    two(at.getUTCSeconds()),
  ].join("-");
  const version = options.version ?? 1;
  const extension = extensions[options.compression ?? "UNCOMPRESSED"];
  return `${evaluatePrefix(options)}${options.deliveryStreamName}-${version}-${time}-${randomUUID()}${extension}`;
}

const expression = /!\{(timestamp|firehose):([^}]*)\}/g;

/**
 * Evaluates a prefix. Without any expression the date `YYYY/MM/dd/HH/` follows it; an error object without
 * `!{firehose:error-output-type}` has its type in front of that date.
 */
function evaluatePrefix({ prefix = "", oldestArrivalMs, errorOutputType }: S3KeyOptions): string {
  let typed = false;
  const text = prefix.replace(expression, (_all, kind: string, argument: string) => {
    if (kind === "timestamp") return formatTimestamp(argument, oldestArrivalMs);
    if (argument === "random-string") return randomString();
    typed = true;
    return errorOutputType ?? "";
  });
  const type = errorOutputType && !typed ? `${errorOutputType}/` : "";
  return /!\{/.test(prefix)
    ? text + type
    : `${text}${type}${formatTimestamp("yyyy/MM/dd/HH/", oldestArrivalMs)}`;
}

/** `!{firehose:random-string}`: eleven letters and digits. */
function randomString(): string {
  return Array.from(randomBytes(11), (b) => "abcdefghijklmnopqrstuvwxyz0123456789"[b % 36]).join("");
}

/** What AWS would refuse in a pair of prefixes, each as a sentence; an empty list where they are right. */
export function prefixProblems(prefix = "", errorOutputPrefix = ""): string[] {
  const problems: string[] = [];
  const has = (text: string) => text.includes("!{");
  const typed = "!{firehose:error-output-type}";
  if (has(prefix) && errorOutputPrefix === "")
    problems.push(`prefix has expressions, so errorOutputPrefix must be set`);
  if (prefix.includes(typed)) problems.push(`prefix must not have ${typed}`);
  if (has(errorOutputPrefix) && !errorOutputPrefix.includes(typed)) {
    problems.push(`errorOutputPrefix has expressions, so it must have ${typed}`);
  }
  for (const [name, text] of Object.entries({ prefix, errorOutputPrefix })) {
    for (const [expression, pattern = ""] of text.matchAll(/!\{timestamp:([^}]*)\}/g)) {
      const parts = parseTimestampPattern(pattern);
      if (typeof parts === "string") problems.push(`in ${expression} of ${name} ${parts}`);
    }
    for (const match of text.matchAll(/!\{([^}]*)\}?/g)) {
      if (!/^(timestamp:.+|firehose:(error-output-type|random-string))$/.test(match[1] ?? "")) {
        problems.push(`${name} has the unknown expression ${match[0]}`);
      }
    }
  }
  return problems;
}

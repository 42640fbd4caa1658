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
  /** End of the key in place of the compression's own, such as `.json`. @default the compression's own */
  readonly fileExtension?: string | undefined;
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
  const extension = options.fileExtension ?? extensions[options.compression ?? "UNCOMPRESSED"];
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

/** What is wrong with a pair of prefixes, and with which of the two. */
export interface PrefixProblem {
  readonly of: "prefix" | "errorOutputPrefix";
  readonly problem: string;
}

/** What AWS would refuse in a pair of prefixes, or evaluate to keys that nobody expects; empty where they are right. */
export function prefixProblems(prefix = "", errorOutputPrefix = ""): PrefixProblem[] {
  const problems: PrefixProblem[] = [];
  const has = (text: string) => text.includes("!{");
  const typed = "!{firehose:error-output-type}";
  if (has(prefix) && errorOutputPrefix === "") {
    problems.push({
      of: "errorOutputPrefix",
      problem: "it must be set, as the other prefix has expressions",
    });
  }
  if (prefix.includes(typed)) problems.push({ of: "prefix", problem: `it must not have ${typed}` });
  if (has(errorOutputPrefix) && !errorOutputPrefix.includes(typed)) {
    problems.push({ of: "errorOutputPrefix", problem: `it has expressions, so it must have ${typed}` });
  }
  for (const [of, text] of [
    ["prefix", prefix],
    ["errorOutputPrefix", errorOutputPrefix],
  ] as const) {
    for (const [expression, namespace = "", pattern = ""] of text.matchAll(
      /!\{(?:(timestamp):)?([^}]*)\}?/g,
    )) {
      if (!expression.endsWith("}")) problems.push({ of, problem: `${expression} has no } at its end` });
      else if (namespace === "timestamp") {
        const parts = parseTimestampPattern(pattern);
        if (typeof parts === "string") problems.push({ of, problem: `in ${expression} ${parts}` });
        else if (parts.length === 0)
          problems.push({ of, problem: `${expression} has no pattern, such as yyyy` });
      } else if (!/^firehose:(error-output-type|random-string)$/.test(pattern)) {
        problems.push({ of, problem: `it has the unknown expression ${expression}` });
      }
    }
  }
  return problems;
}

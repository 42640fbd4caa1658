/** The members that have constraints, read as AWS reads them: all that one breaks are told together, in its words. */
import { constraintsBroken, wrongType } from "./errors";
import type { Input } from "./operation";

interface Constraint {
  /** Of a text. */
  readonly maxLength: number;
  readonly pattern: string;
}

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html */
export const streamName: Constraint = { maxLength: 64, pattern: "[a-zA-Z0-9_.-]+" };
export const destinationId: Constraint = { maxLength: 100, pattern: "[a-zA-Z0-9-]+" };

/** Of a value, in a message: a member may be megabytes. */
const maxSaid = 200;

/** A member that may be absent, such as `DeliveryStreamName`. */
export function textOf(input: Input, member: string, constraint: Constraint): string | undefined {
  const text = stringOf(input, member);
  if (text === undefined) return undefined;
  const { maxLength, pattern } = constraint;
  const musts = [];
  if (!new RegExp(`^(?:${pattern})$`).test(text))
    musts.push(`satisfy regular expression pattern: ${pattern}`);
  if (text === "") musts.push("have length greater than or equal to 1");
  if (text.length > maxLength) musts.push(`have length less than or equal to ${maxLength}`);
  if (musts.length > 0) throw constraintsBroken(pathOf(member), text.slice(0, maxSaid), musts);
  return text;
}

export function oneOf(input: Input, member: string, allowed: readonly string[]): string | undefined {
  const text = stringOf(input, member);
  if (text === undefined || allowed.includes(text)) return text;
  const must = `satisfy enum value set: [${allowed.join(", ")}]`;
  throw constraintsBroken(pathOf(member), text.slice(0, maxSaid), [must]);
}

/** `Limit`, from 1 to 10,000. */
export function limitOf(input: Input): number | undefined {
  const limit = input["Limit"] ?? undefined;
  if (limit === undefined) return undefined;
  if (typeof limit !== "number" || !Number.isInteger(limit)) throw wrongType("Limit", "a whole number");
  if (limit < 1) throw constraintsBroken("limit", `${limit}`, ["have value greater than or equal to 1"]);
  if (limit > 10_000)
    throw constraintsBroken("limit", `${limit}`, ["have value less than or equal to 10000"]);
  return limit;
}

function stringOf(input: Input, member: string): string | undefined {
  const value = input[member] ?? undefined;
  if (value !== undefined && typeof value !== "string") throw wrongType(member, "a string");
  return value;
}

/** AWS's messages begin a member's name with a small letter. */
const pathOf = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1);

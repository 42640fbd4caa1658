/** Reads objects of failed records in every spelling that was seen: documentation and real objects differ. */
import { errorOutputTypeSpellings } from "../../firehose/failed-record";

/** What is there to be sent again. */
export interface Item {
  /** Place in its object, from 0. */
  readonly position: number;
  /**
   * `source`: bytes as they were put into the stream, to be transformed. `document`: what the transform made of them,
   * not to be transformed once more.
   */
  readonly kind: "source" | "document";
  /** Decoded. */
  readonly bytes: Buffer;
  /** Such as `Lambda.FunctionError`, `400`, or `backup`. */
  readonly reason: string;
  readonly message: string;
  /** What the processor or the function said; known where the function's log is on the same machine. */
  readonly cause?: string;
  /** Arrival at the stream, in milliseconds since 1970. */
  readonly arrivalMs: number;
  /** Of a document: its id and index, where they are known. */
  readonly documentId?: string;
  readonly indexName?: string;
}

export interface FailedLines {
  readonly items: readonly Item[];
  /** `line 3: …` */
  readonly problems: readonly string[];
}

type ErrorKind = keyof typeof errorOutputTypeSpellings;

/** Which of the two kinds of failed records a key's object has; undefined = none, a backup. */
export function errorKindOfKey(key: string): ErrorKind | undefined {
  const kinds = Object.keys(errorOutputTypeSpellings) as ErrorKind[];
  return kinds.find((kind) => errorOutputTypeSpellings[kind].some((spelling) => key.includes(spelling)));
}

/** @param text one JSON object per line */
export function readFailedLines(text: string): FailedLines {
  const items: Item[] = [];
  const problems: string[] = [];
  text.split("\n").forEach((line, position) => {
    if (line.trim() === "") return;
    const item = readLine(line, position);
    if (typeof item === "string") problems.push(`line ${position + 1}: ${item}`);
    else items.push(item);
  });
  return { items, problems };
}

function readLine(line: string, position: number): Item | string {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line);
  } catch {
    return "no JSON";
  }
  if (typeof entry?.["rawData"] !== "string") return "has no rawData";
  const text = (name: string) => textOf(entry[name]);
  const isDocument = "esIndexName" in entry || "esDocumentId" in entry;
  return {
    position,
    kind: isDocument ? "document" : "source",
    bytes: Buffer.from(entry["rawData"], "base64"),
    reason: text("errorCode") || "unknown",
    message: text("errorMessage"),
    ...(text("reason") && { cause: text("reason") }),
    arrivalMs: millis(entry["arrivalTimestamp"]),
    ...(isDocument && text("esDocumentId") && { documentId: text("esDocumentId") }),
    ...(isDocument && text("esIndexName") && { indexName: text("esIndexName") }),
  };
}

/** An object is the search server's own error, in JSON. */
const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");

/** Milliseconds since 1970, written as a number, as text of digits, or as a date; NaN where it is none of these. */
function millis(value: unknown): number {
  if (typeof value === "number") return value;
  const text = String(value ?? "");
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

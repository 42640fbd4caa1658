/** What makes a text a document at all, and a key a field. */
import { ExactNumber, parseJson } from "../../exact-json";

/** Why a document is refused; becomes a Refusal. */
export class DocumentRefused extends Error {
  constructor(
    readonly type: string,
    reason: string,
  ) {
    super(reason);
  }
}

/** Fields of every document that are not part of its text. */
export const metadataFields = new Set(
  "_id _index _source _routing _field_names _ignored _version _seq_no _primary_term _nested_path _doc_count _type".split(
    " ",
  ),
);

export function refuse(type: string, reason: string): never {
  throw new DocumentRefused(type, reason);
}

/** The names a key stands for: `a.b` is `b` within `a`. */
export function keyNames(key: string): string[] {
  if (key === "") return refuse("mapper_parsing_exception", "field name cannot be an empty string");
  if (!key.includes(".")) return [key];
  const names = key.split(".");
  while (names.at(-1) === "") names.pop();
  if (names.length === 0) return refuse("mapper_parsing_exception", "field name cannot contain only dots");
  if (names.some((name) => name.trim() === "")) {
    refuse(
      "mapper_parsing_exception",
      `object field starting or ending with a [.] makes object resolution ambiguous: [${key}]`,
    );
  }
  return names;
}

/** Digits of one number that the real parser reads at the most. */
const numberDigits = 1000;

/** The digits of a text are as many as they like. */
function hasLongNumber(text: string): boolean {
  if (!/[:,[]\s*-?\d[\d.]{1000}/.test(text)) return false;
  const outsideTexts = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, '""');
  const long = outsideTexts.matchAll(/[:,[]\s*(-?\d[\d.]{1000,})/g);
  return Array.from(long).some(([, number]) => number!.replace(/\D/g, "").length > numberDigits);
}

/** A byte-order mark in front is none of the document. */
export function documentText(source: string): string {
  return source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
}

export function parseObject(source: string): object {
  let value: unknown;
  try {
    value = parseJson(source);
  } catch (error) {
    if (error instanceof RangeError)
      return refuse("mapper_parsing_exception", "failed to parse: it is nested too deeply");
    const extra = /after JSON/.test(String(error));
    if (extra)
      return refuse(
        "mapper_parsing_exception",
        "failed to parse: Malformed content, found extra data after parsing: START_OBJECT",
      );
    return refuse("mapper_parsing_exception", `failed to parse: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    return refuse("mapper_parsing_exception", "failed to parse: a document must be a JSON object");
  }
  if (/[\n\r]/.test(source))
    return refuse("mapper_parsing_exception", "failed to parse: a document must be one line");
  if (source.length > numberDigits && hasLongNumber(source))
    return refuse(
      "mapper_parsing_exception",
      `failed to parse: a number has more than ${numberDigits} digits`,
    );
  return value;
}

/** Documents as CSV (RFC 4180): a column per field, and the whole document in the last one, so that nothing is lost. */
import { ExactNumber, parseJson } from "../exact-json";
import type { Hit } from "../rooms";

export function csvHeader(fields: readonly string[]): string {
  return csvLine(["_index", "_id", ...fields, "_source"]);
}

export function csvRow(hit: Hit, fields: readonly string[]): string {
  const document: unknown = parseJson(hit.source);
  const cells = fields.map((field) => cellText(valuesAt(document, field.split("."))));
  return csvLine([hit._index, hit._id, ...cells, hit.source]);
}

/** Values below a dotted name: through objects, arrays flattened, and keys that hold dots themselves. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (path.length === 0) return value === undefined || value === null ? [] : [value];
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return [];
  return path.flatMap((_part, at) => {
    const key = path.slice(0, at + 1).join(".");
    return Object.hasOwn(value, key)
      ? valuesAt((value as Record<string, unknown>)[key], path.slice(at + 1))
      : [];
  });
}

function cellText(values: readonly unknown[]): string {
  return values.map(valueText).join("; ");
}

function valueText(value: unknown): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/**
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

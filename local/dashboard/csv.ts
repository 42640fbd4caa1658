/** Documents as CSV (RFC 4180): a column per field, and the whole document in the last one, so that nothing is lost. */
import { ExactNumber, parseJson } from "../exact-json";
import type { Hit } from "../rooms";
import { valuesAt } from "./document-values";

/** @param ofSeveral whether the documents are those of several streams, and each says which one */
export function csvHeader(fields: readonly string[], ofSeveral = false): string {
  return csvLine(["_index", "_id", ...(ofSeveral ? ["_stream"] : []), ...fields, "_source"]);
}

export function csvRow(hit: Hit, fields: readonly string[], ofSeveral = false): string {
  const document: unknown = parseJson(hit.source);
  const cells = fields.map((field) => cellText(valuesAt(document, field.split("."))));
  return csvLine([hit._index, hit._id, ...(ofSeveral ? [hit.stream ?? ""] : []), ...cells, hit.source]);
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

/** The name of a column that scripts ask for as it is; no formula. */
const timeName = "@timestamp";

/**
 * A cell that a spreadsheet would run as a formula gets an apostrophe in front, also where the sign is a wide one; numbers stay
 * numbers.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvCell(text: string): string {
  const safe =
    /^[=+\-@＝＋－＠\t\r\n]/.test(text) && text !== timeName && !/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text)
      ? `'${text}`
      : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

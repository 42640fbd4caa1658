/** `range` of a body: ends with their math, and the formats in which times are written. */
import type { BodyQuery } from "../../search-body";
import { illegal, notTaken, parsing } from "../errors";
import { isObject, isScalar, type Json, textOf } from "./reading";

const known = [
  "gte",
  "gt",
  "lte",
  "lt",
  "from",
  "to",
  "include_lower",
  "include_upper",
  "time_zone",
  "format",
];

export function readRange(body: Json): BodyQuery {
  const fields = Object.entries(body).filter(([key]) => key !== "boost" && key !== "_name");
  const [first, second] = fields;
  if (first === undefined) throw illegal("field name is null or empty");
  const [field, value] = first;
  if (!isObject(value)) throw parsing(`[range] query does not support [${field}]`);
  if (second !== undefined)
    throw parsing(`[range] query doesn't support multiple fields, found [${field}] and [${second[0]}]`);
  for (const key of Object.keys(value)) {
    if (key === "relation") throw notTaken("range.relation");
    if (!known.includes(key) && key !== "boost") throw parsing(`[range] query does not support [${key}]`);
  }
  const format = formatOf(value["format"]);
  const low = endOf(value, ["gte", "gt", "from"], format);
  const high = endOf(value, ["lte", "lt", "to"], format);
  const { time_zone: zone } = value;
  return {
    kind: "range",
    field,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    includeLow: !("gt" in value) && value["include_lower"] !== false,
    includeHigh: !("lt" in value) && value["include_upper"] !== false,
    ...(isScalar(zone) ? { timeZone: textOf(zone) } : {}),
  };
}

type Format = "as it comes" | "seconds";

/** Times are read as `strict_date_optional_time||epoch_millis`, whichever of the two is asked for. */
const sameFormats = new Set([
  "strict_date_optional_time",
  "date_optional_time",
  "epoch_millis",
  "strict_date_time",
  "date_time",
  "strict_date",
  "date",
  "yyyy-MM-dd",
]);

function formatOf(value: unknown): Format {
  if (!isScalar(value)) return "as it comes";
  const parts = textOf(value).split("||");
  if (parts.length === 1 && parts[0] === "epoch_second") return "seconds";
  const other = parts.find((part) => !sameFormats.has(part));
  if (other !== undefined) throw notTaken(`format ${other}`);
  return "as it comes";
}

/** The last one that is said; `null` is open. */
function endOf(value: Json, names: readonly string[], format: Format): string | undefined {
  const name = names.findLast((one) => isScalar(value[one]));
  if (name === undefined) return undefined;
  const text = textOf(value[name] as never);
  return format === "seconds" && /^-?\d+$/.test(text) ? `${text}000` : text;
}

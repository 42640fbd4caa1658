/** `sort` of a body, or of an address. */
import type { SortKey } from "../../search-body";
import { content, illegal, notTaken } from "../errors";
import { isObject, isScalar, type Json, textOf } from "./reading";

/** @throws RestError */
export function readSort(value: unknown): SortKey[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).flatMap(readOne);
}

function readOne(value: unknown): SortKey[] {
  if (typeof value === "string") return [keyOf(value, {})];
  if (!isObject(value))
    throw illegal("malformed sort format, within the sort array, an object, or an actual string are allowed");
  return Object.entries(value).map(([field, options]) => {
    if (isObject(options)) return keyOf(field, options);
    if (typeof options === "string") return keyOf(field, { order: options });
    throw content("[field_sort] Expected START_OBJECT but was: END_OBJECT");
  });
}

const known = ["order", "mode", "missing", "unmapped_type"];
const untaken = ["nested", "nested_path", "nested_filter", "numeric_type"];

function keyOf(field: string, options: Json): SortKey {
  if (field === "_score" || field === "_script" || field === "_geo_distance")
    throw notTaken(`sort by ${field}`, "there are no scores");
  for (const key of Object.keys(options)) {
    if (untaken.includes(key)) throw notTaken(`sort.${key}`);
    if (!known.includes(key)) throw content(`[field_sort] unknown field [${key}]`);
  }
  const { order = "asc", mode, missing, unmapped_type: unmapped } = options;
  const direction = isScalar(order) ? textOf(order).toLowerCase() : "";
  if (direction !== "asc" && direction !== "desc")
    throw content("[field_sort] failed to parse field [order]");
  if (mode !== undefined && mode !== "min" && mode !== "max") throw notTaken(`sort.mode ${String(mode)}`);
  return {
    field,
    order: direction,
    ...(mode === undefined ? {} : { mode }),
    ...(isScalar(missing) ? { missing: textOf(missing) } : {}),
    ...(isScalar(unmapped) ? { unmappedType: textOf(unmapped) } : {}),
  };
}

/** `field,other:desc` of an address. */
export function sortOfAddress(text: string): SortKey[] {
  return text.split(",").map((part) => {
    const [, field, order] = /^(.*?)(?::(asc|desc))?$/.exec(part) ?? [];
    return keyOf(field ?? part, order === undefined ? {} : { order });
  });
}

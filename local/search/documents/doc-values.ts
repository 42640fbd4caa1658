/** The values of one document by which it is sorted, put into buckets and counted, as OpenSearch's doc values are. */
import type { ValueType } from "../../search-body";
import { compareTexts } from "../../search-order";
import type { Field } from "./fields";
import type { DocumentView } from "./view";

export type DocValue = string | number | bigint;

/** Undefined: a text, which has none. */
export function valueTypeOf(field: Field, keyword: boolean): ValueType | undefined {
  if (keyword) return "keyword";
  return field.type === "text" || field.type === "object" ? undefined : field.type;
}

/**
 * All values, the least first. Those of a keyword or an address are there once, numbers as often as they stand in the
 * document. An address is 32 hexadecimal digits, a boolean 0 or 1, a time milliseconds since 1970.
 */
export function docValues(view: DocumentView, field: Field, keyword: boolean): DocValue[] {
  if (keyword) return distinct(view.keywords(field)).sort(compareTexts);
  switch (field.type) {
    case "ip":
      return distinct(view.addresses(field)).sort();
    case "boolean":
      return view.flags(field).map(Number).sort();
    case "date":
      return dates(view, field).sort((a, b) => a - b);
    default:
      return view
        .numbers(field)
        .map(plainNumber)
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

/** In an index of the first format every document has been given a time. */
function dates(view: DocumentView, field: Field): number[] {
  return field.isTime && !field.someWithout ? [...view.timestamps()] : (view.numbers(field) as number[]);
}

/** Whole numbers that JavaScript's own can hold are such, so that equal ones are one key. */
export function plainNumber(value: bigint | number): bigint | number {
  if (typeof value === "number") return value === 0 ? 0 : value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function distinct<T>(values: readonly T[]): T[] {
  return values.length < 2 ? [...values] : [...new Set(values)];
}

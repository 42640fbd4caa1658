/** The values of a field in one index, as aggregations read them. */
import { QueryError } from "../../../rooms";
import type { ValueType } from "../../../search-body";
import { parseDate, parseDateMath } from "../../documents/dates";
import { type DocValue, docValues, plainNumber, valueTypeOf } from "../../documents/doc-values";
import type { FieldMap } from "../../documents/fields";
import { integerPart, parseBoolean, parseDouble } from "../../documents/values";
import { targetOf } from "../../query/targets";
import type { Searched } from "../searched";
import { type Placed, refuseText } from "./hit-order";

export type ReadValues = (document: Placed) => DocValue[];

/** How the values of a field are read in one index; no field, no values. */
export function valuesIn(
  { row, fields }: Searched,
  name: string,
  aggregation: string,
  allowed?: readonly string[],
): { readonly type: ValueType | undefined; readonly read: ReadValues } {
  const found = typeOf(fields, name);
  if (found === undefined) return { type: undefined, read: () => [] };
  if (allowed !== undefined && !allowed.includes(found))
    throw illegal(`Field [${name}] of type [${found}] is not supported for aggregation [${aggregation}]`);
  if (name === "_index") return { type: found, read: () => [row.name] };
  if (name === "_id") return { type: found, read: ({ id }) => [id] };
  const { field, keyword } = targetOf(fields, name) as NonNullable<ReturnType<typeof targetOf>>;
  return { type: found, read: (document) => docValues(document.view(), field, keyword) };
}

function typeOf(fields: FieldMap, name: string): ValueType | undefined {
  if (name === "_index" || name === "_id") return "keyword";
  const target = targetOf(fields, name);
  if (target === undefined || target.field.type === "object") return undefined;
  return valueTypeOf(target.field, target.keyword) ?? refuseText(name);
}

export function valueOfType(text: string, type: ValueType | undefined): DocValue {
  switch (type) {
    case "long": {
      const number = integerPart(text);
      return number === undefined ? notANumber(text) : plainNumber(number.whole);
    }
    case "boolean": {
      const flag = parseBoolean(text);
      return typeof flag === "boolean" ? Number(flag) : notANumber(text);
    }
    case "date":
      return parseDate(text)?.firstMs ?? notANumber(text);
    case "double":
    case "float": {
      const number = parseDouble(text);
      return typeof number === "string" ? notANumber(text) : number;
    }
    default:
      return text;
  }
}

/** Of an end of a range. */
export function numberOf(text: string, type: ValueType | undefined, nowMs: number): number {
  if (type === "date") return parseDateMath(text, nowMs)?.firstMs ?? notANumber(text);
  const number = parseDouble(text);
  return typeof number === "string" ? notANumber(text) : number;
}

function notANumber(text: string): never {
  throw new QueryError({ type: "number_format_exception", message: `For input string: "${text}"` });
}

export function illegal(message: string): QueryError {
  return new QueryError({ type: "illegal_argument_exception", message });
}

/** Hits as JSON text, each document digit for digit as it came. */
import { addressText } from "../../address-text";
import { patternMatcher } from "../../name-pattern";
import { QueryError } from "../../rooms";
import type { FieldValues, Found, FoundHit } from "../../search-body";
import type { SearchBody } from "../body/search-request";
import type { WantedField } from "../body/source";
import { sourceText } from "./source-filter";
import { isoTime, timeFormat } from "./times";
import { shortFloat, sortValueOf, toJson } from "./values";

/** `"total":{…},"max_score":null,"hits":[…]` in braces. There are no scores. */
export function hitsText(found: Found, body: SearchBody, totalAsNumber: boolean): string {
  const hits = found.hits.map((hit) => hitText(hit, found, body));
  return `{${totalText(found.total, body.trackTotal, totalAsNumber)}"max_score":null,"hits":[${hits.join(",")}]}`;
}

function totalText(total: number, most: number | undefined, asNumber: boolean): string {
  if (most === undefined) return "";
  if (asNumber) return `"total":${total},`;
  const isMore = total > most;
  return `"total":{"value":${isMore ? most : total},"relation":"${isMore ? "gte" : "eq"}"},`;
}

function hitText(hit: FoundHit, { sortTypes }: Found, { source, fields, sort }: SearchBody): string {
  const text = sourceText(hit.source, source);
  const members = [
    `"_index":${JSON.stringify(hit._index)}`,
    `"_id":${JSON.stringify(hit._id)}`,
    `"_score":null`,
    ...(hit.ignored === undefined ? [] : [`"_ignored":${JSON.stringify(hit.ignored)}`]),
    ...(text === undefined ? [] : [`"_source":${text}`]),
    ...(hit.fields === undefined || hit.fields.length === 0
      ? []
      : [`"fields":${toJson(fieldsOf(hit.fields, fields))}`]),
    ...(sort.length === 0
      ? []
      : [`"sort":${toJson(hit.sort.map((value, at) => sortValueOf(value, sortTypes[at])))}`]),
  ];
  return `{${members.join(",")}}`;
}

function fieldsOf(found: readonly FieldValues[], wanted: readonly WantedField[]): object {
  return Object.fromEntries(
    found.map(({ name, type, values }) => {
      const format = wanted.find(({ field }) => patternMatcher(field)(name))?.format;
      if (format !== undefined && type !== "date")
        throw new QueryError({
          type: "illegal_argument_exception",
          message: `Field [${name}] of type [${type}] doesn't support formats.`,
        });
      const write =
        type === "date" ? (format === undefined ? isoTime : timeFormat(format, undefined)) : undefined;
      return [name, values.map((value) => (write ? write(Number(value)) : fieldValue(value, type)))];
    }),
  );
}

function fieldValue(value: FieldValues["values"][number], type: string): unknown {
  if (type === "ip") return addressText(value as string);
  return type === "float" ? shortFloat(value as number) : value;
}

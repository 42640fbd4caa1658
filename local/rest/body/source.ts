/** `_source` and `fields` of a body: which part of the documents is wanted. */
import { content, notTaken, parsing } from "../errors";
import { isObject, isScalar, textOf, tokenOf, unknownKey } from "./reading";

export interface SourceParts {
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
}

/** False: none of it; true: all. */
export type WantedSource = boolean | SourceParts;

export function readSource(value: unknown): WantedSource {
  if (value === undefined) return true;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return partsOf([value], []);
  if (Array.isArray(value)) return partsOf(textsIn(value), []);
  if (!isObject(value))
    throw parsing(`Expected one of [VALUE_BOOLEAN, START_OBJECT] but found [${tokenOf(value)}]`);
  let includes: string[] = [];
  let excludes: string[] = [];
  for (const [key, names] of Object.entries(value)) {
    const list = Array.isArray(names) ? textsIn(names) : isScalar(names) ? [textOf(names)] : [];
    if (key === "includes" || key === "include") includes = list;
    else if (key === "excludes" || key === "exclude") excludes = list;
    else throw unknownKey(names, key);
  }
  return partsOf(includes, excludes);
}

export function partsOf(includes: readonly string[], excludes: readonly string[]): WantedSource {
  return includes.length + excludes.length === 0 ? true : { includes, excludes };
}

const textsIn = (values: readonly unknown[]): string[] => values.filter(isScalar).map(textOf);

export interface WantedField {
  /** Name or pattern. */
  readonly field: string;
  readonly format: string | undefined;
}

export function readFields(value: unknown): WantedField[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw unknownKey(value, "fields");
  return value.map((one: unknown) => {
    if (typeof one === "string") return { field: one, format: undefined };
    if (!isObject(one)) throw parsing(`Expected [START_OBJECT] but found [${tokenOf(one)}]`);
    const { field, format, include_unmapped: unmapped, ...rest } = one;
    const [other] = Object.keys(rest);
    if (other !== undefined) throw content(`[docvalues_field] unknown field [${other}]`);
    if (unmapped === true) throw notTaken("fields.include_unmapped");
    if (!isScalar(field)) throw content("Required [field]");
    return { field: textOf(field), format: isScalar(format) ? textOf(format) : undefined };
  });
}

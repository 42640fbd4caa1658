/** Which fields of an index a name in a query stands for. */
import { patternMatcher } from "../../name-pattern";
import type { Field, FieldMap } from "../documents/fields";
import type { Target } from "./field-conditions";

/** Undefined: no document has this field. */
export function targetOf(fields: FieldMap, name: string): Target | undefined {
  const field = fields.byPath(name);
  if (field !== undefined) return { field, keyword: field.type === "keyword" };
  if (!name.endsWith(".keyword")) return undefined;
  const text = fields.byPath(name.slice(0, -".keyword".length));
  return text?.type === "text" && text.hasKeyword ? { field: text, keyword: true } : undefined;
}

/** The fields a name stands for; undefined or `*`: all. */
export function targetsOf(fields: FieldMap, name: string | undefined): Target[] {
  if (name !== undefined && !name.includes("*")) {
    const target = targetOf(fields, name);
    return target === undefined || target.field.type === "object" ? [] : [target];
  }
  // A name in general never stands for a field with a leading underscore.
  const named = fields.list.filter(({ path, type }) => type !== "object" && !path.startsWith("_"));
  const all = named.flatMap(withKeyword);
  if (name === undefined || name === "*") return all;
  const matches = patternMatcher(name);
  return all.filter((target) => matches(nameOf(target)));
}

export function nameOf({ field, keyword }: Target): string {
  return keyword && field.type === "text" ? `${field.path}.keyword` : field.path;
}

function withKeyword(field: Field): Target[] {
  if (field.type === "keyword") return [{ field, keyword: true }];
  const target = { field, keyword: false };
  return field.hasKeyword ? [target, { field, keyword: true }] : [target];
}

/** The fields below an object. */
export function leavesOf(field: Field): Field[] {
  return [...(field.children?.values() ?? [])].flatMap((child) =>
    child.type === "object" ? leavesOf(child) : [child],
  );
}

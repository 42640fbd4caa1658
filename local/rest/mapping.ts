/** What fields there are: `_mapping` and `_field_caps`. */
import { patternMatcher } from "../name-pattern";
import type { MappedField, MappedIndex } from "../search-body";
import { invalid } from "./errors";

interface Properties {
  [name: string]: { properties?: Properties; [key: string]: unknown };
}

/** `{"INDEX":{"mappings":{"properties":{…}}}}` */
export function mappingsAnswer(indices: readonly MappedIndex[]): object {
  return Object.fromEntries(
    indices.map(({ index, fields }) => [index, { mappings: { properties: propertiesOf(fields) } }]),
  );
}

function propertiesOf(fields: readonly MappedField[]): Properties {
  const top: Properties = {};
  for (const field of fields) {
    const names = field.path.split(".");
    const last = names.pop() as string;
    let at = top;
    for (const name of names) {
      const above = at[name] ?? {};
      at[name] = above;
      above.properties ??= {};
      at = above.properties;
    }
    const known = at[last]?.properties;
    at[last] = field.type === "object" ? { properties: known ?? {} } : mappingOf(field);
  }
  return top;
}

function mappingOf(field: MappedField): Record<string, unknown> {
  const { type, keyword, ignoreAbove, ignoreMalformed, copies = {} } = field;
  const fields = {
    ...(keyword === undefined ? {} : { keyword: { type: "keyword", ...aboveOf(keyword.ignoreAbove) } }),
    ...Object.fromEntries(Object.entries(copies).map(([name, copied]) => [name, { type: copied }])),
  };
  return {
    type,
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...aboveOf(ignoreAbove),
    ...(ignoreMalformed === true ? { ignore_malformed: true } : {}),
  };
}

const aboveOf = (units: number | undefined): object => (units === undefined ? {} : { ignore_above: units });

interface Capability {
  readonly type: string;
  readonly indices: string[];
}

/** Where a field has several types, each says which indices have it so. */
export function fieldCapsAnswer(indices: readonly MappedIndex[], fields: string | undefined): object {
  if (fields === undefined || fields === "") throw invalid("no fields specified");
  const wanted = fields.split(",").map(patternMatcher);
  const found = new Map<string, Map<string, Capability>>();
  const note = (name: string, type: string, index: string) => {
    if (!wanted.some((matches) => matches(name))) return;
    const types = found.get(name) ?? new Map<string, Capability>();
    found.set(name, types);
    const known = types.get(type);
    if (known === undefined) types.set(type, { type, indices: [index] });
    else known.indices.push(index);
  };
  for (const { index, fields: own } of indices) {
    for (const [name, type] of metadata) note(name, type, index);
    for (const { path, type, keyword, copies = {} } of own) {
      note(path, type, index);
      for (const [name, copied] of Object.entries(copies)) note(`${path}.${name}`, copied, index);
      if (keyword !== undefined) note(`${path}.keyword`, "keyword", index);
    }
  }
  return {
    indices: indices.map(({ index }) => index),
    fields: Object.fromEntries([...found].map(([name, types]) => [name, capabilities(types)])),
  };
}

const metadata = [
  ["_id", "_id"],
  ["_index", "_index"],
] as const;

function capabilities(types: ReadonlyMap<string, Capability>): object {
  const isOne = types.size === 1;
  return Object.fromEntries(
    [...types.values()].map(({ type, indices }) => [
      type,
      {
        type,
        searchable: type !== "object",
        aggregatable: type !== "object" && type !== "text",
        ...(isOne ? {} : { indices }),
      },
    ]),
  );
}

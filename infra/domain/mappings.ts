/** The `mappings` of the index template, made from the types that the processors declare. */
import type { FieldType, FieldTypes } from "../../processors/field-types";

/** Words for search, and the whole for grouping, left out where it is longer than a keyword may be. */
const text = { type: "text", fields: { keyword: { type: "keyword", ignore_above: 1024 } } };

/** A value that is none of its type costs the field, not the document: the index lists the field in `_ignored`. */
const malformable = (type: FieldType) => ({ type, ignore_malformed: true });

/** A field that nobody declared may be a number here and words there: those are found as text. */
const number = { ...malformable("double"), fields: { text: { type: "text" } } };

const fieldMappings: Readonly<Record<FieldType, object>> = {
  text,
  keyword: { type: "keyword", ignore_above: 1024 },
  boolean: { type: "boolean" },
  long: malformable("long"),
  double: malformable("double"),
  date: malformable("date"),
  ip: malformable("ip"),
};

/**
 * A document with an impossible `@timestamp` is refused alone, or it would be in no range of time. Fields without a
 * declared type: no date is guessed, as a later `-` would be refused; whole numbers are doubles, or `0` in the first
 * document would cut off all later halves.
 */
export function mappingsOf(fields: FieldTypes): object {
  return {
    date_detection: false,
    dynamic_templates: [
      { strings: { match_mapping_type: "string", mapping: text } },
      { booleans: { match_mapping_type: "boolean", mapping: text } },
      { whole_numbers: { match_mapping_type: "long", mapping: number } },
      { numbers: { match_mapping_type: "double", mapping: number } },
    ],
    properties: propertiesOf({ message: "text", ...fields }, { "@timestamp": { type: "date" } }),
  };
}

type Properties = Record<string, { properties?: Properties }>;

function propertiesOf(fields: FieldTypes, fixed: Readonly<Record<string, object>>): object {
  const root: Properties = {};
  for (const [path, type] of Object.entries(fields)) {
    const parts = path.split(".");
    const name = parts.pop()!;
    let level = root;
    for (const part of parts) {
      const above = level[part] ?? { properties: {} };
      level[part] = above;
      if (!above.properties) throw new Error(`The field ${path} is below another field, which is no object.`);
      level = above.properties;
    }
    if (level[name]) throw new Error(`The field ${path} is above another field, so it is an object.`);
    level[name] = fieldMappings[type];
  }
  return { ...root, ...fixed };
}

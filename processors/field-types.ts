/** The types of the fields that processors write: index template, embedded index and documentation take them from here. */

/**
 * How an index reads a field. `text` is words with a copy as a whole below `.keyword`; `keyword` is the whole alone;
 * `long` and `double` are numbers; `ip` knows networks and ranges.
 */
export type FieldType = "text" | "long" | "double" | "date" | "ip" | "boolean" | "keyword";

/** Types by dotted path, `{"source.ip":"ip","http.response.status_code":"long"}`. */
export type FieldTypes = Readonly<Record<string, FieldType>>;

/**
 * The fields of all processors of a chain together. A path has one type: two processors that disagree about it are
 * an error of the program, not of a setting, and so is a field below one that is no object.
 */
export function fieldsOf(chain: readonly { readonly fields?: FieldTypes }[]): FieldTypes {
  const fields: Record<string, FieldType> = {};
  for (const { fields: own = {} } of chain) {
    for (const [path, type] of Object.entries(own)) {
      if ((fields[path] ?? type) !== type) {
        throw new Error(`The field ${path} is ${fields[path]} for one processor and ${type} for another.`);
      }
      fields[path] = type;
    }
  }
  return fields;
}

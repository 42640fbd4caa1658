/**
 * The fields of one index and their types. The first value of a field fixes its type, as dynamic mapping does:
 * strings become text with an exact `.keyword` beside it, whole numbers long, others float. `@timestamp` is a date.
 */

export type FieldType = "object" | "text" | "long" | "float" | "boolean" | "date";

/** As the index template of the project sets `index.mapping.total_fields.limit`. */
export const totalFieldsLimit = 2000;
/** `index.mapping.depth.limit`. */
export const depthLimit = 20;
/** `ignore_above` of `.keyword`, in UTF-16 units, as the index template of the project sets it. */
export const keywordLimit = 1024;
/** Fields that the index template of the project maps itself; `message` has no `.keyword`. */
const mappedFields: readonly (readonly [name: string, type: FieldType])[] = [
  ["@timestamp", "date"],
  ["message", "text"],
];
/** A text field with no more distinct values than this has them all listed, so that exact questions cost nothing. */
const listedValuesLimit = 1000;
const listedValueUnits = 256;
/** Over all fields of the index. */
const listedValuesTotal = 20_000;

export class Field {
  readonly children: Map<string, Field> | undefined;
  /** Whether the whole values can be asked for, as `.keyword`. */
  readonly hasKeyword: boolean;
  /** `id:` before each of the field's tokens. */
  readonly tokenPrefix: string;
  /** The distinct exact values with their numbers; undefined once there are too many to list. */
  values: Map<string, number> | undefined;
  /** The document, counted by the analyzer, in which the field was seen last; and with a `.keyword` value. */
  seenAt = 0;
  keywordAt = 0;

  constructor(
    readonly id: number,
    readonly path: string,
    readonly type: FieldType,
    readonly depth: number,
  ) {
    this.children = type === "object" ? new Map() : undefined;
    this.tokenPrefix = `${id.toString(36)}:`;
    this.hasKeyword = type === "text" && path !== "message";
    this.values = this.hasKeyword ? new Map() : undefined;
  }
}

/** A field as it is kept in the file. */
interface StoredField {
  readonly path: string;
  readonly type: FieldType;
  readonly values?: readonly string[];
}

export interface StoredFields {
  readonly fields: readonly StoredField[];
  /** The field ids of each shape, the way {@link FieldMap.shape} wants them. */
  readonly shapes: readonly string[];
}

/** Documents of the same fields share a shape; the first shape of an index costs no token at all. */
const shapesLimit = 300;

export class FieldMap {
  readonly root = new Field(-1, "", "object", 0);
  /** By id. */
  readonly list: Field[] = [];
  readonly shapes = new Map<string, number>();
  /** What counts against the limit: a text field counts twice, for its `.keyword`. */
  total = 0;
  private listed = 0;
  /** Whether anything changed since it was stored. */
  changed = false;

  constructor(stored?: StoredFields) {
    if (stored === undefined) {
      for (const [name, type] of mappedFields) this.add(this.root, name, type);
      return;
    }
    for (const { path, type, values } of stored.fields) {
      const names = path.split(".");
      const parent = names.slice(0, -1).reduce((at, name) => at.children?.get(name) as Field, this.root);
      const field = this.add(parent, names.at(-1) as string, type);
      if (field.values !== undefined) {
        if (values === undefined) field.values = undefined;
        else for (const [number, value] of values.entries()) field.values.set(value, number);
        this.listed += values?.length ?? 0;
      }
    }
    for (const [number, shape] of stored.shapes.entries()) this.shapes.set(shape, number);
    this.changed = false;
  }

  store(): StoredFields {
    const fields = this.list.map(({ path, type, values }) =>
      values === undefined ? { path, type } : { path, type, values: [...values.keys()] },
    );
    return { fields, shapes: [...this.shapes.keys()] };
  }

  add(parent: Field, name: string, type: FieldType): Field {
    const path = parent === this.root ? name : `${parent.path}.${name}`;
    const field = new Field(this.list.length, path, type, parent.depth + 1);
    this.list.push(field);
    parent.children?.set(name, field);
    this.total += field.hasKeyword ? 2 : 1;
    this.changed = true;
    return field;
  }

  /** Takes back the fields added since the list had `length` entries. */
  truncate(length: number): void {
    while (this.list.length > length) {
      const field = this.list.pop() as Field;
      this.total -= field.hasKeyword ? 2 : 1;
      const names = field.path.split(".");
      const parent = names
        .slice(0, -1)
        .reduce<Field | undefined>((at, name) => at?.children?.get(name), this.root);
      parent?.children?.delete(names.at(-1) as string);
    }
  }

  byPath(path: string): Field | undefined {
    let at: Field | undefined = this.root;
    for (const name of path.split(".")) at = at?.children?.get(name);
    return at;
  }

  /** The number of an exact value in the field's list; undefined when the field is not listed (any more). */
  valueNumber(field: Field, value: string): number | undefined {
    const values = field.values as Map<string, number>;
    const known = values.get(value);
    if (known !== undefined) return known;
    this.changed = true;
    if (
      values.size >= listedValuesLimit ||
      value.length > listedValueUnits ||
      this.listed >= listedValuesTotal
    ) {
      this.listed -= values.size;
      field.values = undefined;
      return undefined;
    }
    values.set(value, values.size);
    this.listed++;
    return values.size - 1;
  }

  /** The number of a shape; undefined when there are too many shapes to tell apart. */
  shape(key: string): number | undefined {
    const known = this.shapes.get(key);
    if (known !== undefined) return known;
    if (this.shapes.size >= shapesLimit) return undefined;
    this.changed = true;
    this.shapes.set(key, this.shapes.size);
    return this.shapes.size - 1;
  }
}

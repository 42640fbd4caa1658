/**
 * The fields of one index. A template names some with their types; of all others the first value fixes the type, as
 * dynamic mapping does.
 */
import { type FrequentWord, FrequentWords, type StoredWords, type WordsInAll } from "./frequent-words";
import { type FieldSpec, type FieldType, firstMapping, type IndexMapping } from "./mapping";
import { type ListedInAll, type StoredValues, ValueList } from "./value-list";

/** The field of the names of fields whose value did not fit. */
export const ignoredFields = "_ignored";

export class Field {
  readonly children: Map<string, Field> | undefined;
  readonly type: FieldType;
  /** The time that every document has, which is a column of its own and no token. */
  readonly isTime: boolean;
  readonly ignoreMalformed: boolean;
  /** Whether whole values can be asked for: those of a `keyword`, or as `.keyword` beside a text. */
  readonly hasKeyword: boolean;
  /** Longer whole values are left out, in UTF-16 units. */
  readonly ignoreAbove: number;
  /** The id in base 36. */
  readonly number: string;
  /** `id:` before each of the field's tokens. */
  readonly tokenPrefix: string;
  /** `id=` before the number of a listed value. */
  readonly valuePrefix: string;
  /** `id"` before the beginning of any other. */
  readonly beginningPrefix: string;
  /** The whole values, where they can be asked for. */
  values: ValueList | undefined;
  /** The document, counted by the analyzer, in which the field was seen last; and with a `.keyword` value. */
  seenAt = 0;
  keywordAt = 0;
  /** The same values read otherwise; each is a field of its own in {@link FieldMap.list}. */
  readonly copies: Field[] = [];
  /** Of a text: words whose pairs have tokens. */
  frequent = new FrequentWords();

  constructor(
    readonly id: number,
    readonly path: string,
    readonly spec: FieldSpec,
    readonly depth: number,
    /** The field whose values these are, where this one is a copy. */
    readonly copyOf?: Field,
  ) {
    this.type = spec.type;
    this.isTime = path === "@timestamp";
    this.children = spec.type === "object" ? new Map() : undefined;
    this.number = id.toString(36);
    this.tokenPrefix = `${this.number}:`;
    this.valuePrefix = `${this.number}=`;
    this.beginningPrefix = `${this.number}"`;
    this.ignoreMalformed = spec.ignoreMalformed === true;
    this.hasKeyword = spec.hasKeyword === true || spec.type === "keyword";
    this.ignoreAbove = spec.ignoreAbove ?? Number.MAX_SAFE_INTEGER;
    this.values = this.hasKeyword ? new ValueList() : undefined;
  }

  /** Whether a document may have several values of it: then its tokens do not tell how often each is there. */
  maybeSeveral = false;

  /** Of the time: whether there is a document without one of its own. */
  someWithout = false;

  /** What counts against the limit of fields: a text counts twice where there is a `.keyword` beside it. */
  get weight(): number {
    if (this.path === ignoredFields) return 0;
    return this.type === "text" && this.hasKeyword ? 2 : 1;
  }
}

/** A field as it is kept in the file. */
interface StoredField extends Omit<FieldSpec, "type">, StoredValues {
  readonly path: string;
  readonly type: FieldType;
  /** Whether a document has several values of it. */
  readonly several?: boolean;
  readonly frequent?: StoredWords;
}

export interface StoredFields {
  readonly fields: readonly StoredField[];
  /** The field ids of each shape, the way {@link FieldMap.shape} wants them. */
  readonly shapes: readonly string[];
  /** Of an index that was made before templates were read: none. */
  readonly mapping?: Omit<IndexMapping, "fields">;
  /** Whether there is a document without a time of its own. */
  readonly timeless?: boolean;
  /** Whether it is noted of each field if a document has several values of it, which earlier versions did not. */
  readonly severalNoted?: boolean;
}

/** Of a field without more than a path and a type, which was made before templates were read. */
function firstSpec({ path, type }: StoredField): FieldSpec {
  if (type !== "text") return { type };
  return path === "message" ? { type } : firstMapping.dynamic.string;
}

/** Documents of the same fields share a shape; the first shape of an index costs no token at all. */
const shapesLimit = 300;
const noShapes: ReadonlySet<number> = new Set();

export class FieldMap {
  readonly root = new Field(-1, "", { type: "object" }, 0);
  /** By id. */
  readonly list: Field[] = [];
  readonly shapes = new Map<string, number>();
  readonly mapping: Omit<IndexMapping, "fields">;
  /** What counts against the limit. */
  total = 0;
  private readonly shapesBySign = new Map<string, Set<number>>();
  private shapesRead = 0;
  private readonly inAll: ListedInAll & WordsInAll = { listed: 0, words: 0 };
  private severalNoted = true;
  /** Whether anything changed since it was stored. */
  changed = false;

  private constructor(mapping: Omit<IndexMapping, "fields">) {
    this.mapping = mapping;
  }

  /** Of a new index. */
  static of({ fields, ...mapping }: IndexMapping): FieldMap {
    const map = new FieldMap(mapping);
    for (const [path, spec] of Object.entries(fields)) map.addPath(path, spec);
    return map;
  }

  static restore(stored: StoredFields): FieldMap {
    const { fields, shapes, mapping = firstMapping, timeless = false, severalNoted = false } = stored;
    const map = new FieldMap(mapping);
    map.severalNoted = severalNoted;
    for (const stored of fields) {
      const {
        path,
        values,
        firstValues,
        full,
        small,
        frequent = [],
        several = !severalNoted,
        ...spec
      } = stored;
      // A copy is there with the field that it is one of.
      const field =
        map.byPath(path) ?? map.addPath(path, mapping !== firstMapping ? spec : firstSpec(stored));
      field.maybeSeveral = several;
      field.frequent = FrequentWords.restore(frequent);
      map.inAll.words += field.frequent.size;
      if (field.values === undefined) continue;
      field.values = ValueList.restore(stored);
      map.inAll.listed += field.values.numbers.size;
    }
    for (const [number, shape] of shapes.entries()) map.shapes.set(shape, number);
    map.time.someWithout = timeless;
    map.changed = false;
    return map;
  }

  store(): StoredFields {
    const { severalNoted, mapping } = this;
    const fields = this.list.map(({ path, spec, values, maybeSeveral, frequent }) => ({
      ...{ path, ...spec, ...values?.store() },
      ...(frequent.size > 0 ? { frequent: frequent.store() } : {}),
      ...(severalNoted && maybeSeveral ? { several: true } : {}),
    }));
    const shapes = [...this.shapes.keys()];
    if (mapping === firstMapping) return { fields, shapes };
    return { fields, shapes, mapping, timeless: this.time.someWithout, severalNoted };
  }

  get time(): Field {
    return this.root.children?.get("@timestamp") as Field;
  }

  /** A document without a time of its own. In an index of the first format, all have been given one. */
  noteTimeless(): void {
    if (this.time.someWithout || this.mapping === firstMapping) return;
    this.time.someWithout = true;
    this.changed = true;
  }

  /** A document has a second value of a field. */
  noteSeveral(field: Field): void {
    if (field.maybeSeveral) return;
    field.maybeSeveral = true;
    this.changed = true;
  }

  private addPath(path: string, spec: FieldSpec): Field {
    const names = path.split(".");
    const parent = names
      .slice(0, -1)
      .reduce((at, name) => at.children?.get(name) ?? this.add(at, name, { type: "object" }), this.root);
    return this.add(parent, names.at(-1) as string, spec);
  }

  add(parent: Field, name: string, spec: FieldSpec): Field {
    const path = parent === this.root ? name : `${parent.path}.${name}`;
    const field = new Field(this.list.length, path, spec, parent.depth + 1);
    this.list.push(field);
    parent.children?.set(name, field);
    this.total += field.weight;
    for (const [copyName, copySpec] of Object.entries(spec.copies ?? {})) {
      const copy = new Field(this.list.length, `${path}.${copyName}`, copySpec, parent.depth + 1, field);
      this.list.push(copy);
      field.copies.push(copy);
      this.total += copy.weight;
    }
    this.changed = true;
    return field;
  }

  /** The field of the names of ignored fields, made when it is needed first. */
  ignored(): Field {
    const spec: FieldSpec = { type: "keyword" };
    return this.root.children?.get(ignoredFields) ?? this.add(this.root, ignoredFields, spec);
  }

  /** Takes back the fields added since the list had `length` entries. */
  truncate(length: number): void {
    while (this.list.length > length) {
      const field = this.list.pop() as Field;
      this.total -= field.weight;
      const names = field.path.split(".");
      const parent = names
        .slice(0, -1)
        .reduce<Field | undefined>((at, name) => at?.children?.get(name), this.root);
      parent?.children?.delete(names.at(-1) as string);
    }
  }

  byPath(path: string): Field | undefined {
    let at: Field | undefined = this.root;
    for (const name of path.split("."))
      at = at?.children?.get(name) ?? at?.copies.find((copy) => copy.path === path);
    return at;
  }

  /** How many are listed of all texts. */
  get frequentWords(): number {
    return this.inAll.words;
  }

  /** Lists a word of a text whose pairs are written from record `since` on; undefined where no more are listed. */
  addFrequent(field: Field, word: string, since: number): FrequentWord | undefined {
    const listed = field.frequent.add(word, since, this.inAll);
    if (listed !== undefined) this.changed = true;
    return listed;
  }

  /** The number of a whole value in its field's list; undefined where it is none of the list. */
  valueNumber(values: ValueList, value: string): number | undefined {
    const { changes } = values;
    const number = values.numberOf(value, this.inAll);
    if (values.changes !== changes) this.changed = true;
    return number;
  }

  /** The same of the bytes of a value, which are ASCII. */
  valueNumberOfBytes(values: ValueList, bytes: Buffer, start: number, end: number): number | undefined {
    const { changes } = values;
    const number = values.numberOfBytes(bytes, start, end, this.inAll);
    if (values.changes !== changes) this.changed = true;
    return number;
  }

  /** A value of a field is too long to be a whole one, and has left its words alone. */
  noteOverlong({ values }: Field): void {
    if (values?.isInSmallLetters !== true) return;
    values.noteOtherLetters();
    this.changed = true;
  }

  /**
   * Shapes that have the sign of a field: its id, or its id behind a minus. Asked for each field of a question, so that
   * they are taken apart once.
   */
  shapesWith(sign: string): ReadonlySet<number> {
    if (this.shapesRead !== this.shapes.size) {
      this.shapesBySign.clear();
      for (const [key, number] of this.shapes) {
        for (const one of key.split(",")) {
          const numbers = this.shapesBySign.get(one);
          if (numbers === undefined) this.shapesBySign.set(one, new Set([number]));
          else numbers.add(number);
        }
      }
      this.shapesRead = this.shapes.size;
    }
    return this.shapesBySign.get(sign) ?? noShapes;
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
